/* SPDX-License-Identifier: Apache-2.0 */
/* Interceptors on both ends: order, state, holding and refusing calls and answers, and what ends a
 * hold. */
#include <string.h>

#include "harness.h"

static harness fixture;
static char story[256]; /* who did what, in order */

static void tell(const char *what) {
  if (story[0] != '\0') {
    strcat(story, " ");
  }
  strcat(story, what);
}

/* What an interceptor of this test does with the next call. */
typedef enum plan { PLAN_PROCEED, PLAN_HOLD, PLAN_RESUME_AT_ONCE, PLAN_REFUSE } plan;

typedef struct actor {
  const char *start_word;
  const char *finish_word;
  plan plan;
  plan answer_plan;
  mesh_call *held;
  mesh_client_call *held_client;
  grpc_status_code finished_with;
  int finishes;
  mesh_timer look; /* for the call it is to hold */
} actor;

enum { LOOK_AGAIN_MS = 5 };

static actor server_actors[2] = {{.start_word = "s1", .finish_word = "S1"},
                                 {.start_word = "s2", .finish_word = "S2"}};
static actor client_actors[2] = {{.start_word = "c1", .finish_word = "C1"},
                                 {.start_word = "c2", .finish_word = "C2"}};

static mesh_verdict server_started(void *self, mesh_call *call, void *state) {
  actor *me = self;
  assert_int_equal(*(int *)state, 0);
  *(int *)state = 42;
  tell(me->start_word);
  switch (me->plan) {
  case PLAN_HOLD:
    me->held = call;
    return MESH_HOLD;
  case PLAN_RESUME_AT_ONCE:
    mesh_call_resume(call);
    return MESH_HOLD;
  case PLAN_REFUSE:
    mesh_call_fail(call, GRPC_STATUS_PERMISSION_DENIED, "refused");
    return MESH_REFUSE;
  default:
    return MESH_PROCEED;
  }
}

static void server_finished(void *self, mesh_call *call, const mesh_status *status, void *state) {
  actor *me = self;
  (void)call;
  assert_int_equal(*(int *)state, 42);
  tell(me->finish_word);
  me->finished_with = status->code;
  me->finishes++;
}

static mesh_verdict client_started(void *self, mesh_client_call *call, void *state) {
  static const mesh_status refusal = {GRPC_STATUS_UNAUTHENTICATED, "no token", NULL, 0};
  actor *me = self;
  mesh_bytes value = {"yes", 3};
  assert_int_equal(*(int *)state, 0);
  *(int *)state = 43;
  tell(me->start_word);
  mesh_client_call_add_metadata(call, me->start_word, value);
  switch (me->plan) {
  case PLAN_HOLD:
    me->held_client = call;
    return MESH_HOLD;
  case PLAN_RESUME_AT_ONCE:
    mesh_client_call_resume(call);
    return MESH_HOLD;
  case PLAN_REFUSE:
    mesh_client_call_refuse(call, &refusal);
    return MESH_REFUSE;
  default:
    return MESH_PROCEED;
  }
}

static void client_finished(void *self, mesh_client_call *call, const mesh_status *status,
                            void *state) {
  actor *me = self;
  assert_int_equal(*(int *)state, 43);
  assert_non_null(mesh_client_call_method(call));
  assert_ptr_equal(mesh_client_call_client(call), fixture.client);
  tell(me->finish_word);
  me->finished_with = status->code;
  me->finishes++;
}

static mesh_verdict server_answered(void *self, mesh_call *call, void *state) {
  static const mesh_status failure = {GRPC_STATUS_DATA_LOSS, "lost on the way", NULL, 0};
  actor *me = self;
  assert_int_equal(*(int *)state, 42);
  switch (me->answer_plan) {
  case PLAN_HOLD:
    tell("held");
    me->held = call;
    return MESH_HOLD;
  case PLAN_RESUME_AT_ONCE:
    mesh_call_resume(call);
    return MESH_HOLD;
  case PLAN_REFUSE:
    mesh_call_answer_with(call, &failure);
    return MESH_REFUSE;
  default:
    return MESH_PROCEED;
  }
}

