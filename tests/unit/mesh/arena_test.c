/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

/* Unaligned memory would crash on some machines and is undefined on all. */
static void test_alignment(void **state) {
  (void)state;
  mesh_arena *arena = mesh_arena_new();
  for (size_t size = 0; size < 200; size++) {
    void *memory = mesh_arena_alloc(arena, size);
    assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
  }
  mesh_arena_destroy(arena);
}

/* Blocks are recycled: what an earlier call left would show in the next one. */
static void test_zeroed_when_recycled(void **state) {
  (void)state;
  mesh__block_pool pool = {0};
  for (int round = 0; round < 3; round++) {
    mesh_arena *arena = mesh__arena_new_in(&pool);
    for (int i = 0; i < 100; i++) {
      unsigned char *memory = mesh_arena_alloc(arena, 100);
      for (int j = 0; j < 100; j++) {
        assert_int_equal(memory[j], 0);
      }
      memset(memory, 0xff, 100);
    }
    mesh_arena_destroy(arena);
  }
  mesh__block_pool_clean_up(&pool);
}

/* Two allocations would share memory where blocks meet, or large ones begin. */
static void test_no_overlap(void **state) {
  (void)state;
  static const size_t sizes[] = {1, 16, 1000, 1024, 1025, 4000, 4096, 5000, 100000};
  enum { COUNT = sizeof sizes / sizeof sizes[0], ROUNDS = 20 };
  unsigned char *memory[COUNT * ROUNDS];
  mesh_arena *arena = mesh_arena_new();
  for (size_t i = 0; i < COUNT * ROUNDS; i++) {
    memory[i] = mesh_arena_alloc(arena, sizes[i % COUNT]);
    memset(memory[i], (int)(i % 251) + 1, sizes[i % COUNT]);
  }
  for (size_t i = 0; i < COUNT * ROUNDS; i++) {
    for (size_t j = 0; j < sizes[i % COUNT]; j++) {
      assert_int_equal(memory[i][j], (i % 251) + 1);
    }
  }
  mesh_arena_destroy(arena);
}

/* The helpers would lose a byte or the NUL. */
static void test_copies(void **state) {
  (void)state;
  mesh_arena *arena = mesh_arena_new();
  char *copy = mesh_arena_copy(arena, "a\0b", 3);
  assert_memory_equal(copy, "a\0b", 4);
  assert_string_equal(mesh_arena_copy(arena, NULL, 0), "");
  assert_string_equal(mesh_arena_strdup(arena, "text"), "text");
  assert_string_equal(mesh_arena_printf(arena, "%d-%s", 42, "x"), "42-x");
  char *padded = mesh_arena_printf(arena, "%5000d", 7);
  assert_int_equal(strlen(padded), 5000);
  mesh_arena_destroy(arena);
}

static char order[8];

static void note(void *data) {
  strcat(order, data);
}

/* What depends on something else would be freed after it. */
static void test_deferred_last_first(void **state) {
  (void)state;
  mesh_arena *arena = mesh_arena_new();
  order[0] = '\0';
  mesh_arena_defer(arena, note, mesh_arena_strdup(arena, "a"));
  mesh_arena_defer(arena, note, mesh_arena_strdup(arena, "b"));
  mesh_arena_defer(arena, note, mesh_arena_strdup(arena, "c"));
  assert_string_equal(order, "");
  mesh_arena_destroy(arena);
  assert_string_equal(order, "cba");
}

/* A half-built owner could not be destroyed. */
static void test_destroy_null(void **state) {
  (void)state;
  mesh_arena_destroy(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_alignment),           cmocka_unit_test(test_zeroed_when_recycled),
      cmocka_unit_test(test_no_overlap),          cmocka_unit_test(test_copies),
      cmocka_unit_test(test_deferred_last_first), cmocka_unit_test(test_destroy_null),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
