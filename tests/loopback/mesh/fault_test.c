/* SPDX-License-Identifier: Apache-2.0 */
/* Faults on both sides: what becomes of calls, what their spans say, and the service that sets
 * rules. The dice always show the least. */
#include <mesh/fault.h>
#include <mesh/tracing.h>
#include <meshwork/fault/v1/fault.mesh.h>
#include <stdio.h>
#include <string.h>

#include "harness.h"
#include "span_tree.h"

#define ECHO_METHOD "mesh.test.v1.EchoService/Echo"

static harness fixture;
static mesh_faults *faults;
static mesh_tracing *tracing;
static span_tree spans;
static int handled;

static void echo(mesh_call *call, const echo_request *request, void *self) {
  (void)self;
  handled++;
  echo_reply reply;
  mesh__test__v1__echo_reply__init(&reply);
  reply.text = request->text;
  mesh_test_v1_echo_reply(call, &reply);
}

static const mesh_test_v1_echo_service handlers = {.echo = echo};

static const char retry_config[] =
    "{\"methodConfig\":[{\"name\":[{}],\"retryPolicy\":{\"maxAttempts\":4,"
    "\"initialBackoff\":\"0.01s\",\"maxBackoff\":\"0.02s\",\"backoffMultiplier\":2,"
    "\"retryableStatusCodes\":[\"UNAVAILABLE\"]}}]}";

static uint64_t least(void *data) {
  (void)data;
  return 0;
}

/* Tracing and faults on one side each, and nothing on the other, so that there is one span a call.
 */
typedef enum side { SERVER, CLIENT } side;

static void start(side traced) {
  handled = 0;
  span_tree_init(&spans);
  const mesh_tracing_options tracing_options = {.provider = spans.provider};
  mesh_status status = mesh_tracing_new(&tracing_options, &tracing);
  assert_true(mesh_status_is_ok(&status));
  const mesh_faults_options options = {.random = least};
  faults = mesh_faults_new(&options);
  const mesh_service service = mesh_faults_service(faults);
  const mesh_interceptor *const client[] = {mesh_tracing_client_interceptor(tracing),
                                            mesh_faults_client_interceptor(faults)};
  harness_options fixture_options = {
      .handlers = &handlers,
      .extra = &service,
      .client = {.interceptors = client,
                 .interceptor_count = traced == CLIENT ? 2 : 0,
                 .service_config_json = retry_config},
  };
  if (traced == SERVER) {
    fixture_options.server_interceptors[0] = mesh_tracing_server_interceptor(tracing);
    fixture_options.server_interceptors[1] = mesh_faults_server_interceptor(faults);
  }
  harness_start(&fixture, &fixture_options);
}

static int set_up_server(void **state) {
  (void)state;
  start(SERVER);
  return 0;
}

static int set_up_client(void **state) {
  (void)state;
  start(CLIENT);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  harness_stop(&fixture);
  mesh_faults_destroy(faults);
  mesh_tracing_destroy(tracing);
  span_tree_clean_up(&spans);
  return 0;
}

static void add(const char *rules) {
  mesh_status status = mesh_faults_add(faults, rules);
  assert_string_equal(status.message, "");
}

static harness_answer call(void) {
  return harness_echo(&fixture, fixture.context, "x");
}

static void assert_span(const char *key, const char *expected) {
  const char *value = span_tree_attribute(&spans, ECHO_METHOD, key);
  if (expected == NULL) {
    assert_null(value);
    return;
  }
  assert_non_null(value);
  assert_string_equal(value, expected);
}

/* ---- at the server ---- */

/* An abort would reach the handler, or its span not say whose fault it is. */
static void test_server_aborts(void **state) {
  (void)state;
  add(ECHO_METHOD " abort=PERMISSION_DENIED message=\"not today\" id=no; * delay=1m");
  harness_answer answer = call();
  assert_int_equal(answer.code, GRPC_STATUS_PERMISSION_DENIED);
  assert_string_equal(answer.message, "not today");
  assert_int_equal(handled, 0);
  assert_span("meshwork.fault.rule", "no");
  assert_span("meshwork.fault.abort", "PERMISSION_DENIED");
  assert_span("rpc.response.status_code", "PERMISSION_DENIED");
  assert_non_null(strstr(span_tree_text(&spans), "!fault.injected"));
}

/* An answer would get through that was to be lost after the work was done. */
static void test_server_aborts_answers(void **state) {
  (void)state;
  add("mesh.test.v1.EchoService/* delay=20ms abort=INTERNAL when=after");
  int64_t begun_ms = mesh_loop_now_ms(fixture.loop);
  harness_answer answer = call();
  assert_int_equal(answer.code, GRPC_STATUS_INTERNAL);
  assert_string_equal(answer.message, "injected by fault rule 'rule-1'");
  assert_false(answer.has_reply);
  assert_int_equal(handled, 1);
  assert_true(mesh_loop_now_ms(fixture.loop) - begun_ms >= 20);
  assert_span("meshwork.fault.delay_ms", "20");
  assert_span("meshwork.fault.abort", "INTERNAL");
  assert_span("error.type", "INTERNAL");
}