static mesh_verdict client_answered(void *self, mesh_client_call *call, void *state) {
  static const mesh_status failure = {GRPC_STATUS_DATA_LOSS, "lost on the way", NULL, 0};
  actor *me = self;
  assert_int_equal(*(int *)state, 43);
  switch (me->answer_plan) {
  case PLAN_HOLD:
    tell("held");
    me->held_client = call;
    return MESH_HOLD;
  case PLAN_RESUME_AT_ONCE:
    mesh_client_call_resume(call);
    return MESH_HOLD;
  case PLAN_REFUSE:
    mesh_client_call_refuse(call, &failure);
    return MESH_REFUSE;
  default:
    return MESH_PROCEED;
  }
}

#define SERVER(index)                                                         \
  {                                                                           \
    .name = "test", .state_size = sizeof(int), .self = &server_actors[index], \
    .server_started = server_started, .server_answered = server_answered,     \
    .server_finished = server_finished                                        \
  }
#define CLIENT(index)                                                         \
  {                                                                           \
    .name = "test", .state_size = sizeof(int), .self = &client_actors[index], \
    .client_started = client_started, .client_answered = client_answered,     \
    .client_finished = client_finished                                        \
  }
static const mesh_interceptor server_interceptors[] = {SERVER(0), SERVER(1)};
static const mesh_interceptor client_interceptors[] = {CLIENT(0), CLIENT(1)};
static const mesh_interceptor *const client_list[] = {&client_interceptors[0],
                                                      &client_interceptors[1]};

static void echo(mesh_call *call, const echo_request *request, void *self) {
  (void)self;
  mesh_bytes value;
  tell("handler");
  assert_true(mesh_metadata_get(mesh_call_metadata(call), "c1", 0, &value));
  assert_true(mesh_metadata_get(mesh_call_metadata(call), "c2", 0, &value));
  echo_reply reply;
  mesh__test__v1__echo_reply__init(&reply);
  reply.text = request->text;
  mesh_test_v1_echo_reply(call, &reply);
}

static void collect_end(const mesh_status *status, const echo_request *message, void *data) {
  (void)status;
  (void)message;
  echo_reply reply;
  mesh__test__v1__echo_reply__init(&reply);
  mesh_test_v1_collect_reply(data, &reply);
}

static void collect(mesh_call *call, void *self) {
  (void)self;
  mesh_test_v1_collect_receive(call, collect_end, call);
}

static const mesh_test_v1_echo_service handlers = {.echo = echo, .collect = collect};

static int set_up(void **state) {
  (void)state;
  story[0] = '\0';
  for (int i = 0; i < 2; i++) {
    server_actors[i].plan = PLAN_PROCEED;
    server_actors[i].answer_plan = PLAN_PROCEED;
    server_actors[i].finishes = 0;
    server_actors[i].held = NULL;
    client_actors[i].plan = PLAN_PROCEED;
    client_actors[i].answer_plan = PLAN_PROCEED;
    client_actors[i].finishes = 0;
    client_actors[i].held_client = NULL;
  }
  harness_options options = {
      .handlers = &handlers,
      .client = {.interceptors = client_list, .interceptor_count = 2},
      .server_interceptors = {&server_interceptors[0], &server_interceptors[1]},
  };
  harness_start(&fixture, &options);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  harness_stop(&fixture);
  return 0;
}

/* Interceptors would run in another order than they were registered in, or not at all. */
static void test_order(void **state) {
  (void)state;
  harness_answer answer = harness_echo(&fixture, fixture.context, "x");
  assert_int_equal(answer.code, GRPC_STATUS_OK);
  assert_string_equal(story, "c1 c2 s1 s2 handler S2 S1 C2 C1");
}

