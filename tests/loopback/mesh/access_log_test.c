/* SPDX-License-Identifier: Apache-2.0 */
/* The access log's lines, as they leave the process. */
#include <mesh/access_log.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

static const mesh_test_v1_echo_service handlers = {.echo = NULL};
static harness fixture;
static FILE *log_file;
static int own_stderr;

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
  assert_int_equal(status->code, GRPC_STATUS_UNIMPLEMENTED);
  harness_done(&fixture);
}

static void call(const char *path) {
  const mesh_method method = {.name = path, .path = path};
  const mesh_payload request = {NULL, {"", 0}};
  const mesh_reply_to reply_to = {.fn = on_reply};
  mesh_client_unary(fixture.client, fixture.context, &method, &request, &reply_to);
  harness_run(&fixture);
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

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_method_is_without_its_slash, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_path_of_any_form, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