/* A delay would end the call, not be told, or be another one. */
static void test_server_delays(void **state) {
  (void)state;
  add("* delay=uniform(20ms,10s) when=both id=slow");
  int64_t begun_ms = mesh_loop_now_ms(fixture.loop);
  harness_answer answer = call();
  assert_int_equal(answer.code, GRPC_STATUS_OK);
  assert_true(mesh_loop_now_ms(fixture.loop) - begun_ms >= 40);
  assert_span("meshwork.fault.delay_ms", "40");
  assert_span("meshwork.fault.abort", NULL);
  const char *first = strstr(span_tree_text(&spans), "!fault.injected");
  assert_non_null(first);
  assert_non_null(strstr(first + 1, "!fault.injected"));
}

/* A client that has given up would be waited for. */
static void test_delays_end_with_the_call(void **state) {
  (void)state;
  call();
  add("* delay=1h max=1h");
  harness_answer answer =
      harness_echo(&fixture, mesh_context_with_timeout(fixture.context, 100), "x");
  assert_int_equal(answer.code, GRPC_STATUS_DEADLINE_EXCEEDED);
  for (int i = 0; i < 1000 && span_tree_count(&spans, ECHO_METHOD) < 2; i++) {
    harness_run_for(&fixture, 5);
  }
  assert_int_equal(span_tree_count(&spans, ECHO_METHOD), 2);
  assert_int_equal(handled, 1);
}

static void drained(void *data) {
  (void)data;
}

/* A service would not stop before its longest delay has passed. */
static void test_delays_end_with_the_server(void **state) {
  (void)state;
  static const char *const rules[] = {"* delay=1h max=1h count=1",
                                      "* delay=1h max=1h count=1 when=after"};
  harness_answer answers[2] = {{.owner = &fixture}, {.owner = &fixture}};
  echo_request request;
  mesh__test__v1__echo_request__init(&request);
  for (int i = 0; i < 2; i++) {
    add(rules[i]);
    mesh_test_v1_echo(fixture.client, fixture.context, &request, harness_on_answer, &answers[i]);
    while (mesh_faults_count(faults) > 0) { /* the one strike */
      harness_run_for(&fixture, 1);
    }
  }
  mesh_server_drain(fixture.server, 20, drained, NULL);
  while (answers[0].count + answers[1].count < 2) {
    harness_run(&fixture);
  }
  assert_int_not_equal(answers[0].code, GRPC_STATUS_OK);
  assert_int_not_equal(answers[1].code, GRPC_STATUS_OK);
  assert_int_equal(handled, 1);
}

/* A rule could not stand for a server that is away for a moment; retries could not be tried. */
static void test_counted_aborts_are_retried(void **state) {
  (void)state;
  add("* abort=UNAVAILABLE count=2");
  harness_answer answer = call();
  assert_int_equal(answer.code, GRPC_STATUS_OK);
  assert_int_equal(handled, 1);
  assert_int_equal(span_tree_count(&spans, ECHO_METHOD), 3);
  assert_int_equal(mesh_faults_count(faults), 0);
}

/* Rules for one side would strike at the other, or those that are gone go on. */
static void test_calls_that_no_rule_is_for(void **state) {
  (void)state;
  add("* client abort=ABORTED; mesh.test.v1.EchoService/Chat abort=ABORTED; * delay=1ms@0.0001% "
      "id=x");
  mesh_faults_remove(faults, "x");
  assert_int_equal(call().code, GRPC_STATUS_OK);
  assert_span("meshwork.fault.rule", NULL);
  add("* abort=ABORTED");
  assert_int_equal(mesh_faults_clear(faults), 3);
  assert_int_equal(call().code, GRPC_STATUS_OK);
}

/* ---- at the client ---- */

/* A call would leave that was to fail before, or be retried as if it had. */
static void test_client_aborts(void **state) {
  (void)state;
  add("* client delay=5ms abort=UNAVAILABLE");
  harness_answer answer = call();
  assert_int_equal(answer.code, GRPC_STATUS_UNAVAILABLE);
  assert_int_equal(handled, 0);
  assert_span("meshwork.fault.rule", "rule-1");
  assert_span("meshwork.fault.delay_ms", "5");
  assert_span("meshwork.fault.abort", "UNAVAILABLE");
  assert_span("error.type", "UNAVAILABLE");
}

