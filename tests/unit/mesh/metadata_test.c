/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "metadata.h"

static mesh_bytes bytes_of(const char *text) {
  mesh_bytes bytes = {text, strlen(text)};
  return bytes;
}

/* Repeated headers would lose all but one value, or prefixes would match. */
static void test_nth_value(void **state) {
  (void)state;
  mesh_arena *arena = mesh_arena_new();
  mesh__headers headers = {0};
  mesh__headers_add(&headers, arena, "a", bytes_of("1"));
  mesh__headers_add(&headers, arena, "ab", bytes_of("2"));
  mesh__headers_add(&headers, arena, "a", bytes_of("3"));
  mesh_metadata metadata = {{headers.count, headers.count, headers.items}};
  mesh_bytes value;
  assert_int_equal(mesh_metadata_count(&metadata), 3);
  assert_true(mesh_metadata_get(&metadata, "a", 0, &value));
  assert_memory_equal(value.data, "1", 1);
  assert_true(mesh_metadata_get(&metadata, "a", 1, &value));
  assert_memory_equal(value.data, "3", 1);
  assert_false(mesh_metadata_get(&metadata, "a", 2, &value));
  assert_false(mesh_metadata_get(&metadata, "abc", 0, &value));
  assert_memory_equal(mesh_metadata_at(&metadata, 1).key.data, "ab", 2);
  mesh__headers_clean_up(&headers);
  mesh_arena_destroy(arena);
}

/* A call without metadata would crash who looks. */
static void test_null(void **state) {
  (void)state;
  mesh_bytes value;
  assert_int_equal(mesh_metadata_count(NULL), 0);
  assert_false(mesh_metadata_get(NULL, "a", 0, &value));
}

/* The entries that are fine would be lost with one that is not; or gRPC would abort on it. */
static void test_illegal_entries(void **state) {
  (void)state;
  static const struct {
    const char *key;
    mesh_bytes value;
    bool is_legal;
  } cases[] = {
      {"fine", {"text", 4}, true},
      {"fine-bin", {"\x00\xff", 2}, true},
      {"empty", {"", 0}, true},
      {"Upper", {"x", 1}, false},
      {"new\nline", {"x", 1}, false},
      {"value", {"\x01", 1}, false},
      {"utf8", {"\xc3\xa4", 2}, false},
      {"grpc-status", {"0", 1}, false},
      {"grpc-retry-pushback-ms", {"0", 1}, true},
      {":path", {"x", 1}, false},
  };
  mesh_arena *arena = mesh_arena_new();
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    mesh__headers headers = {0};
    mesh__headers_add(&headers, arena, cases[i].key, cases[i].value);
    assert_int_equal(headers.count, cases[i].is_legal ? 1 : 0);
    assert_int_equal(headers.illegal_key == NULL, cases[i].is_legal);
    mesh__headers_clean_up(&headers);
  }
  mesh_arena_destroy(arena);
}

/* Many entries would be lost where the array grows. */
static void test_growth(void **state) {
  (void)state;
  mesh_arena *arena = mesh_arena_new();
  mesh__headers headers = {0};
  for (int i = 0; i < 100; i++) {
    mesh__headers_add(&headers, arena, "key", bytes_of(mesh_arena_printf(arena, "%d", i)));
  }
  assert_int_equal(headers.count, 100);
  for (int i = 0; i < 100; i++) {
    char expected[8];
    snprintf(expected, sizeof expected, "%d", i);
    assert_string_equal(mesh__slice_to_text(arena, &headers.items[i].value), expected);
  }
  mesh__headers_clean_up(&headers);
  mesh_arena_destroy(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_nth_value),
      cmocka_unit_test(test_null),
      cmocka_unit_test(test_illegal_entries),
      cmocka_unit_test(test_growth),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
