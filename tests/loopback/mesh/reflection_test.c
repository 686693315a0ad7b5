/* SPDX-License-Identifier: Apache-2.0 */
/* Server reflection over a real socket, in both versions. */
#include <grpc/reflection/v1/reflection.mesh.h>
#include <grpc/reflection/v1alpha/reflection.mesh.h>
#include <stdio.h>
#include <string.h>

#include "harness.h"

#define CASE(name) GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_##name
#define RESPONSE(name) GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_##name

static const mesh_test_v1_echo_service handlers = {.echo = NULL};
static harness fixture;

static int set_up(void **state) {
  (void)state;
  harness_options options = {.handlers = &handlers};
  harness_start(&fixture, &options);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  harness_stop(&fixture);
  return 0;
}

/* A stream, and the last answer in words. */
typedef struct stream {
  mesh_client_call *call;
  char answer[512];
  bool is_sent;
  bool is_answered;
  bool has_ended;
  grpc_status_code code;
} stream;

static void on_finished(const mesh_status *status, void *data) {
  stream *self = data;
  self->has_ended = true;
  self->code = status->code;
  harness_done(&fixture);
}

static void list(stream *self, const Grpc__Reflection__V1__ListServiceResponse *services) {
  self->answer[0] = '\0';
  for (size_t i = 0; i < services->n_service; i++) {
    strcat(self->answer, services->service[i]->name);
    strcat(self->answer, "\n");
  }
}

static void on_answer(const mesh_status *status,
                      const Grpc__Reflection__V1__ServerReflectionResponse *response, void *data) {
  stream *self = data;
  (void)status;
  if (response == NULL) {
    return;
  }
  switch ((int)response->message_response_case) {
  case RESPONSE(LIST_SERVICES_RESPONSE):
    list(self, response->list_services_response);
    break;
  case RESPONSE(FILE_DESCRIPTOR_RESPONSE):
    snprintf(self->answer, sizeof self->answer, "%zu files",
             response->file_descriptor_response->n_file_descriptor_proto);
    break;
  case RESPONSE(ERROR_RESPONSE):
    snprintf(self->answer, sizeof self->answer, "error %d",
             (int)response->error_response->error_code);
    break;
  }
  self->is_answered = true;
  harness_done(&fixture);
}

static void on_sent(bool ok, void *data) {
  stream *self = data;
  assert_true(ok);
  self->is_sent = true;
  harness_done(&fixture);
}

static void open(stream *self) {
  memset(self, 0, sizeof *self);
  self->call =
      grpc_reflection_v1_server_reflection_info(fixture.client, fixture.context, on_finished, self);
}

static const char *ask(stream *self, int question, const char *text) {
  Grpc__Reflection__V1__ServerReflectionRequest request =
      GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__INIT;
  request.message_request_case =
      (Grpc__Reflection__V1__ServerReflectionRequest__MessageRequestCase)question;
  request.file_by_filename = harness_text(text);
  grpc_reflection_v1_server_reflection_info_client_send(self->call, &request, on_sent, self);
  grpc_reflection_v1_server_reflection_info_client_receive(self->call, on_answer, self);
  self->is_sent = false;
  self->is_answered = false;
  while (!self->is_sent || !self->is_answered) {
    harness_run(&fixture);
  }
  return self->answer;
}

static void wait_for_end(stream *self, grpc_status_code code) {
  while (!self->has_ended) {
    harness_run(&fixture);
  }
  assert_int_equal(self->code, code);
}

static void close_stream(stream *self) {
  mesh_client_call_close_send(self->call);
  grpc_reflection_v1_server_reflection_info_client_receive(self->call, on_answer, self);
  wait_for_end(self, GRPC_STATUS_OK);
}

/* A tool would miss services, health's and reflection's own among them, or be sent away after one
 * question. */
static void test_a_stream_answers_in_turn(void **state) {
  (void)state;
  stream self;
  open(&self);
  assert_string_equal(ask(&self, CASE(LIST_SERVICES), ""),
                      "grpc.health.v1.Health\n"
                      "grpc.reflection.v1.ServerReflection\n"
                      "grpc.reflection.v1alpha.ServerReflection"
                      "\n"
                      "mesh.test.v1.EchoService\n");
  assert_string_equal(ask(&self, CASE(FILE_CONTAINING_SYMBOL), "mesh.test.v1.EchoService.Chat"),
                      "1 files");
  assert_string_equal(ask(&self, CASE(FILE_CONTAINING_SYMBOL), "no.Symbol"), "error 5");
  assert_string_equal(ask(&self, CASE(FILE_BY_FILENAME), "grpc/health/v1/health.proto"), "1 files");
  close_stream(&self);
}

