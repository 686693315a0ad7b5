/* SPDX-License-Identifier: Apache-2.0 */
/* What an exporter sees: a real call to a real server, and what is in the store afterwards. */
#include "receiver.h"
#include "sample.h"

#include <mesh/client.h>
#include <mesh/server.h>
#include <opentelemetry/proto/collector/trace/v1/trace_service.pb-c.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef Opentelemetry__Proto__Collector__Trace__V1__ExportTraceServiceResponse export_response;

enum { PATIENCE_MS = 20000 };

static const mesh_method export_method = {
    .name = "Export", .path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"};

typedef struct fixture {
  lens_store *store;
  mesh_loop *loop;
  mesh_server *server;
  mesh_client *client;
  /* of the latest answer */
  grpc_status_code code;
  lens_buffer answer;
} fixture;

static void check(mesh_status status) {
  if (!mesh_status_is_ok(&status)) {
    fail_msg("%s: %s", mesh_status_code_name(status.code), status.message);
  }
}

static int set_up(void **state) {
  fixture *fix = lens_alloc(sizeof(*fix));
  char target[64];
  fix->store = lens_store_new((size_t)1 << 20);
  fix->loop = mesh_loop_new();
  mesh_server_options options = {.loops = &fix->loop, .loop_count = 1, .address = "127.0.0.1:0"};
  check(mesh_server_new(&options, &fix->server));
  check(mesh_server_add(fix->server, lens_receiver_service(fix->store)));
  check(mesh_server_add(fix->server, lens_receiver_logs_service(fix->store)));
  check(mesh_server_start(fix->server));
  snprintf(target, sizeof(target), "127.0.0.1:%d", mesh_server_port(fix->server));
  check(mesh_client_new(&(mesh_client_options){.target = target}, &fix->client));
  *state = fix;
  return 0;
}

static void stop(void *loop) {
  mesh_loop_stop(loop);
}

static int tear_down(void **state) {
  fixture *fix = *state;
  mesh_client_destroy(fix->client);
  mesh_server_drain(fix->server, 0, stop, fix->loop);
  mesh_loop_run(fix->loop);
  mesh_server_destroy(fix->server);
  mesh_loop_destroy(fix->loop);
  lens_store_destroy(fix->store);
  lens_buffer_clean_up(&fix->answer);
  free(fix);
  return 0;
}

static void on_answer(const mesh_status *status, const ProtobufCMessage *reply, mesh_bytes bytes,
                      void *data) {
  fixture *fix = data;
  assert_null(reply);
  fix->code = status->code;
  fix->answer.size = 0;
  lens_buffer_add(&fix->answer, bytes.data, bytes.size);
  mesh_loop_stop(fix->loop);
}

/* Sends a request and waits for its answer. */
static void send_to(fixture *fix, const mesh_method *method, lens_buffer *request) {
  mesh_context *context = mesh_context_new(fix->loop, NULL, PATIENCE_MS);
  mesh_payload payload = {.bytes = {request->data, request->size}};
  mesh_reply_to reply_to = {.fn = on_answer, .data = fix};
  mesh_client_unary(fix->client, context, method, &payload, &reply_to);
  mesh_loop_run(fix->loop);
  mesh_context_release(context);
  lens_buffer_clean_up(request);
}

static void send_request(fixture *fix, lens_buffer *request) {
  send_to(fix, &export_method, request);
}

/* Processes that send their log would be told that nobody takes it. */
static void log_records_arrive(void **state) {
  fixture *fix = *state;
  static const mesh_method method = {
      .name = "Export", .path = "/opentelemetry.proto.collector.logs.v1.LogsService/Export"};
  lens_buffer request = {0};
  lens_buffer_add(&request, "\x0a\x0d\x12\x0b\x12\x09\x2a\x07\x0a\x05hello", 15);
  send_to(fix, &method, &request);
  assert_int_equal(fix->code, GRPC_STATUS_OK);
  assert_int_equal(fix->answer.size, 0);
  assert_int_equal(lens_log_store_read_stats(lens_store_logs(fix->store)).kept, 1);
  lens_buffer_add_text(&request, "\x0a\x7f");
  send_to(fix, &method, &request);
  assert_int_equal(fix->code, GRPC_STATUS_INVALID_ARGUMENT);
}

/* Spans would not arrive, or be reported as lost when they are not. */
static void spans_arrive(void **state) {
  fixture *fix = *state;
  static const sample_span spans[] = {{.service = "a", .name = "n", .trace = 1, .id = 1}};
  lens_buffer request = sample_request(spans, COUNT_OF(spans));
  send_request(fix, &request);
  assert_int_equal(fix->code, GRPC_STATUS_OK);
  assert_int_equal(fix->answer.size, 0);
  assert_int_equal(lens_store_read_stats(fix->store).spans_kept, 1);
}

/* An exporter would take spans for stored that are not. */
static void rejected_spans_are_a_partial_success(void **state) {
  fixture *fix = *state;
  static const sample_span spans[] = {{.service = "a", .name = "good", .trace = 1, .id = 1},
                                      {.service = "a", .name = "no trace", .id = 2},
                                      {.service = "a", .name = "no id", .trace = 1}};
  lens_buffer request = sample_request(spans, COUNT_OF(spans));
  send_request(fix, &request);
  assert_int_equal(fix->code, GRPC_STATUS_OK);
  export_response *response =
      opentelemetry__proto__collector__trace__v1__export_trace_service_response__unpack(
          NULL, fix->answer.size, fix->answer.data);
  assert_non_null(response);
  assert_int_equal(response->partial_success->rejected_spans, 2);
  assert_string_equal(response->partial_success->error_message,
                      "2 without a valid trace or span id");
  opentelemetry__proto__collector__trace__v1__export_trace_service_response__free_unpacked(response,
                                                                                           NULL);
  assert_int_equal(lens_store_read_stats(fix->store).spans_kept, 1);
}

/* Garbage would be accepted, and the exporter never learn what is wrong. */
static void a_malformed_request_is_invalid_argument(void **state) {
  fixture *fix = *state;
  lens_buffer request = {0};
  lens_buffer_add_text(&request, "\x0a\x7f");
  send_request(fix, &request);
  assert_int_equal(fix->code, GRPC_STATUS_INVALID_ARGUMENT);
  assert_int_equal(lens_store_read_stats(fix->store).requests_malformed, 1);
}

/* An exporter's check of the connection, an empty request, would fail. */
static void an_empty_request_is_fine(void **state) {
  fixture *fix = *state;
  lens_buffer request = {0};
  send_request(fix, &request);
  assert_int_equal(fix->code, GRPC_STATUS_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(spans_arrive),
      TEST(log_records_arrive),
      TEST(rejected_spans_are_a_partial_success),
      TEST(a_malformed_request_is_invalid_argument),
      TEST(an_empty_request_is_fine),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