/* A refusal would still reach the handler, or skip who has seen the start. */
static void test_server_refuses(void **state) {
  (void)state;
  server_actors[0].plan = PLAN_REFUSE;
  harness_answer answer = harness_echo(&fixture, fixture.context, "x");
  assert_int_equal(answer.code, GRPC_STATUS_PERMISSION_DENIED);
  assert_string_equal(answer.message, "refused");
  assert_string_equal(story, "c1 c2 s1 S1 C2 C1");
}

/* A refused call would go out all the same. */
static void test_client_refuses(void **state) {
  (void)state;
  client_actors[1].plan = PLAN_REFUSE;
  harness_answer answer = harness_echo(&fixture, fixture.context, "x");
  assert_int_equal(answer.code, GRPC_STATUS_UNAUTHENTICATED);
  assert_string_equal(answer.message, "no token");
  assert_string_equal(story, "c1 c2 C2 C1");
}

/* An interceptor that finds at once what it wanted to wait for would hang its call. */
static void test_resume_at_once(void **state) {
  (void)state;
  server_actors[0].plan = PLAN_RESUME_AT_ONCE;
  client_actors[0].plan = PLAN_RESUME_AT_ONCE;
  harness_answer answer = harness_echo(&fixture, fixture.context, "x");
  assert_int_equal(answer.code, GRPC_STATUS_OK);
  assert_string_equal(story, "c1 c2 s1 s2 handler S2 S1 C2 C1");
}

static void resume_server(void *data) {
  actor *me = data;
  if (me->held == NULL) { /* a slow machine */
    mesh_timer_start(fixture.loop, &me->look, LOOK_AGAIN_MS, resume_server, me);
    return;
  }
  tell("resume");
  mesh_call_resume(me->held);
}

static void resume_client(void *data) {
  actor *me = data;
  if (me->held_client == NULL) {
    mesh_timer_start(fixture.loop, &me->look, LOOK_AGAIN_MS, resume_client, me);
    return;
  }
  tell("resume");
  mesh_client_call_resume(me->held_client);
}

/* A held call would run on before it is resumed, or never. */
static void test_hold(void **state) {
  (void)state;
  mesh_timer timers[2] = {{.due_ms = 0}, {.due_ms = 0}};
  client_actors[0].plan = PLAN_HOLD;
  server_actors[1].plan = PLAN_HOLD;
  mesh_timer_start(fixture.loop, &timers[0], 20, resume_client, &client_actors[0]);
  mesh_timer_start(fixture.loop, &timers[1], 60, resume_server, &server_actors[1]);
  harness_answer answer = harness_echo(&fixture, fixture.context, "x");
  assert_int_equal(answer.code, GRPC_STATUS_OK);
  assert_string_equal(story, "c1 resume c2 s1 s2 resume handler S2 S1 C2 C1");
}

/* The deadline would not reach a call that is held: its caller would wait for the interceptor. */
static void test_deadline_while_held_by_client(void **state) {
  (void)state;
  client_actors[0].plan = PLAN_HOLD;
  harness_answer answer =
      harness_echo(&fixture, mesh_context_with_timeout(fixture.context, 20), "x");
  assert_int_equal(answer.code, GRPC_STATUS_DEADLINE_EXCEEDED);
  assert_string_equal(story, "c1 C1");
}

static void cancel_context(void *context) {
  mesh_context_cancel(context);
}

/* Nor would cancellation. */
static void test_cancel_while_held_by_client(void **state) {
  (void)state;
  mesh_timer timer = {0};
  mesh_context *context = mesh_context_new(fixture.loop, NULL, MESH_NO_TIMEOUT);
  client_actors[0].plan = PLAN_HOLD;
  mesh_timer_start(fixture.loop, &timer, 10, cancel_context, context);
  harness_answer answer = harness_echo(&fixture, context, "x");
  assert_int_equal(answer.code, GRPC_STATUS_CANCELLED);
  assert_string_equal(story, "c1 C1");
  mesh_context_release(context);
}

