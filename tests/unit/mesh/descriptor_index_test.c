/* SPDX-License-Identifier: Apache-2.0 */
#include "descriptor_index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mesh/test/reflection/library.mesh.h"

#define LIBRARY_FILE "mesh/test/reflection/library.proto"
#define BASE_FILE "mesh/test/reflection/base.proto"
#define EMPTY_FILE "google/protobuf/empty.proto"

static mesh_bytes library_set(void) {
  return mesh_test_reflection_library_service_descriptor.file_descriptor_set;
}

static int set_up(void **state) {
  mesh__descriptor_index *index = mesh__descriptor_index_new();
  mesh_status status = mesh__descriptor_index_add(index, library_set());
  assert_true(mesh_status_is_ok(&status));
  mesh__descriptor_index_finish(index);
  *state = index;
  return 0;
}

static int tear_down(void **state) {
  mesh__descriptor_index_destroy(*state);
  return 0;
}

static const char *name_of(const mesh__descriptor_index *index, size_t file) {
  return file != MESH__NO_FILE ? mesh__descriptor_index_at(index, file)->name : "none";
}

/* A tool could not describe a kind of thing that a .proto declares. */
static void test_every_kind_of_symbol_is_found(void **state) {
  static const char *const symbols[] = {
      "mesh.test.reflection.Book",
      "mesh.test.reflection.Book.title",
      "mesh.test.reflection.Book.owner",
      "mesh.test.reflection.Book.library",
      "mesh.test.reflection.Book.Binding",
      "mesh.test.reflection.Book.CLOTH",
      "mesh.test.reflection.Book.Chapter.Page.number",
      "mesh.test.reflection.Book.ChaptersEntry",
      "mesh.test.reflection.Book.in_book",
      "mesh.test.reflection.Shelf",
      "mesh.test.reflection.SHELF_TOP",
      "mesh.test.reflection.weight",
      "mesh.test.reflection.LibraryService",
      "mesh.test.reflection.LibraryService.Borrow",
  };
  for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
    assert_string_equal(name_of(*state, mesh__descriptor_index_symbol(*state, symbols[i])),
                        LIBRARY_FILE);
  }
  size_t base = mesh__descriptor_index_symbol(*state, "mesh.test.reflection.Base");
  assert_string_equal(name_of(*state, base), BASE_FILE);
  size_t empty = mesh__descriptor_index_symbol(*state, "google.protobuf.Empty");
  assert_string_equal(name_of(*state, empty), EMPTY_FILE);
}

/* A name that is nearly one would be answered with a file that does not declare it. */
static void test_other_names_are_not_found(void **state) {
  static const char *const strangers[] = {
      "",
      "mesh.test.reflection",
      "mesh.test.reflection.Boo",
      "mesh.test.reflection.Book.",
      ".mesh.test.reflection.Book",
      "mesh.test.reflection.Book.Binding.CLOTH", /* its sibling's name is without Binding */
      "zzz",
  };
  for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
    assert_true(mesh__descriptor_index_symbol(*state, strangers[i]) == MESH__NO_FILE);
  }
  assert_true(mesh__descriptor_index_file(*state, "library.proto") == MESH__NO_FILE);
}

/* A client could not load a file, for want of what it imports. */
static void test_files_know_their_imports(void **state) {
  size_t library = mesh__descriptor_index_file(*state, LIBRARY_FILE);
  const mesh__descriptor_file *file = mesh__descriptor_index_at(*state, library);
  assert_int_equal(file->import_count, 2);
  assert_string_equal(name_of(*state, file->imports[0]), EMPTY_FILE);
  assert_string_equal(name_of(*state, file->imports[1]), BASE_FILE);
  size_t base = mesh__descriptor_index_file(*state, BASE_FILE);
  assert_int_equal(mesh__descriptor_index_at(*state, base)->import_count, 0);
}

/* What is sent would not be the file. */
static void test_bytes_are_those_of_the_file(void **state) {
  size_t base = mesh__descriptor_index_file(*state, BASE_FILE);
  mesh_bytes bytes = mesh__descriptor_index_at(*state, base)->bytes;
  const char *set = library_set().data;
  assert_true((const char *)bytes.data > set);
  assert_true((const char *)bytes.data + bytes.size <= set + library_set().size);
  assert_int_equal(((const uint8_t *)bytes.data)[0], 1 << 3 | 2); /* name */
  assert_memory_equal((const char *)bytes.data + 2, BASE_FILE, strlen(BASE_FILE));
}

/* Extensions could not be decoded by tools. */
static void test_extensions_are_found_by_number(void **state) {
  const char *base = "mesh.test.reflection.Base";
  assert_string_equal(name_of(*state, mesh__descriptor_index_extension(*state, base, 120)),
                      LIBRARY_FILE);
  assert_true(mesh__descriptor_index_extension(*state, base, 121) == MESH__NO_FILE);
  assert_true(mesh__descriptor_index_extension(*state, base, -1) == MESH__NO_FILE);
  assert_true(mesh__descriptor_index_extension(*state, "zzz", 120) == MESH__NO_FILE);

  size_t first = 0;
  size_t count = 0;
  assert_true(mesh__descriptor_index_extensions(*state, base, &first, &count));
  assert_int_equal(count, 3);
  assert_int_equal(mesh__descriptor_index_number(*state, first), 101);
  assert_int_equal(mesh__descriptor_index_number(*state, first + 1), 110);
  assert_int_equal(mesh__descriptor_index_number(*state, first + 2), 120);
}

