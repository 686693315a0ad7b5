/* SPDX-License-Identifier: Apache-2.0 */
/* Operations that have their effect once. */
#include <sqlite3.h>
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

/* A retried call would have its effect twice, or be told something else than the first. */
static void test_same_call_gives_the_same_reply(void **state) {
  store_harness *harness = *state;
  store_harness_op first = {.text = "one", .key = "k"};
  store_harness_op again = {.text = "one", .key = "k"};
  store_harness_write(harness, &first);
  store_harness_write(harness, &again); /* most likely within the same group */
  store_harness_wait(harness);
  assert_int_equal(first.repeat, STORE_FIRST);
  assert_int_equal(again.repeat, STORE_REPEATED);
  assert_int_equal(again.code, GRPC_STATUS_OK);
  assert_string_equal(again.reply, first.reply);
  assert_int_equal(store_harness_notes(harness), 1);
}

/* A restart between the call and its retry would let the effect happen twice. */
static void test_replies_outlive_a_restart(void **state) {
  store_harness *harness = *state;
  store_harness_op first = {.text = "one", .key = "k"};
  store_harness_op again = {.text = "one", .key = "k"};
  store_harness_write(harness, &first);
  store_harness_wait(harness);
  store_harness_reopen(harness);
  store_harness_write(harness, &again);
  store_harness_wait(harness);
  assert_int_equal(again.repeat, STORE_REPEATED);
  assert_string_equal(again.reply, first.reply);
}

/* A client that reuses a key by mistake would be told that its new request was done. */
static void test_key_with_another_request_is_refused(void **state) {
  store_harness *harness = *state;
  store_harness_op first = {.text = "one", .key = "k"};
  store_harness_op other = {.text = "two", .key = "k"};
  store_harness_op other_key = {.text = "two", .key = "l"};
  store_harness_write(harness, &first);
  store_harness_write(harness, &other);
  store_harness_write(harness, &other_key);
  store_harness_wait(harness);
  assert_int_equal(other.repeat, STORE_KEY_TAKEN);
  assert_int_equal(other.code, GRPC_STATUS_INVALID_ARGUMENT);
  assert_int_equal(other_key.repeat, STORE_FIRST);
  assert_int_equal(store_harness_notes(harness), 2);
}

static mesh_status refuse(store_transaction *transaction, void *data) {
  mesh_status status = store_harness_insert(transaction, data);
  (void)status;
  return mesh_status_error(GRPC_STATUS_FAILED_PRECONDITION, "not now");
}

/* A call that failed could never be retried. */
static void test_failures_are_not_kept(void **state) {
  store_harness *harness = *state;
  store_harness_op failing = {.text = "one", .key = "k", .run = refuse};
  store_harness_op again = {.text = "one", .key = "k"};
  store_harness_write(harness, &failing);
  store_harness_wait(harness);
  store_harness_write(harness, &again);
  store_harness_wait(harness);
  assert_int_equal(failing.code, GRPC_STATUS_FAILED_PRECONDITION);
  assert_int_equal(again.repeat, STORE_FIRST);
  assert_int_equal(again.code, GRPC_STATUS_OK);
}

static store_result looked_up;
static char looked_up_reply[16];

static void on_looked_up(const store_result *result, void *data) {
  looked_up = *result;
  snprintf(looked_up_reply, sizeof looked_up_reply, "%.*s", (int)result->reply.size,
           result->reply.data != NULL ? (const char *)result->reply.data : "");
  mesh_loop_stop(((store_harness *)data)->loop);
}

static void look_up(store_harness *harness, const char *key, const char *request) {
  store_operation operation = {.done = on_looked_up, .data = harness};
  operation.once = (store_once){"Notes/Add", key, {request, strlen(request)}};
  store_read(harness->store, harness->context, &operation);
  mesh_loop_run(harness->loop);
}