/* A call whose client is gone would be held, and its memory with it, until somebody resumes it. */
static void test_deadline_while_held_by_server(void **state) {
  (void)state;
  harness_echo(&fixture, fixture.context, "connect");
  server_actors[0].finishes = 0;
  server_actors[1].finishes = 0;
  server_actors[0].plan = PLAN_HOLD;
  harness_answer answer =
      harness_echo(&fixture, mesh_context_with_timeout(fixture.context, 20), "x");
  assert_int_equal(answer.code, GRPC_STATUS_DEADLINE_EXCEEDED);
  for (int i = 0; i < 1000 && server_actors[0].finishes == 0; i++) {
    harness_run_for(&fixture, 5);
  }
  assert_int_equal(server_actors[0].finishes, 1);
  /* Whichever is faster: the server's own clock, or the client's word that it has gone. */
  assert_true(server_actors[0].finished_with == GRPC_STATUS_DEADLINE_EXCEEDED ||
              server_actors[0].finished_with == GRPC_STATUS_CANCELLED);
  assert_int_equal(server_actors[1].finishes, 0);
}

static void end_held(void *data) {
  actor *me = data;
  if (me->held == NULL) {
    mesh_timer_start(fixture.loop, &me->look, LOOK_AGAIN_MS, end_held, me);
    return;
  }
  tell("end");
  mesh_call_fail(me->held, GRPC_STATUS_RESOURCE_EXHAUSTED, "slow down");
}

/* A hold could end only one way. */
static void test_held_call_is_ended(void **state) {
  (void)state;
  mesh_timer timer = {0};
  server_actors[0].plan = PLAN_HOLD;
  mesh_timer_start(fixture.loop, &timer, 20, end_held, &server_actors[0]);
  harness_answer answer = harness_echo(&fixture, fixture.context, "x");
  assert_int_equal(answer.code, GRPC_STATUS_RESOURCE_EXHAUSTED);
  assert_string_equal(story, "c1 c2 s1 end S1 C2 C1");
}

static int sends_failed;

static void on_sent(bool ok, void *data) {
  (void)data;
  sends_failed += !ok;
}

/* What a stream sends while it is held would be lost. */
static void test_stream_is_held(void **state) {
  (void)state;
  mesh_timer timer = {0};
  harness_answer answer = {.owner = &fixture};
  echo_request request;
  mesh__test__v1__echo_request__init(&request);
  client_actors[1].plan = PLAN_HOLD;
  mesh_client_call *call =
      mesh_test_v1_collect(fixture.client, fixture.context, harness_on_answer, &answer);
  mesh_test_v1_collect_client_send(call, &request, on_sent, NULL);
  mesh_client_call_close_send(call);
  mesh_timer_start(fixture.loop, &timer, 20, resume_client, &client_actors[1]);
  harness_run(&fixture);
  assert_int_equal(answer.code, GRPC_STATUS_OK);
}

/* A refused stream would leave its sends without an answer. */
static void test_stream_is_refused(void **state) {
  (void)state;
  harness_answer answer = {.owner = &fixture};
  echo_request request;
  mesh__test__v1__echo_request__init(&request);
  client_actors[1].plan = PLAN_REFUSE;
  sends_failed = 0;
  mesh_client_call *call =
      mesh_test_v1_collect(fixture.client, fixture.context, harness_on_answer, &answer);
  mesh_test_v1_collect_client_send(call, &request, on_sent, NULL);
  mesh_client_call_close_send(call);
  assert_int_equal(sends_failed, 0);
  harness_run(&fixture);
  assert_int_equal(sends_failed, 1);
  assert_int_equal(answer.count, 1);
  assert_int_equal(answer.code, GRPC_STATUS_UNAUTHENTICATED);
}