/* The answer would get through; whether the caller may try again could not be tried. */
static void test_client_loses_answers(void **state) {
  (void)state;
  add("* client abort=UNAVAILABLE when=after");
  harness_answer answer = call();
  assert_int_equal(answer.code, GRPC_STATUS_UNAVAILABLE);
  assert_false(answer.has_reply);
  assert_int_equal(handled, 1);
  mesh_faults_clear(faults);
  add("* client delay=5ms abort=ABORTED when=after");
  assert_int_equal(call().code, GRPC_STATUS_ABORTED);
  assert_int_equal(handled, 2);
}

/* The seed's own chaos, a wait before and after, would be something else. */
static void test_client_delays(void **state) {
  (void)state;
  add("* client delay=uniform(20ms,1s) when=both");
  int64_t begun_ms = mesh_loop_now_ms(fixture.loop);
  harness_answer answer = call();
  assert_int_equal(answer.code, GRPC_STATUS_OK);
  assert_string_equal(answer.text, "x");
  assert_true(mesh_loop_now_ms(fixture.loop) - begun_ms >= 40);
  assert_span("meshwork.fault.delay_ms", "40");
}

static void cancel(void *context) {
  mesh_context_cancel(context);
}

/* A caller that has lost interest would be held. */
static void test_client_delays_end_with_the_context(void **state) {
  (void)state;
  static const char *const rules[] = {"* client delay=1h max=1h",
                                      "* client delay=1h max=1h when=after"};
  for (size_t i = 0; i < 2; i++) {
    mesh_timer timer = {0};
    mesh_context *context = mesh_context_new(fixture.loop, NULL, MESH_NO_TIMEOUT);
    mesh_faults_clear(faults);
    add(rules[i]);
    mesh_timer_start(fixture.loop, &timer, 50, cancel, context);
    assert_int_equal(harness_echo(&fixture, context, "x").code, GRPC_STATUS_CANCELLED);
    mesh_context_release(context);
  }
}

/* ---- the service ---- */

typedef struct answer {
  grpc_status_code code;
  char message[256];
  char text[256]; /* of the rules, a line each */
  int removed;
} answer;

static answer last;

static void take(const mesh_status *status) {
  last = (answer){.code = status->code};
  snprintf(last.message, sizeof last.message, "%s", status->message);
  harness_done(&fixture);
}

static void on_rule(const mesh_status *status, const Meshwork__Fault__V1__Rule *rule, void *data) {
  (void)data;
  take(status);
  if (rule != NULL) {
    snprintf(last.text, sizeof last.text, "%s", rule->text);
  }
}

static void on_list(const mesh_status *status,
                    const Meshwork__Fault__V1__ListRulesResponse *response, void *data) {
  (void)data;
  take(status);
  for (size_t i = 0; response != NULL && i < response->n_rules; i++) {
    strcat(last.text, response->rules[i]->text);
    strcat(last.text, "\n");
  }
}

static void on_removed(const mesh_status *status,
                       const Meshwork__Fault__V1__RemoveRuleResponse *response, void *data) {
  (void)response;
  (void)data;
  take(status);
}

static void on_cleared(const mesh_status *status,
                       const Meshwork__Fault__V1__ClearResponse *response, void *data) {
  (void)data;
  take(status);
  last.removed = response != NULL ? response->removed : -1;
}

static void set_text(const char *text) {
  Meshwork__Fault__V1__SetRuleRequest request = MESHWORK__FAULT__V1__SET_RULE_REQUEST__INIT;
  request.form_case = MESHWORK__FAULT__V1__SET_RULE_REQUEST__FORM_TEXT;
  request.text = harness_text(text);
  meshwork_fault_v1_set_rule(fixture.client, fixture.context, &request, on_rule, NULL);
  harness_run(&fixture);
}

static void set_abort(const char *id, const char *method, const char *code) {
  Meshwork__Fault__V1__SetRuleRequest request = MESHWORK__FAULT__V1__SET_RULE_REQUEST__INIT;
  Meshwork__Fault__V1__Rule rule = MESHWORK__FAULT__V1__RULE__INIT;
  Meshwork__Fault__V1__Abort abort_with = MESHWORK__FAULT__V1__ABORT__INIT;
  abort_with.code = harness_text(code);
  rule.id = harness_text(id);
  rule.method = harness_text(method);
  rule.abort = &abort_with;
  request.form_case = MESHWORK__FAULT__V1__SET_RULE_REQUEST__FORM_RULE;
  request.rule = &rule;
  meshwork_fault_v1_set_rule(fixture.client, fixture.context, &request, on_rule, NULL);
  harness_run(&fixture);
}

