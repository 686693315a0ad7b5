/* SPDX-License-Identifier: Apache-2.0 */
/* Spans of calls, and contexts that travel with them. Spans are looked at as a collector would. */
#include <mesh/tracing.h>
#include <opentelemetry/proto/trace/v1/trace.pb-c.h>
#include <otlp/baggage.h>
#include <otlp/exporters.h>
#include <otlp/sdk.h>
#include <stdio.h>
#include <string.h>

#include "harness.h"

typedef Opentelemetry__Proto__Trace__V1__Span span_message;
typedef Opentelemetry__Proto__Common__V1__KeyValue key_value;

static harness fixture;
static otlp_exporter *exporter;
static otlp_tracer_provider *provider;
static mesh_tracing *tracing;
static const mesh_interceptor *client_interceptors[1];
static int failures_left;
static char baggage_seen[64];
static otlp_context context_seen;

static const otlp_propagators propagators = {
    {&otlp_propagator_trace_context, &otlp_propagator_baggage}, 2};

/* ---- the server ---- */

static void pass_on(const mesh_status *status, const echo_reply *reply, void *data) {
  if (mesh_status_is_ok(status)) {
    mesh_test_v1_echo_reply(data, reply);
  } else {
    mesh_call_fail_with(data, status);
  }
}

static void call_downstream(mesh_call *call) {
  echo_request request;
  mesh__test__v1__echo_request__init(&request);
  otlp_span *span = NULL;
  const mesh_context *context = mesh_context_start_span(mesh_call_context(call), "step", &span);
  mesh_test_v1_echo(fixture.client, context, &request, pass_on, call);
  otlp_span_end(span);
}

static void look_at_context(mesh_call *call) {
  const otlp_context *trace = mesh_context_trace(mesh_call_context(call));
  otlp_baggage_entry entry;
  context_seen = *trace;
  baggage_seen[0] = '\0';
  if (otlp_baggage_get(trace->baggage, otlp_string_from("user"), &entry)) {
    snprintf(baggage_seen, sizeof baggage_seen, "%.*s", (int)entry.value.length, entry.value.data);
  }
}

static void echo(mesh_call *call, const echo_request *request, void *self) {
  (void)self;
  look_at_context(call);
  otlp_span_set_int(mesh_call_span(call), "test.number", request->number);
  if (strcmp(request->text, "downstream") == 0) {
    call_downstream(call);
    return;
  }
  if (failures_left > 0) {
    failures_left--;
    mesh_call_fail(call, (grpc_status_code)request->number, "as asked");
    return;
  }
  echo_reply reply;
  mesh__test__v1__echo_reply__init(&reply);
  mesh_test_v1_echo_reply(call, &reply);
}

static const mesh_test_v1_echo_service handlers = {.echo = echo};

/* ---- set-up ---- */

static const char retry_config[] =
    "{\"methodConfig\":[{\"name\":[{}],\"retryPolicy\":{\"maxAttempts\":4,"
    "\"initialBackoff\":\"0.01s\",\"maxBackoff\":\"0.02s\",\"backoffMultiplier\":2,"
    "\"retryableStatusCodes\":[\"UNAVAILABLE\"]}}]}";

static void start(otlp_tracer_provider *with_provider) {
  mesh_tracing_options options = {with_provider, propagators};
  mesh_status status = mesh_tracing_new(&options, &tracing);
  assert_true(mesh_status_is_ok(&status));
  client_interceptors[0] = mesh_tracing_client_interceptor(tracing);
  harness_options fixture_options = {
      .handlers = &handlers,
      .client = {.interceptors = client_interceptors,
                 .interceptor_count = 1,
                 .service_config_json = retry_config},
      .server_interceptors = {mesh_tracing_server_interceptor(tracing)},
  };
  failures_left = 0;
  harness_start(&fixture, &fixture_options);
}

static int set_up(void **state) {
  (void)state;
  exporter = otlp_memory_exporter_new();
  otlp_tracer_provider_options options = OTLP_TRACER_PROVIDER_OPTIONS_INIT;
  options.processors[0] = otlp_simple_processor_new(exporter);
  options.processor_count = 1;
  provider = otlp_tracer_provider_new(&options);
  start(provider);
  otlp_scope scope = {.name = otlp_string_from("test")};
  mesh_loop_set_tracer(fixture.loop, otlp_tracer_provider_get_tracer(provider, &scope));
  return 0;
}