/* An answer that is held would get through before it is resumed, or never. */
static void test_hold_answers(void **state) {
  (void)state;
  mesh_timer timers[2] = {{.due_ms = 0}, {.due_ms = 0}};
  server_actors[1].answer_plan = PLAN_HOLD;
  client_actors[0].answer_plan = PLAN_HOLD;
  mesh_timer_start(fixture.loop, &timers[0], 20, resume_server, &server_actors[1]);
  mesh_timer_start(fixture.loop, &timers[1], 60, resume_client, &client_actors[0]);
  harness_answer answer = harness_echo(&fixture, fixture.context, "x");
  assert_int_equal(answer.code, GRPC_STATUS_OK);
  assert_string_equal(answer.text, "x");
  assert_string_equal(story, "c1 c2 s1 s2 handler held resume S2 S1 held resume C2 C1");
}

/* An interceptor that need not wait for what it wanted to hold an answer for would hang its call.
 */
static void test_resume_answers_at_once(void **state) {
  (void)state;
  server_actors[0].answer_plan = PLAN_RESUME_AT_ONCE;
  client_actors[0].answer_plan = PLAN_RESUME_AT_ONCE;
  harness_answer answer = harness_echo(&fixture, fixture.context, "x");
  assert_int_equal(answer.code, GRPC_STATUS_OK);
  assert_string_equal(story, "c1 c2 s1 s2 handler S2 S1 C2 C1");
}

/* What takes an answer's place would not be told to the other interceptors, or the answer arrive.
 */
static void test_server_replaces_answer(void **state) {
  (void)state;
  server_actors[1].answer_plan = PLAN_REFUSE;
  harness_answer answer = harness_echo(&fixture, fixture.context, "x");
  assert_int_equal(answer.code, GRPC_STATUS_DATA_LOSS);
  assert_string_equal(answer.message, "lost on the way");
  assert_false(answer.has_reply);
  assert_string_equal(story, "c1 c2 s1 s2 handler S2 S1 C2 C1");
  assert_int_equal(server_actors[0].finished_with, GRPC_STATUS_DATA_LOSS);
}

static void replace_held_answer(void *data) {
  static const mesh_status failure = {GRPC_STATUS_DATA_LOSS, "lost on the way", NULL, 0};
  actor *me = data;
  if (me->held == NULL) {
    mesh_timer_start(fixture.loop, &me->look, LOOK_AGAIN_MS, replace_held_answer, me);
    return;
  }
  tell("replace");
  mesh_call_answer_with(me->held, &failure);
  mesh_call_resume(me->held);
}

/* What takes the place of an answer later would be passed to others as an answer, and held again.
 */
static void test_server_replaces_held_answer(void **state) {
  (void)state;
  mesh_timer timer = {.due_ms = 0};
  server_actors[0].answer_plan = PLAN_HOLD;
  server_actors[1].answer_plan = PLAN_HOLD;
  mesh_timer_start(fixture.loop, &timer, 20, replace_held_answer, &server_actors[1]);
  const mesh_context *bounded = mesh_context_with_timeout(fixture.context, 2000);
  harness_answer answer = harness_echo(&fixture, bounded, "x");
  assert_int_equal(answer.code, GRPC_STATUS_DATA_LOSS);
  assert_false(answer.has_reply);
  assert_string_equal(story, "c1 c2 s1 s2 handler held replace S2 S1 C2 C1");
}

/* Likewise at the client, whose server thinks that all is well. */
static void test_client_replaces_answer(void **state) {
  (void)state;
  client_actors[1].answer_plan = PLAN_REFUSE;
  harness_answer answer = harness_echo(&fixture, fixture.context, "x");
  assert_int_equal(answer.code, GRPC_STATUS_DATA_LOSS);
  assert_false(answer.has_reply);
  assert_string_equal(story, "c1 c2 s1 s2 handler S2 S1 C2 C1");
  assert_int_equal(server_actors[0].finished_with, GRPC_STATUS_OK);
  assert_int_equal(client_actors[0].finished_with, GRPC_STATUS_DATA_LOSS);
}