/* Tools of before 2023 ask v1alpha only. The answer is read as v1: the bytes are the same. */
static void test_v1alpha_is_the_same(void **state) {
  (void)state;
  mesh_method alpha = grpc_reflection_v1_server_reflection_descriptor.methods[0];
  alpha.path = grpc_reflection_v1alpha_server_reflection_descriptor.methods[0].path;
  assert_string_equal(alpha.path, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo");
  stream self = {.call = NULL};
  self.call = mesh_client_stream(fixture.client, fixture.context, &alpha, on_finished, &self);
  assert_string_equal(
      ask(&self, CASE(FILE_CONTAINING_SYMBOL), "grpc.reflection.v1alpha.ExtensionRequest"),
      "1 files");
  close_stream(&self);
}

/* A stream whose client just waits would hold up the drain. */
static void test_a_drain_ends_idle_streams(void **state) {
  (void)state;
  stream self;
  open(&self);
  assert_string_equal(ask(&self, CASE(FILE_CONTAINING_SYMBOL), "no.Symbol"), "error 5");
  mesh_server_drain(fixture.server, 3600 * 1000, NULL, NULL);
  wait_for_end(&self, GRPC_STATUS_UNAVAILABLE);
}

/* Anyone could make the server hold streams without end. (Which of them is the last to arrive, only
 * gRPC knows.) */
static void test_streams_are_bounded(void **state) {
  (void)state;
  enum { MOST = 100 };
  static stream all[MOST + 1];
  for (int i = 0; i <= MOST; i++) {
    open(&all[i]);
  }
  harness_run(&fixture);
  int refused = 0;
  for (int i = 0; i <= MOST; i++) {
    if (all[i].has_ended) {
      refused++;
      assert_int_equal(all[i].code, GRPC_STATUS_RESOURCE_EXHAUSTED);
      continue;
    }
    mesh_client_call_cancel(all[i].call);
    wait_for_end(&all[i], GRPC_STATUS_CANCELLED);
  }
  assert_int_equal(refused, 1);
}

/* A server that must not tell would tell. */
static void test_reflection_can_be_disabled(void **state) {
  (void)state;
  harness_options options = {.handlers = &handlers, .server = {.disable_reflection = true}};
  harness_start(&fixture, &options);
  stream self;
  open(&self);
  wait_for_end(&self, GRPC_STATUS_UNIMPLEMENTED);
  harness_stop(&fixture);
}

/* A service without generated code: bytes in, bytes out. */
static const mesh_method raw_methods[] = {{.name = "Do", .path = "/made.up.Service/Do"}};

/* FileDescriptorSet{file{name: "made/up.proto" package: "made.up" service{name: "Service"}}} */
static const char raw_set[] = "\x0a\x23"
                              "\x0a\x0d"
                              "made/up.proto"
                              "\x12\x07"
                              "made.up"
                              "\x32\x09"
                              "\x0a\x07"
                              "Service";

/* A service whose types are known at run time only could not be described; or one of which nothing
 * is known not even be listed. */
static void test_services_made_at_run_time(void **state) {
  (void)state;
  mesh_service_descriptor descriptor = {
      "made.up.Service", raw_methods, 1, {raw_set, sizeof raw_set - 1}};
  const mesh_service service = {&descriptor, NULL, NULL};
  harness_options options = {.handlers = &handlers, .extra = &service};
  for (int i = 0; i < 2; i++) {
    harness_start(&fixture, &options);
    stream self;
    open(&self);
    assert_non_null(strstr(ask(&self, CASE(LIST_SERVICES), ""), "made.up.Service\n"));
    assert_string_equal(ask(&self, CASE(FILE_CONTAINING_SYMBOL), "made.up.Service"),
                        i == 0 ? "1 files" : "error 5");
    close_stream(&self);
    harness_stop(&fixture);
    descriptor.file_descriptor_set = (mesh_bytes){NULL, 0};
  }
}

/* A server would start with descriptors that it cannot read, and nobody would know why tools fail.
 */
static void test_broken_descriptors_are_refused(void **state) {
  (void)state;
  mesh_loop *loop = mesh_loop_new();
  mesh_server_options options = MESH_SERVER_OPTIONS_INIT;
  options.loops = &loop;
  options.loop_count = 1;
  options.address = "127.0.0.1:0";
  mesh_server *server = NULL;
  mesh_status status = mesh_server_new(&options, &server);
  assert_true(mesh_status_is_ok(&status));
  const mesh_service_descriptor descriptor = {
      "made.up.Service", raw_methods, 1, {raw_set, sizeof raw_set - 2}};
  status = mesh_server_add(server, (mesh_service){&descriptor, NULL, NULL});
  assert_int_equal(status.code, GRPC_STATUS_INVALID_ARGUMENT);
  assert_non_null(strstr(status.message, "made.up.Service"));
  mesh_server_destroy(server);
  mesh_loop_destroy(loop);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_a_stream_answers_in_turn, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_v1alpha_is_the_same, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_drain_ends_idle_streams, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_streams_are_bounded, set_up, tear_down),
      cmocka_unit_test(test_reflection_can_be_disabled),
      cmocka_unit_test(test_services_made_at_run_time),
      cmocka_unit_test(test_broken_descriptors_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
