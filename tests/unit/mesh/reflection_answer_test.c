/* SPDX-License-Identifier: Apache-2.0 */
#include "reflection_answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mesh/test/reflection/library.mesh.h"

typedef Grpc__Reflection__V1__ServerReflectionRequest reflection_request;
typedef Grpc__Reflection__V1__ServerReflectionResponse reflection_response;

#define CASE(name) GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_##name
#define RESPONSE(name) GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_##name

static const char *const services[] = {"a.Service", "b.Service"};

/* One stream to the facts of library.proto. */
typedef struct stream {
  mesh_arena *arena;
  mesh__descriptor_index *index;
  mesh__reflection_facts facts;
  bool sent[3];
  mesh__reflection_asker asker;
  reflection_request request;
} stream;

static int set_up(void **state) {
  stream *self = calloc(1, sizeof *self);
  self->arena = mesh_arena_new();
  self->index = mesh__descriptor_index_new();
  mesh_status status = mesh__descriptor_index_add(
      self->index, mesh_test_reflection_library_service_descriptor.file_descriptor_set);
  assert_true(mesh_status_is_ok(&status));
  mesh__descriptor_index_finish(self->index);
  assert_int_equal(mesh__descriptor_index_count(self->index), 3);
  self->facts = (mesh__reflection_facts){self->index, services, 2};
  self->asker = (mesh__reflection_asker){&self->facts, self->sent};
  grpc__reflection__v1__server_reflection_request__init(&self->request);
  self->request.host = (char *)(uintptr_t) "localhost";
  *state = self;
  return 0;
}

static int tear_down(void **state) {
  stream *self = *state;
  mesh__descriptor_index_destroy(self->index);
  mesh_arena_destroy(self->arena);
  free(self);
  return 0;
}

static const reflection_response *answer(stream *self) {
  const reflection_response *response =
      mesh__reflection_answer(&self->asker, &self->request, self->arena);
  /* What cannot be packed cannot be sent. */
  size_t size = grpc__reflection__v1__server_reflection_response__get_packed_size(response);
  uint8_t *bytes = mesh_arena_alloc(self->arena, size);
  assert_int_equal(grpc__reflection__v1__server_reflection_response__pack(response, bytes), size);
  return response;
}

/* The questions that are strings share a union. */
static const reflection_response *ask(stream *self, int question, const char *text) {
  self->request.message_request_case =
      (Grpc__Reflection__V1__ServerReflectionRequest__MessageRequestCase)question;
  self->request.file_by_filename = (char *)(uintptr_t)text;
  return answer(self);
}

static const reflection_response *ask_extension(stream *self, const char *type, int32_t number) {
  static Grpc__Reflection__V1__ExtensionRequest extension;
  grpc__reflection__v1__extension_request__init(&extension);
  extension.containing_type = (char *)(uintptr_t)type;
  extension.extension_number = number;
  self->request.message_request_case = CASE(FILE_CONTAINING_EXTENSION);
  self->request.file_containing_extension = &extension;
  return answer(self);
}

static void assert_error(const reflection_response *response, grpc_status_code code) {
  assert_int_equal(response->message_response_case, RESPONSE(ERROR_RESPONSE));
  assert_int_equal(response->error_response->error_code, code);
  assert_true(response->error_response->error_message[0] != '\0');
}

static void assert_files(const reflection_response *response, size_t count, const char *first) {
  assert_int_equal(response->message_response_case, RESPONSE(FILE_DESCRIPTOR_RESPONSE));
  assert_int_equal(response->file_descriptor_response->n_file_descriptor_proto, count);
  ProtobufCBinaryData file = response->file_descriptor_response->file_descriptor_proto[0];
  assert_memory_equal(file.data + 2, first, strlen(first)); /* behind the tag and size of `name` */
}

/* A client that pipelines could not tell which answer belongs to which question. */
static void test_the_request_comes_back(void **state) {
  stream *self = *state;
  const reflection_response *response = ask(self, CASE(LIST_SERVICES), "*");
  assert_string_equal(response->valid_host, "localhost");
  assert_ptr_equal(response->original_request, &self->request);
}

/* `grpcurl list` would not show what the server has. */
static void test_services_are_listed(void **state) {
  const reflection_response *response = ask(*state, CASE(LIST_SERVICES), "");
  assert_int_equal(response->message_response_case, RESPONSE(LIST_SERVICES_RESPONSE));
  assert_int_equal(response->list_services_response->n_service, 2);
  assert_string_equal(response->list_services_response->service[1]->name, "b.Service");
}