/* A service could not tell a retried call before it starts to work on it. */
static void test_a_read_finds_a_kept_reply(void **state) {
  store_harness *harness = *state;
  store_harness_op first = {.text = "one", .key = "k"};
  store_harness_write(harness, &first);
  store_harness_wait(harness);
  look_up(harness, "k", "one");
  assert_int_equal(looked_up.repeat, STORE_REPEATED);
  assert_string_equal(looked_up_reply, first.reply);
  look_up(harness, "k", "two");
  assert_int_equal(looked_up.repeat, STORE_KEY_TAKEN);
  look_up(harness, "l", "one");
  assert_int_equal(looked_up.repeat, STORE_FIRST);
  assert_int_equal(looked_up.status.code, GRPC_STATUS_OK);
}

static int64_t kept(store_harness *harness) {
  char path[128];
  sqlite3 *db = NULL;
  sqlite3_stmt *statement = NULL;
  snprintf(path, sizeof path, "%s/notes.db", harness->folder.path);
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  sqlite3_prepare_v2(db, "SELECT count(*) FROM store_replies", -1, &statement, NULL);
  sqlite3_step(statement);
  int64_t number = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  sqlite3_close(db);
  return number;
}

/* Keys would fill the disk. The bound holds for old ones and for many; what is within stays. */
static void test_forgets_the_oldest(void **state) {
  (void)state;
  store_harness harness;
  store_options few = {.reply_max_count = 10};
  store_harness_start(&harness, &few);
  char texts[40][16];
  for (int i = 0; i < 40; i++) {
    store_harness_op op = {.text = texts[i], .key = texts[i]};
    snprintf(texts[i], sizeof texts[i], "note %d", i);
    store_harness_write(&harness, &op);
    store_harness_wait(&harness);
  }
  /* The first commit of a run looks for old ones. */
  store_harness_reopen(&harness);
  store_harness_op latest = {.text = texts[39], .key = texts[39]};
  store_harness_op first = {.text = "another", .key = texts[0]};
  store_harness_write(&harness, &latest);
  store_harness_wait(&harness);
  assert_int_equal(latest.repeat, STORE_REPEATED);
  assert_int_equal(kept(&harness), 10);
  store_harness_write(&harness, &first);
  store_harness_wait(&harness);
  assert_int_equal(first.repeat, STORE_FIRST);
  store_harness_stop(&harness);
}

/* More calls a second than are forgotten in one would fill the disk all the same. */
static void test_forgetting_keeps_up(void **state) {
  (void)state;
  enum { MANY = 1000, MORE = 40 };
  static store_harness_op ops[MANY + MORE];
  static char texts[MANY + MORE][16];
  store_harness harness;
  store_options few = {.reply_max_count = 10};
  store_harness_start(&harness, &few);
  for (int i = 0; i < MANY + MORE; i++) {
    snprintf(texts[i], sizeof texts[i], "note %d", i);
    ops[i] = (store_harness_op){.text = texts[i], .key = texts[i]};
  }
  for (int i = 0; i < MANY; i++) {
    store_harness_write(&harness, &ops[i]);
  }
  store_harness_wait(&harness);
  store_harness_reopen(&harness); /* looks with its first commit */
  for (int i = MANY; i < MANY + MORE; i++) {
    store_harness_write(&harness, &ops[i]);
    store_harness_wait(&harness);
  }
  assert_in_range(kept(&harness), 10, 10 + MORE);
  store_harness_stop(&harness);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_same_call_gives_the_same_reply, start, stop),
      cmocka_unit_test_setup_teardown(test_replies_outlive_a_restart, start, stop),
      cmocka_unit_test_setup_teardown(test_key_with_another_request_is_refused, start, stop),
      cmocka_unit_test_setup_teardown(test_failures_are_not_kept, start, stop),
      cmocka_unit_test_setup_teardown(test_a_read_finds_a_kept_reply, start, stop),
      cmocka_unit_test(test_forgets_the_oldest),
      cmocka_unit_test(test_forgetting_keeps_up),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
