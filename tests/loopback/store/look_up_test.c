/* SPDX-License-Identifier: Apache-2.0 */
/* Look-ups: reads on the loop's own thread, or the reader's when that is at work. */
#include <pthread.h>
#include <semaphore.h>
#include <string.h>

#include "store_harness.h"

static int start(void **state) {
  static store_harness harness;
  store_harness_start(&harness, NULL);
  *state = &harness;
  return 0;
}

static int stop(void **state) {
  store_harness_stop(*state);
  return 0;
}

/* A look-up, and what it saw. */
typedef struct look_up {
  store_harness_op op;
  store_harness *harness;
  pthread_t ran_on;
  bool has_run;
  bool has_run_at_once; /* within store_look_up */
} look_up;

static mesh_status count(store_transaction *transaction, void *data) {
  look_up *self = data; /* the op is its first member */
  self->ran_on = pthread_self();
  self->has_run = true;
  return store_harness_count(transaction, &self->op);
}

static void begin(void *data) {
  look_up *self = data;
  store_harness_look_up(self->harness, &self->op);
  self->has_run_at_once = self->has_run;
}

/* From within the loop, where handlers are. */
static void start_look_up(store_harness *harness, look_up *self) {
  self->harness = harness;
  if (self->op.run == NULL) {
    self->op.run = count;
  }
  mesh_loop_post(harness->loop, begin, self);
  harness->waiting++; /* until it has begun, which counts it, too */
}

static void has_begun(void *data) {
  store_harness *harness = data;
  if (--harness->waiting == 0) {
    mesh_loop_stop(harness->loop);
  }
}

static void run_look_up(store_harness *harness, look_up *self) {
  start_look_up(harness, self);
  mesh_loop_post(harness->loop, has_begun, harness);
  store_harness_wait(harness);
}

/* A look-up would cost two hand-overs; or come in the middle of the handler. */
static void test_runs_on_the_loop(void **state) {
  store_harness *harness = *state;
  look_up self = {0};
  run_look_up(harness, &self);
  assert_true(pthread_equal(self.ran_on, pthread_self()));
  assert_false(self.has_run_at_once);
  assert_int_equal(self.op.answers, 1);
  assert_int_equal(self.op.code, GRPC_STATUS_OK);
  assert_int_equal(store_get_stats(harness->store).reads, 1);
}

/* Of a burst only the first would be answered. */
static void test_all_of_a_burst_are_answered(void **state) {
  store_harness *harness = *state;
  enum { COUNT = 200 };
  static look_up burst[COUNT];
  for (int i = 0; i < COUNT; i++) {
    start_look_up(harness, &burst[i]);
    mesh_loop_post(harness->loop, has_begun, harness);
  }
  store_harness_wait(harness);
  for (int i = 0; i < COUNT; i++) {
    assert_int_equal(burst[i].op.answers, 1);
    assert_true(pthread_equal(burst[i].ran_on, pthread_self()));
  }
  assert_int_equal(store_get_stats(harness->store).reads, COUNT);
}

/* A client would not find what it was told is there. */
static void test_sees_what_was_acknowledged(void **state) {
  store_harness *harness = *state;
  for (int i = 1; i <= 3; i++) {
    char text[8];
    snprintf(text, sizeof text, "%d", i);
    store_harness_op write = {.text = text};
    store_harness_write(harness, &write);
    store_harness_wait(harness);
    look_up self = {0};
    run_look_up(harness, &self);
    assert_int_equal(self.op.number, i);
  }
}

static sem_t may_go_on;
static sem_t has_started;

static mesh_status hold_up(store_transaction *transaction, void *data) {
  sem_post(&has_started);
  sem_wait(&may_go_on);
  return store_harness_count(transaction, data);
}

static void let_go(void *data) {
  (void)data;
  sem_post(&may_go_on);
}

/* Behind the look-up, which has found the reader at work then. */
static void let_go_at_rest(void *data) {
  store_harness *harness = data;
  mesh_loop_post_at_rest(harness->loop, let_go, harness);
  has_begun(harness);
}

/* The loop would wait for a list of a thousand rows, or two threads use one connection. */
static void test_waits_for_no_other_read(void **state) {
  store_harness *harness = *state;
  sem_init(&has_started, 0, 0);
  sem_init(&may_go_on, 0, 0);
  store_harness_op list = {.run = hold_up};
  store_harness_read(harness, &list);
  sem_wait(&has_started);
  look_up self = {0};
  start_look_up(harness, &self);
  mesh_loop_post(harness->loop, let_go_at_rest, harness);
  store_harness_wait(harness);
  assert_false(pthread_equal(self.ran_on, pthread_self()));
  assert_int_equal(self.op.answers, 1);
  assert_int_equal(self.op.code, GRPC_STATUS_OK);
  assert_int_equal(list.code, GRPC_STATUS_OK);
}

/* A start or a test, which have no loop under them yet, would have to know the difference. */
static void test_is_a_read_outside_the_loop(void **state) {
  store_harness *harness = *state;
  look_up self = {.op = {.run = count}};
  store_harness_look_up(harness, &self.op);
  store_harness_wait(harness);
  assert_int_equal(self.op.code, GRPC_STATUS_OK);
  assert_false(pthread_equal(self.ran_on, pthread_self()));
}

static mesh_status refuse(store_transaction *transaction, void *data) {
  (void)data;
  const char *name = mesh_arena_printf(store_arena(transaction), "no note '%d'", 7);
  return mesh_status_error(GRPC_STATUS_NOT_FOUND, "%s", name);
}

/* What it was refused with would be lost, or not live until it is told. */
static void test_a_refusal_reaches_the_continuation(void **state) {
  store_harness *harness = *state;
  look_up self = {.op = {.run = refuse}};
  run_look_up(harness, &self);
  assert_int_equal(self.op.code, GRPC_STATUS_NOT_FOUND);
  assert_string_equal(self.op.message, "no note '7'");
}

/* A call whose time is over would still be worked for. */
static void test_a_passed_deadline_runs_nothing(void **state) {
  store_harness *harness = *state;
  mesh_context *context = mesh_context_new(harness->loop, NULL, 0);
  look_up self = {.op = {.context = context}};
  run_look_up(harness, &self);
  assert_false(self.has_run);
  assert_int_equal(self.op.code, GRPC_STATUS_DEADLINE_EXCEEDED);
  mesh_context_release(context);
}

/* A kept reply would not be found. */
static void test_finds_the_reply_of_a_key(void **state) {
  store_harness *harness = *state;
  store_harness_op write = {.text = "once", .key = "key"};
  store_harness_write(harness, &write);
  store_harness_wait(harness);
  look_up self = {.op = {.text = "once", .key = "key"}};
  run_look_up(harness, &self);
  assert_false(self.has_run);
  assert_int_equal(self.op.repeat, STORE_REPEATED);
  assert_string_equal(self.op.reply, "1");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_runs_on_the_loop, start, stop),
      cmocka_unit_test_setup_teardown(test_all_of_a_burst_are_answered, start, stop),
      cmocka_unit_test_setup_teardown(test_sees_what_was_acknowledged, start, stop),
      cmocka_unit_test_setup_teardown(test_waits_for_no_other_read, start, stop),
      cmocka_unit_test_setup_teardown(test_is_a_read_outside_the_loop, start, stop),
      cmocka_unit_test_setup_teardown(test_a_refusal_reaches_the_continuation, start, stop),
      cmocka_unit_test_setup_teardown(test_a_passed_deadline_runs_nothing, start, stop),
      cmocka_unit_test_setup_teardown(test_finds_the_reply_of_a_key, start, stop),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