static int set_up_without_provider(void **state) {
  (void)state;
  provider = NULL;
  start(NULL);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  harness_stop(&fixture);
  mesh_tracing_destroy(tracing);
  otlp_tracer_provider_destroy(provider);
  return 0;
}

/* ---- looking at spans ---- */

enum { SPANS_MAX = 16 };
static span_message *spans[SPANS_MAX];
static size_t item_count;

static void read_spans(void) {
  otlp_tracer_provider_force_flush(provider, 5000);
  item_count = otlp_memory_exporter_count(exporter);
  assert_true(item_count <= SPANS_MAX);
  for (size_t i = 0; i < item_count; i++) {
    otlp_memory_item stored = otlp_memory_exporter_get(exporter, i);
    spans[i] = opentelemetry__proto__trace__v1__span__unpack(NULL, stored.message.size,
                                                             stored.message.data);
    assert_non_null(spans[i]);
  }
}

static void free_spans(void) {
  for (size_t i = 0; i < item_count; i++) {
    opentelemetry__proto__trace__v1__span__free_unpacked(spans[i], NULL);
  }
}

static span_message *child_of(const span_message *parent, otlp_span_kind kind) {
  for (size_t i = 0; i < item_count; i++) {
    bool is_child = parent == NULL
                        ? spans[i]->parent_span_id.len == 0
                        : spans[i]->parent_span_id.len == 8 &&
                              memcmp(spans[i]->parent_span_id.data, parent->span_id.data, 8) == 0;
    if (is_child && (int)spans[i]->kind == (int)kind) {
      return spans[i];
    }
  }
  fail_msg("no child of kind %d", (int)kind);
  return NULL;
}

static const Opentelemetry__Proto__Common__V1__AnyValue *find(const span_message *span,
                                                              const char *key) {
  for (size_t i = 0; i < span->n_attributes; i++) {
    if (strcmp(span->attributes[i]->key, key) == 0) {
      return span->attributes[i]->value;
    }
  }
  return NULL;
}

static void assert_text(const span_message *span, const char *key, const char *expected) {
  const Opentelemetry__Proto__Common__V1__AnyValue *value = find(span, key);
  if (expected == NULL) {
    assert_null(value);
    return;
  }
  assert_non_null(value);
  assert_string_equal(value->string_value, expected);
}

static void assert_port(const span_message *span, const char *key, int64_t expected) {
  const Opentelemetry__Proto__Common__V1__AnyValue *value = find(span, key);
  assert_non_null(value);
  assert_int_equal(value->int_value, expected);
}

static void assert_common(const span_message *span, const char *code, bool is_error) {
  assert_string_equal(span->name, "mesh.test.v1.EchoService/Echo");
  assert_text(span, "rpc.system.name", "grpc");
  assert_text(span, "rpc.method", "mesh.test.v1.EchoService/Echo");
  assert_text(span, "rpc.response.status_code", code);
  assert_text(span, "error.type", is_error ? code : NULL);
  assert_int_equal(span->status != NULL && (int)span->status->code == (int)OTLP_STATUS_ERROR,
                   is_error);
  assert_text(span, "server.address", "127.0.0.1");
  assert_port(span, "server.port", mesh_server_port(fixture.server));
  assert_text(span, "network.peer.address", "127.0.0.1");
  assert_non_null(find(span, "network.peer.port"));
}

/* ---- tests ---- */

/* A trace would break at a call, or its spans lack what the conventions ask for. */
static void test_tree_and_attributes(void **state) {
  (void)state;
  harness_answer answer = harness_echo(&fixture, fixture.context, "downstream");
  assert_int_equal(answer.code, GRPC_STATUS_OK);
  read_spans();
  assert_int_equal(item_count, 5);
  const span_message *client = child_of(NULL, OTLP_SPAN_KIND_CLIENT);
  const span_message *server = child_of(client, OTLP_SPAN_KIND_SERVER);
  const span_message *step = child_of(server, OTLP_SPAN_KIND_INTERNAL);
  const span_message *client_2 = child_of(step, OTLP_SPAN_KIND_CLIENT);
  const span_message *server_2 = child_of(client_2, OTLP_SPAN_KIND_SERVER);
  assert_common(client, "OK", false);
  assert_common(server, "OK", false);
  assert_common(client_2, "OK", false);
  assert_common(server_2, "OK", false);
  assert_port(client, "network.peer.port", mesh_server_port(fixture.server));
  assert_non_null(find(server, "test.number"));
  for (size_t i = 0; i < item_count; i++) {
    assert_memory_equal(spans[i]->trace_id.data, client->trace_id.data, 16);
  }
  free_spans();
}

