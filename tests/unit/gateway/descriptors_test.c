/* SPDX-License-Identifier: Apache-2.0 */
/* descriptors.c and comments.c. */
#include "descriptors.h"

#include "fixture.h"

#include <google/protobuf/descriptor.upb.h>

/* A set of one file that imports `import` (or nothing, when it is NULL) and has `message`. */
static gateway_text set_of(upb_Arena *arena, const char *name, const char *import,
                           const char *message) {
  google_protobuf_FileDescriptorSet *set = google_protobuf_FileDescriptorSet_new(arena);
  google_protobuf_FileDescriptorProto *file =
      google_protobuf_FileDescriptorSet_add_file(set, arena);
  google_protobuf_FileDescriptorProto_set_name(file, text(name));
  if (import != NULL) {
    gateway_text *imports = google_protobuf_FileDescriptorProto_resize_dependency(file, 1, arena);
    imports[0] = text(import);
  }
  google_protobuf_DescriptorProto *proto =
      google_protobuf_FileDescriptorProto_add_message_type(file, arena);
  google_protobuf_DescriptorProto_set_name(proto, text(message));
  size_t size = 0;
  const char *bytes = google_protobuf_FileDescriptorSet_serialize(set, arena, &size);
  return gateway_text_of(bytes, size);
}

/* A broken set would crash at start, or be served in part without a word. */
static void test_refused(void **state) {
  gateway_fixture *fixture = *state;
  upb_Arena *arena = fixture->arena;
  gateway_descriptors *descriptors = gateway_descriptors_new();
  mesh_status status = gateway_descriptors_add(descriptors, text("\xff\xff"), "x.binpb");
  assert_string_equal(status.message,
                      "x.binpb is not a serialized google.protobuf.FileDescriptorSet");
  status =
      gateway_descriptors_add(descriptors, set_of(arena, "a.proto", "b.proto", "A"), "x.binpb");
  assert_string_equal(
      status.message,
      "x.binpb: 'a.proto' imports 'b.proto', which is not there before it (make the "
      "set with protoc --include_imports)");
  assert_ok(gateway_descriptors_add(descriptors, set_of(arena, "b.proto", NULL, "A"), "x.binpb"));
  status = gateway_descriptors_add(descriptors, set_of(arena, "b.proto", NULL, "B"), "y.binpb");
  assert_string_equal(status.message,
                      "y.binpb: 'b.proto' is not the file of that name that is there already");
  status = gateway_descriptors_add(descriptors, set_of(arena, "c.proto", NULL, "A"), "y.binpb");
  assert_string_equal(status.message,
                      "y.binpb: 'c.proto' is not a good file: duplicate symbol 'A'");
  status = gateway_descriptors_add_file(descriptors, "/nowhere/x.binpb");
  assert_string_equal(status.message, "/nowhere/x.binpb: No such file or directory");
  status = gateway_descriptors_add_file(descriptors, "/");
  assert_int_equal(status.code, GRPC_STATUS_INVALID_ARGUMENT);
  gateway_descriptors_destroy(descriptors);
}

/* Two sets could not share an import. */
static void test_shared_imports(void **state) {
  gateway_fixture *fixture = *state;
  upb_Arena *arena = fixture->arena;
  gateway_descriptors *descriptors = gateway_descriptors_new();
  assert_ok(gateway_descriptors_add(descriptors, set_of(arena, "b.proto", NULL, "B"), "1"));
  assert_ok(gateway_descriptors_add(descriptors, set_of(arena, "b.proto", NULL, "B"), "2"));
  assert_int_equal(gateway_descriptors_file_count(descriptors), 1);
  assert_ok(gateway_descriptors_add(descriptors,
                                    set_of(arena, "google/protobuf/any.proto", NULL, "Any"), "3"));
  gateway_builtin_add_base(descriptors);
  assert_ok(gateway_descriptors_add(
      descriptors, set_of(arena, "google/protobuf/any.proto", NULL, "Other"), "4"));
  gateway_descriptors_destroy(descriptors);
}

static void assert_comment(gateway_fixture *fixture, const char *name, const char *comment) {
  assert_text_equal(gateway_descriptors_comment(fixture->descriptors, text(name)), comment);
}

/* OpenAPI would have no descriptions, or wrong ones. */
static void test_comments(void **state) {
  assert_comment(*state, "test.library.v1.Library", "Books on shelves.");
  assert_comment(*state, "test.library.v1.Library.GetBook", "One book.");
  assert_comment(*state, "test.library.v1.Library.CreateBook", "");
  assert_comment(*state, "test.library.v1.Book.name", "Its path, \"shelves/1/books/2\".");
  assert_comment(*state, "test.library.v1.Color", "The colours there are.");
  assert_comment(*state, "test.library.v1.Color.BLUE", "Like the sky.");
  assert_comment(*state, "test.library.v1.WatchBooksRequest.fail_with",
                 "Ends with this gRPC code after `count` books; 0 is a good end.");
  assert_comment(*state, "nothing", "");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      fixture_test(test_refused),
      fixture_test(test_shared_imports),
      fixture_test(test_comments),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