/* A message without extensions would look like one that is not there, or the other way round. */
static void test_extensions_are_of_messages_only(void **state) {
  size_t first = 0;
  size_t count = 9;
  assert_true(
      mesh__descriptor_index_extensions(*state, "mesh.test.reflection.Book", &first, &count));
  assert_int_equal(count, 0);
  assert_false(
      mesh__descriptor_index_extensions(*state, "mesh.test.reflection.Shelf", &first, &count));
  assert_false(mesh__descriptor_index_extensions(*state, "zzz", &first, &count));
}

/* Services that import the same files would each add them again. */
static void test_files_are_there_once(void **state) {
  (void)state;
  mesh__descriptor_index *index = mesh__descriptor_index_new();
  for (int i = 0; i < 2; i++) {
    mesh_status status = mesh__descriptor_index_add(index, library_set());
    assert_true(mesh_status_is_ok(&status));
  }
  mesh__descriptor_index_finish(index);
  assert_int_equal(mesh__descriptor_index_count(index), 3);
  mesh__descriptor_index_destroy(index);
}

/* A server without any descriptors could not be asked. */
static void test_an_empty_index_knows_nothing(void **state) {
  (void)state;
  mesh__descriptor_index *index = mesh__descriptor_index_new();
  mesh_status status = mesh__descriptor_index_add(index, (mesh_bytes){NULL, 0});
  assert_true(mesh_status_is_ok(&status));
  mesh__descriptor_index_finish(index);
  size_t first = 0;
  size_t count = 0;
  assert_int_equal(mesh__descriptor_index_count(index), 0);
  assert_true(mesh__descriptor_index_file(index, "") == MESH__NO_FILE);
  assert_true(mesh__descriptor_index_symbol(index, "a") == MESH__NO_FILE);
  assert_true(mesh__descriptor_index_extension(index, "a", 1) == MESH__NO_FILE);
  assert_false(mesh__descriptor_index_extensions(index, "a", &first, &count));
  mesh__descriptor_index_destroy(index);
  mesh__descriptor_index_destroy(NULL);
}

/* A file that imports what no set has would point nowhere. */
static void test_missing_imports_are_left_out(void **state) {
  mesh__descriptor_index *index = mesh__descriptor_index_new();
  size_t library = mesh__descriptor_index_file(*state, LIBRARY_FILE);
  mesh_bytes file = mesh__descriptor_index_at(*state, library)->bytes;
  uint8_t *set = malloc(file.size + 3);
  set[0] = 1 << 3 | 2;
  set[1] = (uint8_t)(file.size & 0x7f) | 0x80;
  set[2] = (uint8_t)(file.size >> 7);
  memcpy(set + 3, file.data, file.size);
  mesh_status status = mesh__descriptor_index_add(index, (mesh_bytes){set, file.size + 3});
  assert_true(mesh_status_is_ok(&status));
  mesh__descriptor_index_finish(index);
  assert_int_equal(mesh__descriptor_index_count(index), 1);
  assert_int_equal(mesh__descriptor_index_at(index, 0)->import_count, 0);
  mesh__descriptor_index_destroy(index);
  free(set);
}

/* Bytes cut off anywhere would be read past their end, or taken. */
static void test_broken_sets_are_refused(void **state) {
  (void)state;
  mesh_bytes whole = library_set();
  size_t refused = 0;
  for (size_t size = 1; size < whole.size; size++) {
    void *part = malloc(size);
    memcpy(part, whole.data, size);
    mesh__descriptor_index *index = mesh__descriptor_index_new();
    mesh_status status = mesh__descriptor_index_add(index, (mesh_bytes){part, size});
    refused += mesh_status_is_ok(&status) ? 0 : 1;
    mesh__descriptor_index_destroy(index);
    free(part);
  }
  assert_int_equal(refused, whole.size - 1 - 2); /* but for the two ends of whole files */

  mesh__descriptor_index *index = mesh__descriptor_index_new();
  mesh_status status = mesh__descriptor_index_add(index, (mesh_bytes){"\x10\x01", 2});
  assert_int_equal(status.code, GRPC_STATUS_INVALID_ARGUMENT);
  mesh__descriptor_index_destroy(index);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_kind_of_symbol_is_found),
      cmocka_unit_test(test_other_names_are_not_found),
      cmocka_unit_test(test_files_know_their_imports),
      cmocka_unit_test(test_bytes_are_those_of_the_file),
      cmocka_unit_test(test_extensions_are_found_by_number),
      cmocka_unit_test(test_extensions_are_of_messages_only),
      cmocka_unit_test(test_files_are_there_once),
      cmocka_unit_test(test_an_empty_index_knows_nothing),
      cmocka_unit_test(test_missing_imports_are_left_out),
      cmocka_unit_test(test_broken_sets_are_refused),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