/* Failures that are the client's own would count as the server's, or the other way round. */
static void test_codes_and_sides(void **state) {
  (void)state;
  static const struct {
    grpc_status_code code;
    const char *name;
    bool is_server_error;
  } cases[] = {
      {GRPC_STATUS_CANCELLED, "CANCELLED", false},
      {GRPC_STATUS_UNKNOWN, "UNKNOWN", true},
      {GRPC_STATUS_INVALID_ARGUMENT, "INVALID_ARGUMENT", false},
      {GRPC_STATUS_DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", true},
      {GRPC_STATUS_NOT_FOUND, "NOT_FOUND", false},
      {GRPC_STATUS_ALREADY_EXISTS, "ALREADY_EXISTS", false},
      {GRPC_STATUS_PERMISSION_DENIED, "PERMISSION_DENIED", false},
      {GRPC_STATUS_RESOURCE_EXHAUSTED, "RESOURCE_EXHAUSTED", false},
      {GRPC_STATUS_FAILED_PRECONDITION, "FAILED_PRECONDITION", false},
      {GRPC_STATUS_ABORTED, "ABORTED", false},
      {GRPC_STATUS_OUT_OF_RANGE, "OUT_OF_RANGE", false},
      {GRPC_STATUS_UNIMPLEMENTED, "UNIMPLEMENTED", true},
      {GRPC_STATUS_INTERNAL, "INTERNAL", true},
      {GRPC_STATUS_DATA_LOSS, "DATA_LOSS", true},
      {GRPC_STATUS_UNAUTHENTICATED, "UNAUTHENTICATED", false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    harness_answer answer = {.owner = &fixture};
    echo_request request;
    mesh__test__v1__echo_request__init(&request);
    request.number = (int)cases[i].code;
    failures_left = 1;
    otlp_memory_exporter_reset(exporter);
    mesh_test_v1_echo(fixture.client, fixture.context, &request, harness_on_answer, &answer);
    harness_run(&fixture);
    read_spans();
    assert_int_equal(item_count, 2);
    const span_message *client = child_of(NULL, OTLP_SPAN_KIND_CLIENT);
    const span_message *server = child_of(client, OTLP_SPAN_KIND_SERVER);
    assert_common(client, cases[i].name, true);
    assert_common(server, cases[i].name, cases[i].is_server_error);
    assert_string_equal(client->status->message, "as asked");
    free_spans();
  }
}

static void on_raw(const mesh_status *status, const ProtobufCMessage *reply, mesh_bytes bytes,
                   void *data) {
  (void)reply;
  (void)bytes;
  harness_on_answer(status, NULL, data);
}

static harness_answer call_raw(const char *path) {
  static mesh_method method;
  method = (mesh_method){.name = "Raw", .path = path};
  harness_answer answer = {.owner = &fixture};
  mesh_payload payload = {NULL, {"", 0}};
  mesh_reply_to reply_to = {on_raw, NULL, &answer};
  mesh_client_unary(fixture.client, fixture.context, &method, &payload, &reply_to);
  harness_run(&fixture);
  return answer;
}

/* Anybody could fill the store with span names of their own. */
static void test_unknown_method(void **state) {
  (void)state;
  harness_answer answer = call_raw("/no.such.Service/Method");
  assert_int_equal(answer.code, GRPC_STATUS_UNIMPLEMENTED);
  read_spans();
  const span_message *client = child_of(NULL, OTLP_SPAN_KIND_CLIENT);
  const span_message *server = child_of(client, OTLP_SPAN_KIND_SERVER);
  assert_string_equal(server->name, "grpc");
  assert_text(server, "rpc.method", "_OTHER");
  assert_text(server, "rpc.method_original", "no.such.Service/Method");
  assert_text(server, "rpc.response.status_code", "UNIMPLEMENTED");
  free_spans();
}

/* Health checks would bury everything else. */
static void test_health_is_not_traced(void **state) {
  (void)state;
  harness_answer answer = call_raw("/grpc.health.v1.Health/Check");
  assert_int_equal(answer.code, GRPC_STATUS_OK);
  read_spans();
  assert_int_equal(item_count, 1);
  child_of(NULL, OTLP_SPAN_KIND_CLIENT);
  free_spans();
}

/* A retried call would look like several calls, or nobody would see that it was retried. */
static void test_attempts(void **state) {
  (void)state;
  harness_answer answer = {.owner = &fixture};
  echo_request request;
  mesh__test__v1__echo_request__init(&request);
  request.number = GRPC_STATUS_UNAVAILABLE;
  failures_left = 2;
  mesh_test_v1_echo(fixture.client, fixture.context, &request, harness_on_answer, &answer);
  harness_run(&fixture);
  assert_int_equal(answer.code, GRPC_STATUS_OK);
  read_spans();
  assert_int_equal(item_count, 4);
  const span_message *client = child_of(NULL, OTLP_SPAN_KIND_CLIENT);
  assert_port(client, "meshwork.rpc.attempt", 3);
  int64_t attempts = 0;
  for (size_t i = 0; i < item_count; i++) {
    const Opentelemetry__Proto__Common__V1__AnyValue *value =
        find(spans[i], "rpc.request.metadata.grpc-previous-rpc-attempts");
    if (value != NULL) {
      assert_memory_equal(spans[i]->parent_span_id.data, client->span_id.data, 8);
      assert_int_equal(value->array_value->n_values, 1);
      attempts += find(spans[i], "meshwork.rpc.attempt")->int_value;
    }
  }
  assert_int_equal(attempts, 2 + 3);
  free_spans();
}

/* The last attempt that failed would look like the only one. */
static void test_attempts_that_all_fail(void **state) {
  (void)state;
  harness_answer answer = {.owner = &fixture};
  echo_request request;
  mesh__test__v1__echo_request__init(&request);
  request.number = GRPC_STATUS_UNAVAILABLE;
  failures_left = 4;
  mesh_test_v1_echo(fixture.client, fixture.context, &request, harness_on_answer, &answer);
  harness_run(&fixture);
  assert_int_equal(answer.code, GRPC_STATUS_UNAVAILABLE);
  read_spans();
  assert_int_equal(item_count, 5);
  assert_port(child_of(NULL, OTLP_SPAN_KIND_CLIENT), "meshwork.rpc.attempt", 4);
  free_spans();
}

static otlp_context sampled_parent(void) {
  otlp_context parent = {0};
  memset(parent.span.trace_id, 0x11, sizeof parent.span.trace_id);
  memset(parent.span.span_id, 0x22, sizeof parent.span.span_id);
  parent.span.trace_flags = OTLP_TRACE_FLAG_SAMPLED;
  return parent;
}

/* Work that goes on with a trace from elsewhere would begin its own; or baggage stay behind. */
static void test_parent_and_baggage(void **state) {
  (void)state;
  otlp_context parent = sampled_parent();
  otlp_baggage *baggage = otlp_baggage_parse(otlp_string_from("user=anna"));
  parent.baggage = baggage;
  mesh_context *context = mesh_context_new(fixture.loop, &parent, MESH_NO_TIMEOUT);
  otlp_baggage_release(baggage);
  harness_echo(&fixture, context, "x");
  mesh_context_release(context);
  assert_string_equal(baggage_seen, "anna");
  assert_memory_equal(context_seen.span.trace_id, parent.span.trace_id, 16);
}

/* With OTEL_SDK_DISABLED the traces of everybody else would break here. */
static void test_without_provider_contexts_travel(void **state) {
  (void)state;
  otlp_context parent = sampled_parent();
  mesh_context *context = mesh_context_new(fixture.loop, &parent, MESH_NO_TIMEOUT);
  harness_answer answer = harness_echo(&fixture, context, "downstream");
  mesh_context_release(context);
  assert_int_equal(answer.code, GRPC_STATUS_OK);
  assert_memory_equal(context_seen.span.trace_id, parent.span.trace_id, 16);
  assert_memory_equal(context_seen.span.span_id, parent.span.span_id, 8);
}

/* A call that never leaves would have no span, and nobody learn why it failed. */
static void test_call_that_never_leaves(void **state) {
  (void)state;
  mesh_context *context = mesh_context_new(fixture.loop, NULL, MESH_NO_TIMEOUT);
  mesh_context_cancel(context);
  harness_answer answer = harness_echo(&fixture, context, "x");
  mesh_context_release(context);
  assert_int_equal(answer.code, GRPC_STATUS_CANCELLED);
  read_spans();
  assert_int_equal(item_count, 1);
  assert_text(spans[0], "rpc.response.status_code", "CANCELLED");
  assert_text(spans[0], "network.peer.address", NULL);
  free_spans();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_tree_and_attributes, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_codes_and_sides, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_unknown_method, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_health_is_not_traced, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_attempts, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_attempts_that_all_fail, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_parent_and_baggage, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_without_provider_contexts_travel,
                                      set_up_without_provider, tear_down),
      cmocka_unit_test_setup_teardown(test_call_that_never_leaves, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
