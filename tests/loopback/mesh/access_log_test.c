/* SPDX-License-Identifier: Apache-2.0 */
/* The access log's lines, as they leave the process. */
#include <mesh/access_log.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

static void echo(mesh_call *call, const echo_request *request, void *self);
static const mesh_test_v1_echo_service handlers = {.echo = echo};
static harness fixture;
static FILE *log_file;
static int own_stderr;

/* What the next echo ends with. */
static grpc_status_code outcome;

static void echo(mesh_call *call, const echo_request *request, void *self) {
  (void)request;
  (void)self;
  mesh_call_fail(call, outcome, "said so");
}

static int set_up(void **state) {
  (void)state;
  harness_options options = {.handlers = &handlers, .server_interceptors = {&mesh_access_log}};
  harness_start(&fixture, &options);
  log_file = tmpfile();
  own_stderr = dup(STDERR_FILENO);
  dup2(fileno(log_file), STDERR_FILENO);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  dup2(own_stderr, STDERR_FILENO);
  close(own_stderr);
  fclose(log_file);
  harness_stop(&fixture);
  return 0;
}

static void on_reply(const mesh_status *status, const ProtobufCMessage *reply, mesh_bytes bytes,
                     void *data) {
  (void)reply;
  (void)bytes;
  (void)data;
  assert_int_equal(status->code, outcome);
  harness_done(&fixture);
}

static void on_echo(const mesh_status *status, const echo_reply *reply, void *data) {
  (void)reply;
  (void)data;
  assert_int_equal(status->code, outcome);
  harness_done(&fixture);
}

static void call(const char *path) {
  outcome = GRPC_STATUS_UNIMPLEMENTED;
  const mesh_method method = {.name = path, .path = path};
  const mesh_payload request = {NULL, {"", 0}};
  const mesh_reply_to reply_to = {.fn = on_reply};
  mesh_client_unary(fixture.client, fixture.context, &method, &request, &reply_to);
  harness_run(&fixture);
}

/* An echo with something to keep in its request and in its metadata. */
static void call_with_secrets(grpc_status_code code) {
  static const char secret[] = "Bearer secret-of-metadata";
  outcome = code;
  echo_request request = MESH__TEST__V1__ECHO_REQUEST__INIT;
  request.text = harness_text("secret-of-payload");
  const mesh_context *context = mesh_context_with_metadata(fixture.context, "authorization",
                                                           (mesh_bytes){secret, sizeof secret - 1});
  mesh_test_v1_echo(fixture.client, context, &request, on_echo, NULL);
  harness_run(&fixture);
}

static size_t count_logged(const char *text) {
  static char lines[16384];
  memset(lines, 0, sizeof lines);
  assert_true(pread(fileno(log_file), lines, sizeof lines - 1, 0) >= 0);
  size_t count = 0;
  for (const char *at = lines; (at = strstr(at, text)) != NULL; at++) {
    count++;
  }
  return count;
}

static void assert_logged(const char *text) {
  char lines[4096] = {0};
  assert_true(pread(fileno(log_file), lines, sizeof lines - 1, 0) > 0);
  if (strstr(lines, text) == NULL) {
    fail_msg("no '%s' in: %s", text, lines);
  }
}

/* Lines could not be searched for a method. */
static void test_method_is_without_its_slash(void **state) {
  (void)state;
  call("/a.Service/Method");
  assert_logged(" rpc.method=a.Service/Method rpc.status=UNIMPLEMENTED ");
}

/* A peer's path that is no path would have the memory behind it logged. */
static void test_path_of_any_form(void **state) {
  (void)state;
  call("x");
  assert_logged(" rpc.method=x rpc.status=UNIMPLEMENTED ");
}

/* One could not tell whether a call was logged, or by its level whether to look. */
static void test_one_line_per_call_whose_level_says_whose_concern_it_is(void **state) {
  (void)state;
  static const struct {
    grpc_status_code code;
    const char *begin;
  } cases[] = {
      {GRPC_STATUS_INTERNAL, " level=error msg=call rpc.method=mesh.test.v1.EchoService/Echo "},
      {GRPC_STATUS_UNAVAILABLE, " level=error msg=call "},
      {GRPC_STATUS_DEADLINE_EXCEEDED, " level=error msg=call "},
      {GRPC_STATUS_NOT_FOUND, " level=info msg=call "},
      {GRPC_STATUS_FAILED_PRECONDITION, " level=info msg=call "},
      {GRPC_STATUS_INVALID_ARGUMENT, " level=info msg=call "},
      {GRPC_STATUS_PERMISSION_DENIED, " level=warn msg=call "},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    assert_int_equal(ftruncate(fileno(log_file), 0), 0);
    lseek(fileno(log_file), 0, SEEK_SET);
    call_with_secrets(cases[i].code);
    assert_int_equal(count_logged("\n"), 1);
    assert_int_equal(count_logged(cases[i].begin), 1);
    assert_int_equal(count_logged(" error=\"said so\"\n"), 1);
  }
}

/* Who may read logs could act for those who called. */
static void test_neither_metadata_nor_payload_is_logged(void **state) {
  (void)state;
  call_with_secrets(GRPC_STATUS_INTERNAL);
  assert_int_equal(count_logged("\n"), 1);
  assert_int_equal(count_logged("secret"), 0);
  assert_int_equal(count_logged("authorization"), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_method_is_without_its_slash, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_path_of_any_form, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_one_line_per_call_whose_level_says_whose_concern_it_is,
                                      set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_neither_metadata_nor_payload_is_logged, set_up,
                                      tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
