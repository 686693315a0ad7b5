/* SPDX-License-Identifier: Apache-2.0 */
/* What no protoc would send, and what golden files do not show. */
#include "generate.h"

#include <google/protobuf/compiler/plugin.pb-c.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef Google__Protobuf__Compiler__CodeGeneratorRequest request_message;
typedef Google__Protobuf__Compiler__CodeGeneratorResponse response_message;
typedef Google__Protobuf__FileDescriptorProto file_message;
typedef Google__Protobuf__DescriptorProto message_message;
typedef Google__Protobuf__MethodDescriptorProto method_message;
typedef Google__Protobuf__ServiceDescriptorProto service_message;

/* A request for one file, "a.proto", with one message and one service of one method. */
typedef struct plugin_run {
  gen_pool *pool;
  message_message message, *messages[1];
  method_message method, *methods[1];
  service_message service, *services[1];
  file_message file, imported, *files[2];
  char *to_generate[1];
  char *dependencies[1];
  request_message request;
} plugin_run;

/* ---- a protoc-gen-c of our own ---- */

static char child_program[64];
static size_t child_services;
static bool child_works;
static response_message child_response;

static bool run_child(gen_pool *pool, const char *program, const gen_text *request_bytes,
                      gen_text *out_answer) {
  snprintf(child_program, sizeof child_program, "%s", program);
  const request_message *request = google__protobuf__compiler__code_generator_request__unpack(
      gen_pool_allocator(pool), request_bytes->size, (const uint8_t *)request_bytes->data);
  assert_non_null(request);
  assert_null(request->parameter);
  for (size_t i = 0; i < request->n_proto_file; i++) {
    child_services += request->proto_file[i]->n_service;
  }
  *out_answer = gen_text_make(pool);
  if (!child_works) {
    gen_text_printf(out_answer, "cannot run it");
    return false;
  }
  out_answer->size =
      google__protobuf__compiler__code_generator_response__get_packed_size(&child_response);
  out_answer->data = gen_pool_alloc(pool, out_answer->size + 1);
  google__protobuf__compiler__code_generator_response__pack(&child_response,
                                                            (uint8_t *)out_answer->data);
  return true;
}

static int set_up(void **state) {
  static plugin_run fixture;
  fixture.pool = gen_pool_new();
  google__protobuf__descriptor_proto__init(&fixture.message);
  fixture.message.name = (char *)"Thing";
  fixture.messages[0] = &fixture.message;
  google__protobuf__method_descriptor_proto__init(&fixture.method);
  fixture.method.name = (char *)"Get";
  fixture.method.input_type = fixture.method.output_type = (char *)".p.v1.Thing";
  fixture.methods[0] = &fixture.method;
  google__protobuf__service_descriptor_proto__init(&fixture.service);
  fixture.service.name = (char *)"Things";
  fixture.service.n_method = 1;
  fixture.service.method = fixture.methods;
  fixture.services[0] = &fixture.service;
  google__protobuf__file_descriptor_proto__init(&fixture.imported);
  fixture.imported.name = (char *)"b.proto";
  google__protobuf__file_descriptor_proto__init(&fixture.file);
  fixture.file.name = (char *)"a.proto";
  fixture.file.package = (char *)"p.v1";
  fixture.file.syntax = (char *)"proto3";
  fixture.file.n_message_type = fixture.file.n_service = 1;
  fixture.file.message_type = fixture.messages;
  fixture.file.service = fixture.services;
  fixture.files[0] = &fixture.imported;
  fixture.files[1] = &fixture.file;
  fixture.to_generate[0] = (char *)"a.proto";
  google__protobuf__compiler__code_generator_request__init(&fixture.request);
  fixture.request.n_file_to_generate = 1;
  fixture.request.file_to_generate = fixture.to_generate;
  fixture.request.n_proto_file = 2;
  fixture.request.proto_file = fixture.files;
  child_program[0] = '\0';
  child_services = 0;
  child_works = true;
  google__protobuf__compiler__code_generator_response__init(&child_response);
  *state = &fixture;
  return 0;
}