/* A file would come without what it imports, or its imports again and again. */
static void test_imports_come_once_for_each_stream(void **state) {
  const char *library = "mesh/test/reflection/library.proto";
  assert_files(ask(*state, CASE(FILE_BY_FILENAME), library), 3, library);
  assert_files(ask(*state, CASE(FILE_BY_FILENAME), library), 1, library);
  const char *base = "mesh/test/reflection/base.proto";
  assert_files(ask(*state, CASE(FILE_BY_FILENAME), base), 1, base);
}

/* The file asked for would be left out because it came before as an import. */
static void test_what_is_asked_for_always_comes(void **state) {
  const char *base = "mesh/test/reflection/base.proto";
  const char *library = "mesh/test/reflection/library.proto";
  assert_files(ask(*state, CASE(FILE_BY_FILENAME), base), 1, base);
  assert_files(ask(*state, CASE(FILE_CONTAINING_SYMBOL), "mesh.test.reflection.Book"), 2, library);
  assert_files(ask(*state, CASE(FILE_CONTAINING_SYMBOL), "mesh.test.reflection.Base"), 1, base);
}

/* Extensions would be unknown to tools. */
static void test_extensions_are_answered(void **state) {
  const char *library = "mesh/test/reflection/library.proto";
  assert_files(ask_extension(*state, "mesh.test.reflection.Base", 101), 3, library);
  assert_error(ask_extension(*state, "mesh.test.reflection.Base", 100), GRPC_STATUS_NOT_FOUND);
  const char *base = "mesh.test.reflection.Base";
  const reflection_response *response = ask(*state, CASE(ALL_EXTENSION_NUMBERS_OF_TYPE), base);
  assert_int_equal(response->message_response_case, RESPONSE(ALL_EXTENSION_NUMBERS_RESPONSE));
  assert_string_equal(response->all_extension_numbers_response->base_type_name, base);
  assert_int_equal(response->all_extension_numbers_response->n_extension_number, 3);
  assert_int_equal(response->all_extension_numbers_response->extension_number[2], 120);
  response = ask(*state, CASE(ALL_EXTENSION_NUMBERS_OF_TYPE), "mesh.test.reflection.Book");
  assert_int_equal(response->all_extension_numbers_response->n_extension_number, 0);
}

/* A question about something unknown would end the stream, or look like an answer. */
static void test_what_is_unknown_is_not_found(void **state) {
  assert_error(ask(*state, CASE(FILE_BY_FILENAME), "no.proto"), GRPC_STATUS_NOT_FOUND);
  assert_error(ask(*state, CASE(FILE_CONTAINING_SYMBOL), "no.Symbol"), GRPC_STATUS_NOT_FOUND);
  assert_error(ask(*state, CASE(ALL_EXTENSION_NUMBERS_OF_TYPE), "no.Type"), GRPC_STATUS_NOT_FOUND);
}

/* A request without a question would be answered with nothing, or crash. */
static void test_no_question_is_an_error(void **state) {
  stream *self = *state;
  assert_error(answer(self), GRPC_STATUS_INVALID_ARGUMENT);
}

/* A question of a later version would look like a mistake of the client. */
static void test_an_unknown_question_is_unimplemented(void **state) {
  stream *self = *state;
  ProtobufCMessageUnknownField field = {
      .tag = 99, .wire_type = PROTOBUF_C_WIRE_TYPE_VARINT, .len = 1, .data = (uint8_t[]){1}};
  self->request.base.n_unknown_fields = 1;
  self->request.base.unknown_fields = &field;
  assert_error(answer(self), GRPC_STATUS_UNIMPLEMENTED);
}

/* Megabytes of a name would be looked for, and sent back. */
static void test_long_names_are_refused(void **state) {
  stream *self = *state;
  char name[MESH__REFLECTION_NAME_MAX + 2];
  memset(name, 'a', sizeof name);
  name[MESH__REFLECTION_NAME_MAX + 1] = '\0';
  const reflection_response *response = ask(self, CASE(FILE_CONTAINING_SYMBOL), name);
  assert_error(response, GRPC_STATUS_INVALID_ARGUMENT);
  assert_null(response->original_request);
  assert_error(ask_extension(self, name, 1), GRPC_STATUS_INVALID_ARGUMENT);
  self->request.host = name;
  assert_error(ask(self, CASE(LIST_SERVICES), ""), GRPC_STATUS_INVALID_ARGUMENT);

  name[MESH__REFLECTION_NAME_MAX] = '\0';
  assert_error(ask(self, CASE(FILE_CONTAINING_SYMBOL), name), GRPC_STATUS_NOT_FOUND);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_the_request_comes_back, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_services_are_listed, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_imports_come_once_for_each_stream, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_what_is_asked_for_always_comes, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_extensions_are_answered, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_what_is_unknown_is_not_found, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_no_question_is_an_error, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_an_unknown_question_is_unimplemented, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_long_names_are_refused, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