/* A caller would wait for an answer longer than it said it would. */
static void test_deadline_while_answer_is_held_by_client(void **state) {
  (void)state;
  harness_echo(&fixture, fixture.context, "connect");
  story[0] = '\0';
  client_actors[0].answer_plan = PLAN_HOLD;
  harness_answer answer =
      harness_echo(&fixture, mesh_context_with_timeout(fixture.context, 500), "x");
  assert_int_equal(answer.code, GRPC_STATUS_DEADLINE_EXCEEDED);
  assert_false(answer.has_reply);
  assert_string_equal(story, "c1 c2 s1 s2 handler S2 S1 held C2 C1");
}

static void cancel_when_held(void *context) {
  actor *me = &client_actors[1];
  if (me->held_client == NULL) {
    mesh_timer_start(fixture.loop, &me->look, LOOK_AGAIN_MS, cancel_when_held, context);
    return;
  }
  mesh_context_cancel(context);
}

/* Nor would a caller that has lost interest be let go. */
static void test_cancel_while_answer_is_held_by_client(void **state) {
  (void)state;
  mesh_context *context = mesh_context_new(fixture.loop, NULL, MESH_NO_TIMEOUT);
  client_actors[1].answer_plan = PLAN_HOLD;
  cancel_when_held(context);
  harness_answer answer = harness_echo(&fixture, context, "x");
  assert_int_equal(answer.code, GRPC_STATUS_CANCELLED);
  assert_string_equal(story, "c1 c2 s1 s2 handler S2 S1 held C2 C1");
  mesh_context_release(context);
}

/* A server would keep calls, and count them as in flight, whose clients have gone. */
static void test_deadline_while_answer_is_held_by_server(void **state) {
  (void)state;
  harness_echo(&fixture, fixture.context, "connect");
  server_actors[0].finishes = 0;
  server_actors[1].finishes = 0;
  server_actors[1].answer_plan = PLAN_HOLD;
  harness_answer answer =
      harness_echo(&fixture, mesh_context_with_timeout(fixture.context, 500), "x");
  assert_int_equal(answer.code, GRPC_STATUS_DEADLINE_EXCEEDED);
  for (int i = 0; i < 1000 && server_actors[0].finishes == 0; i++) {
    harness_run_for(&fixture, 5);
  }
  assert_int_equal(server_actors[0].finishes, 1);
  assert_int_equal(server_actors[1].finishes, 1);
  assert_true(server_actors[0].finished_with == GRPC_STATUS_DEADLINE_EXCEEDED ||
              server_actors[0].finished_with == GRPC_STATUS_CANCELLED);
}

/* A stream's end that is held would be lost when somebody sends meanwhile, or come twice. */
static void test_end_of_stream_is_held(void **state) {
  (void)state;
  mesh_timer timer = {0};
  harness_answer answer = {.owner = &fixture};
  echo_request request;
  mesh__test__v1__echo_request__init(&request);
  client_actors[0].answer_plan = PLAN_HOLD;
  mesh_client_call *call =
      mesh_test_v1_collect(fixture.client, fixture.context, harness_on_answer, &answer);
  mesh_test_v1_collect_client_send(call, &request, on_sent, NULL);
  mesh_client_call_close_send(call);
  mesh_timer_start(fixture.loop, &timer, 20, resume_client, &client_actors[0]);
  harness_run(&fixture);
  assert_int_equal(answer.code, GRPC_STATUS_OK);
  assert_int_equal(answer.count, 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_order, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_server_refuses, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_client_refuses, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_resume_at_once, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_hold, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_deadline_while_held_by_client, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_cancel_while_held_by_client, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_deadline_while_held_by_server, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_held_call_is_ended, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_stream_is_held, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_stream_is_refused, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_hold_answers, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_resume_answers_at_once, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_server_replaces_answer, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_server_replaces_held_answer, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_client_replaces_answer, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_deadline_while_answer_is_held_by_client, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(test_cancel_while_answer_is_held_by_client, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(test_deadline_while_answer_is_held_by_server, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(test_end_of_stream_is_held, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