static int tear_down(void **state) {
  plugin_run *fixture = *state;
  gen_pool_destroy(fixture->pool);
  return 0;
}

static response_message *run(plugin_run *fixture) {
  size_t size =
      google__protobuf__compiler__code_generator_request__get_packed_size(&fixture->request);
  uint8_t *bytes = gen_pool_alloc(fixture->pool, size);
  google__protobuf__compiler__code_generator_request__pack(&fixture->request, bytes);
  gen_text response;
  assert_true(gen_generate(fixture->pool, bytes, size, run_child, &response));
  response_message *message = google__protobuf__compiler__code_generator_response__unpack(
      gen_pool_allocator(fixture->pool), response.size, (const uint8_t *)response.data);
  assert_non_null(message);
  return message;
}

/* The files a build rule waits for would not come, or under other names; and protoc would refuse
 * files with "optional" for a plugin that does not say it knows it. */
static void test_one_file_makes_two(void **state) {
  response_message *response = run(*state);
  assert_null(response->error);
  assert_int_equal(response->n_file, 2);
  assert_string_equal(response->file[0]->name, "a.mesh.h");
  assert_string_equal(response->file[1]->name, "a.mesh.c");
  assert_int_equal(response->supported_features & 1, 1);
}

/* A method whose message is nowhere would be generated with a type of no name. */
static void test_missing_message_is_named(void **state) {
  plugin_run *fixture = *state;
  fixture->method.output_type = (char *)".p.v1.Nothing";
  response_message *response = run(fixture);
  assert_string_equal(response->error,
                      "a.proto: p.v1.Things.Get uses the message .p.v1.Nothing, which is nowhere");
  assert_int_equal(response->n_file, 0);
}

/* A file of a syntax that came later would be generated as if it were proto3. */
static void test_unknown_syntax_is_named(void **state) {
  plugin_run *fixture = *state;
  fixture->file.syntax = (char *)"editions";
  assert_string_equal(run(fixture)->error, "a.proto: syntax \"editions\" is not supported; use "
                                           "\"proto3\" or \"proto2\"");
}

/* A file asked for and not described would be left out without a word. */
static void test_missing_file_is_named(void **state) {
  plugin_run *fixture = *state;
  fixture->to_generate[0] = (char *)"c.proto";
  assert_string_equal(run(fixture)->error, "c.proto: is not in the request");
}

/* One run would show one mistake at a time. */
static void test_all_errors_are_told(void **state) {
  plugin_run *fixture = *state;
  fixture->request.parameter = (char *)"loud,,qualify";
  fixture->method.input_type = NULL;
  assert_string_equal(run(fixture)->error,
                      "unknown option \"loud\"; there are \"qualify\", \"messages\" and "
                      "\"messages=PROTOC_GEN_C\"\n"
                      "a.proto: p.v1.Things.Get uses the message , which is nowhere");
}

/* The bytes that reflection will serve, read back out of the generated source. */
static Google__Protobuf__FileDescriptorSet *descriptor_set(gen_pool *pool, const char *source) {
  const char *at = strstr(source, "file_descriptor_set[] = {");
  assert_non_null(at);
  at = strchr(at, '{') + 1;
  uint8_t *bytes = gen_pool_alloc(pool, strlen(source));
  size_t size = 0;
  for (at += strspn(at, " \n"); *at != '}'; at += strspn(at, " ,\n")) {
    bytes[size++] = (uint8_t)strtoul(at, (char **)&at, 10);
  }
  return google__protobuf__file_descriptor_set__unpack(gen_pool_allocator(pool), size, bytes);
}

