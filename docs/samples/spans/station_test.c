/* SPDX-License-Identifier: Apache-2.0 */
/* Station and ballot behind real sockets on one loop; their spans are kept in memory. */
#include <mesh/server.h>
#include <mesh/tracing.h>
#include <otlp/exporters.h>
#include <otlp/sdk.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../ballot/ballot.h"
#include "sample/ballot/v1/ballot.mesh.h"
#include "station.h"

static mesh_loop *loop;
static otlp_exporter *memory;
static otlp_tracer_provider *provider;
static mesh_tracing *tracing;
static ballot *counter;
static station tested;
static mesh_server *servers[2];
static mesh_client *clients[2];

static void set_up_tracing(void) {
  memory = otlp_memory_exporter_new();
  otlp_tracer_provider_options options = OTLP_TRACER_PROVIDER_OPTIONS_INIT;
  options.processors[0] = otlp_simple_processor_new(memory);
  options.processor_count = 1;
  provider = otlp_tracer_provider_new(&options);
  otlp_scope scope = {.name = otlp_string_from("station")};
  mesh_loop_set_tracer(loop, otlp_tracer_provider_get_tracer(provider, &scope));
  mesh_tracing_options tracing_options = {provider, otlp_propagators_from_environment()};
  mesh_status status = mesh_tracing_new(&tracing_options, &tracing);
  assert_true(mesh_status_is_ok(&status));
}

static void serve(size_t index, mesh_service service) {
  mesh_server_options options = MESH_SERVER_OPTIONS_INIT;
  options.loops = &loop;
  options.loop_count = 1;
  options.address = "127.0.0.1:0";
  mesh_status status = mesh_server_new(&options, &servers[index]);
  assert_true(mesh_status_is_ok(&status));
  mesh_server_use(servers[index], mesh_tracing_server_interceptor(tracing));
  status = mesh_server_add(servers[index], service);
  assert_true(mesh_status_is_ok(&status));
  status = mesh_server_start(servers[index]);
  assert_true(mesh_status_is_ok(&status));
}

static mesh_client *client_of(size_t index) {
  char target[32];
  snprintf(target, sizeof target, "127.0.0.1:%d", mesh_server_port(servers[index]));
  const mesh_interceptor *interceptors[] = {mesh_tracing_client_interceptor(tracing)};
  mesh_client_options options = MESH_CLIENT_OPTIONS_INIT;
  options.target = target;
  options.interceptors = interceptors;
  options.interceptor_count = 1;
  mesh_status status = mesh_client_new(&options, &clients[index]);
  assert_true(mesh_status_is_ok(&status));
  return clients[index];
}

static int set_up(void **state) {
  (void)state;
  loop = mesh_loop_new();
  set_up_tracing();
  counter = ballot_new();
  serve(0, ballot_bind(counter));
  tested.ballot = client_of(0);
  serve(1, station_bind(&tested));
  client_of(1);
  return 0;
}

static void stop(void *data) {
  (void)data;
  mesh_loop_stop(loop);
}

static int tear_down(void **state) {
  (void)state;
  for (size_t i = 2; i-- > 0;) {
    mesh_client_destroy(clients[i]);
    mesh_server_drain(servers[i], 0, stop, NULL);
    mesh_loop_run(loop);
    mesh_server_destroy(servers[i]);
  }
  ballot_destroy(counter);
  mesh_loop_destroy(loop);
  mesh_tracing_destroy(tracing);
  otlp_tracer_provider_destroy(provider);
  return 0;
}

static void on_voted(const mesh_status *status, const Sample__Ballot__V1__Candidate *reply,
                     void *data) {
  (void)reply;
  *(grpc_status_code *)data = status->code;
  mesh_loop_stop(loop);
}

static grpc_status_code vote(char *name) {
  Sample__Ballot__V1__VoteRequest request = SAMPLE__BALLOT__V1__VOTE_REQUEST__INIT;
  request.name = name;
  request.weight = 2;
  grpc_status_code code = GRPC_STATUS_UNKNOWN;
  mesh_context *context = mesh_context_new(loop, NULL, 10000);
  sample_ballot_v1_vote(clients[1], context, &request, on_voted, &code);
  mesh_context_release(context);
  mesh_loop_run(loop);
  return code;
}

static bool contains(otlp_bytes message, const char *text) {
  return memmem(message.data, message.size, text, strlen(text)) != NULL;
}

/* The first span with `text` in it; empty if there is none. */
static otlp_bytes span_with(const char *text) {
  for (size_t i = 0; i < otlp_memory_exporter_count(memory); i++) {
    otlp_bytes message = otlp_memory_exporter_get(memory, i).message;
    if (contains(message, text)) {
      return message;
    }
  }
  return (otlp_bytes){NULL, 0};
}

/* A vote would leave no trace, or one without what the handler says about it. */
static void test_a_vote_is_a_trace(void **state) {
  (void)state;
  assert_int_equal(vote((char[]){"ada"}), GRPC_STATUS_OK);
  /* CLIENT and SERVER, twice, and the handler's own */
  assert_int_equal(otlp_memory_exporter_count(memory), 5);
  otlp_bytes span = span_with("forward_vote");
  assert_true(contains(span, "vote.sealed"));
  assert_true(contains(span, "ballot.votes"));
  assert_false(contains(span, "exception"));
  assert_true(contains(span_with("ballot.candidate"), "ada"));
}

/* Nobody would see in the trace why a vote was lost. */
static void test_a_failure_is_in_the_trace(void **state) {
  (void)state;
  assert_int_equal(vote((char[]){"nobody"}), GRPC_STATUS_NOT_FOUND);
  otlp_bytes span = span_with("forward_vote");
  assert_true(contains(span, "exception.message"));
  assert_true(contains(span, "nobody stands as 'nobody'"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_a_vote_is_a_trace, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_failure_is_in_the_trace, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