static void list(void) {
  Meshwork__Fault__V1__ListRulesRequest request = MESHWORK__FAULT__V1__LIST_RULES_REQUEST__INIT;
  meshwork_fault_v1_list_rules(fixture.client, fixture.context, &request, on_list, NULL);
  harness_run(&fixture);
}

static void remove_id(const char *id) {
  Meshwork__Fault__V1__RemoveRuleRequest request = MESHWORK__FAULT__V1__REMOVE_RULE_REQUEST__INIT;
  request.id = harness_text(id);
  meshwork_fault_v1_remove_rule(fixture.client, fixture.context, &request, on_removed, NULL);
  harness_run(&fixture);
}

static void clear(void) {
  Meshwork__Fault__V1__ClearRequest request = MESHWORK__FAULT__V1__CLEAR_REQUEST__INIT;
  meshwork_fault_v1_clear(fixture.client, fixture.context, &request, on_cleared, NULL);
  harness_run(&fixture);
}

/* Rules could not be set while the process runs, or not be got rid of; one for everything would
 * lock out whoever set it. */
static void test_service(void **state) {
  (void)state;
  set_text("* abort=UNAUTHENTICATED id=all");
  assert_int_equal(last.code, GRPC_STATUS_OK);
  assert_string_equal(last.text, "* server abort=UNAUTHENTICATED id=all");
  assert_int_equal(call().code, GRPC_STATUS_UNAUTHENTICATED);
  set_abort("", ECHO_METHOD, "ABORTED");
  assert_string_equal(last.text, ECHO_METHOD " server abort=ABORTED id=rule-1");
  assert_int_equal(call().code, GRPC_STATUS_ABORTED);
  list();
  assert_string_equal(last.text, ECHO_METHOD " server abort=ABORTED id=rule-1\n"
                                             "* server abort=UNAUTHENTICATED id=all\n");
  set_abort("rule-1", ECHO_METHOD, "DATA_LOSS");
  assert_int_equal(call().code, GRPC_STATUS_DATA_LOSS);
  remove_id("rule-1");
  assert_int_equal(last.code, GRPC_STATUS_OK);
  assert_int_equal(call().code, GRPC_STATUS_UNAUTHENTICATED);
  clear();
  assert_int_equal(last.removed, 1);
  assert_int_equal(call().code, GRPC_STATUS_OK);
  list();
  assert_string_equal(last.text, "");
}

/* A rule that cannot be would be taken, or nobody learn why it was not. */
static void test_service_refuses(void **state) {
  (void)state;
  static const struct {
    const char *text;
    const char *says;
  } cases[] = {
      {"* delay=soon", "text: rule 1, character 9: a delay is"},
      {"", "text: there is no rule in it"},
      {"* delay=1ms; * delay=2ms", "one rule is set at a time"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    set_text(cases[i].text);
    assert_int_equal(last.code, GRPC_STATUS_INVALID_ARGUMENT);
    assert_non_null(strstr(last.message, cases[i].says));
  }
  set_abort("", "*", "MAYBE");
  assert_int_equal(last.code, GRPC_STATUS_INVALID_ARGUMENT);
  remove_id("gone");
  assert_int_equal(last.code, GRPC_STATUS_NOT_FOUND);
  for (int i = 0; i < 64; i++) {
    set_abort("", "a.B/C", "ABORTED");
    assert_int_equal(last.code, GRPC_STATUS_OK);
  }
  set_abort("", "a.B/C", "ABORTED");
  assert_int_equal(last.code, GRPC_STATUS_RESOURCE_EXHAUSTED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_server_aborts, set_up_server, tear_down),
      cmocka_unit_test_setup_teardown(test_server_aborts_answers, set_up_server, tear_down),
      cmocka_unit_test_setup_teardown(test_server_delays, set_up_server, tear_down),
      cmocka_unit_test_setup_teardown(test_delays_end_with_the_call, set_up_server, tear_down),
      cmocka_unit_test_setup_teardown(test_delays_end_with_the_server, set_up_server, tear_down),
      cmocka_unit_test_setup_teardown(test_counted_aborts_are_retried, set_up_server, tear_down),
      cmocka_unit_test_setup_teardown(test_calls_that_no_rule_is_for, set_up_server, tear_down),
      cmocka_unit_test_setup_teardown(test_client_aborts, set_up_client, tear_down),
      cmocka_unit_test_setup_teardown(test_client_loses_answers, set_up_client, tear_down),
      cmocka_unit_test_setup_teardown(test_client_delays, set_up_client, tear_down),
      cmocka_unit_test_setup_teardown(test_client_delays_end_with_the_context, set_up_client,
                                      tear_down),
      cmocka_unit_test_setup_teardown(test_service, set_up_server, tear_down),
      cmocka_unit_test_setup_teardown(test_service_refuses, set_up_server, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