/* Reflection would miss an import, or carry a file that nobody imports, or everybody's comments. */
static void test_descriptor_set_is_what_is_imported(void **state) {
  plugin_run *fixture = *state;
  Google__Protobuf__SourceCodeInfo info = GOOGLE__PROTOBUF__SOURCE_CODE_INFO__INIT;
  fixture->file.source_code_info = &info;
  response_message *response = run(fixture);
  Google__Protobuf__FileDescriptorSet *set =
      descriptor_set(fixture->pool, response->file[1]->content);
  assert_int_equal(set->n_file, 1);
  assert_string_equal(set->file[0]->name, "a.proto");
  assert_null(set->file[0]->source_code_info);

  fixture->dependencies[0] = (char *)"b.proto";
  fixture->file.n_dependency = 1;
  fixture->file.dependency = fixture->dependencies;
  response = run(fixture);
  set = descriptor_set(fixture->pool, response->file[1]->content);
  assert_int_equal(set->n_file, 2);
  assert_string_equal(set->file[0]->name, "b.proto");
}

/* Builds would not be reproducible. */
static void test_the_same_request_makes_the_same_bytes(void **state) {
  response_message *first = run(*state);
  response_message *second = run(*state);
  assert_string_equal(first->file[0]->content, second->file[0]->content);
  assert_string_equal(first->file[1]->content, second->file[1]->content);
}

/* A method Default would make a header that no compiler takes; and the messages would not be there.
 */
static void test_messages_come_from_protoc_gen_c_without_services(void **state) {
  plugin_run *fixture = *state;
  Google__Protobuf__Compiler__CodeGeneratorResponse__File made =
      GOOGLE__PROTOBUF__COMPILER__CODE_GENERATOR_RESPONSE__FILE__INIT;
  Google__Protobuf__Compiler__CodeGeneratorResponse__File *all_made[] = {&made};
  made.name = (char *)"a.pb-c.h";
  child_response.n_file = 1;
  child_response.file = all_made;
  fixture->request.parameter = (char *)"messages";
  response_message *response = run(fixture);
  assert_string_equal(child_program, "protoc-gen-c");
  assert_int_equal(child_services, 0);
  assert_int_equal(response->n_file, 3);
  assert_string_equal(response->file[0]->name, "a.mesh.h");
  assert_string_equal(response->file[2]->name, "a.pb-c.h");
}

/* Another protoc-gen-c than the one in the PATH could not be used, or would be run unasked. */
static void test_messages_are_an_option(void **state) {
  plugin_run *fixture = *state;
  run(fixture);
  assert_string_equal(child_program, "");
  fixture->request.parameter = (char *)"messages=/opt/protoc-gen-c";
  run(fixture);
  assert_string_equal(child_program, "/opt/protoc-gen-c");
}

/* What is wrong with protoc-gen-c, or with the file in its eyes, would not be told. */
static void test_failures_of_protoc_gen_c_are_told(void **state) {
  plugin_run *fixture = *state;
  fixture->request.parameter = (char *)"messages";
  child_response.error = (char *)"a.proto: no";
  response_message *response = run(fixture);
  assert_string_equal(response->error, "protoc-gen-c: a.proto: no");
  assert_int_equal(response->n_file, 0);
  child_works = false;
  assert_string_equal(run(fixture)->error, "cannot run it");
}

/* Noise on stdin would crash the plugin rather than be refused. */
static void test_garbage_is_refused(void **state) {
  plugin_run *fixture = *state;
  gen_text response;
  assert_false(gen_generate(fixture->pool, (const uint8_t *)"\xff\xff\xff", 3, NULL, &response));
  assert_true(gen_generate(fixture->pool, (const uint8_t *)"", 0, NULL, &response));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_one_file_makes_two, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_missing_message_is_named, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_unknown_syntax_is_named, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_missing_file_is_named, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_all_errors_are_told, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_descriptor_set_is_what_is_imported, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_the_same_request_makes_the_same_bytes, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(test_messages_come_from_protoc_gen_c_without_services, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(test_messages_are_an_option, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_failures_of_protoc_gen_c_are_told, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_garbage_is_refused, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
