/* SPDX-License-Identifier: Apache-2.0 */
/* Group commit: many in one transaction, each for itself. */
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

/* What is acknowledged would not be there. */
static void test_writes_and_reads(void **state) {
  store_harness *harness = *state;
  store_harness_op op = {.text = "one"};
  store_harness_write(harness, &op);
  assert_int_equal(op.answers, 0); /* never from within */
  store_harness_wait(harness);
  assert_int_equal(op.answers, 1);
  assert_int_equal(op.code, GRPC_STATUS_OK);
  assert_string_equal(op.reply, "1");
  assert_int_equal(store_harness_notes(harness), 1);
  store_harness_reopen(harness);
  assert_int_equal(store_harness_notes(harness), 1);
}

/* Holds the writer up until the test lets it go. */
static sem_t may_go_on;
static sem_t has_started;

static mesh_status hold_up(store_transaction *transaction, void *data) {
  sem_post(&has_started);
  sem_wait(&may_go_on);
  return store_harness_insert(transaction, data);
}

/* Starts an operation that keeps the writer busy. */
static void occupy_writer(store_harness *harness, store_harness_op *op) {
  sem_init(&has_started, 0, 0);
  sem_init(&may_go_on, 0, 0);
  op->run = hold_up;
  store_harness_write(harness, op);
  sem_wait(&has_started);
}

/* Each operation would pay for a sync of its own. */
static void test_waiting_operations_share_a_commit(void **state) {
  store_harness *harness = *state;
  enum { COUNT = 100 };
  store_harness_op first = {.text = "first"};
  store_harness_op ops[COUNT] = {{0}};
  char texts[COUNT][16];
  occupy_writer(harness, &first);
  for (int i = 0; i < COUNT; i++) {
    snprintf(texts[i], sizeof texts[i], "note %d", i);
    ops[i].text = texts[i];
    store_harness_write(harness, &ops[i]);
  }
  sem_post(&may_go_on);
  store_harness_wait(harness);
  for (int i = 0; i < COUNT; i++) {
    assert_int_equal(ops[i].code, GRPC_STATUS_OK);
    assert_int_equal(ops[i].number, i + 2); /* in the order they came */
  }
  store_stats stats = store_get_stats(harness->store);
  assert_int_equal(stats.writes, COUNT + 1);
  assert_int_equal(stats.groups, 2);
}

static mesh_status write_then_refuse(store_transaction *transaction, void *data) {
  mesh_status status = store_harness_insert(transaction, data);
  (void)status;
  return mesh_status_error(GRPC_STATUS_FAILED_PRECONDITION, "changed my mind");
}

/* One operation that fails would take its neighbours down, or leave half of itself behind. */
static void test_each_fails_for_itself(void **state) {
  store_harness *harness = *state;
  store_harness_op first = {.text = "first"};
  store_harness_op good = {.text = "good"};
  store_harness_op refused = {.text = "refused", .run = write_then_refuse};
  store_harness_op duplicate = {.text = "good"};
  store_harness_op last = {.text = "last"};
  occupy_writer(harness, &first);
  store_harness_write(harness, &good);
  store_harness_write(harness, &refused);
  store_harness_write(harness, &duplicate);
  store_harness_write(harness, &last);
  sem_post(&may_go_on);
  store_harness_wait(harness);
  assert_int_equal(good.code, GRPC_STATUS_OK);
  assert_int_equal(refused.code, GRPC_STATUS_FAILED_PRECONDITION);
  assert_string_equal(refused.message, "changed my mind");
  assert_true(refused.is_refused);
  assert_int_equal(duplicate.code, GRPC_STATUS_INTERNAL); /* UNIQUE */
  assert_false(duplicate.is_refused);
  assert_int_equal(last.code, GRPC_STATUS_OK);
  assert_int_equal(store_harness_notes(harness), 3);
}

/* A read would wait for the sync of a write, or see what is not committed. */
static void test_reads_do_not_wait_for_writes(void **state) {
  store_harness *harness = *state;
  store_harness_op write = {.text = "slow"};
  store_harness_op read = {.run = store_harness_count, .number = -1};
  occupy_writer(harness, &write);
  harness->waiting--; /* wait for the read only */
  store_harness_read(harness, &read);
  store_harness_wait(harness);
  assert_int_equal(read.number, 0);
  harness->waiting++;
  sem_post(&may_go_on);
  store_harness_wait(harness);
  assert_int_equal(store_harness_notes(harness), 1);
}

static mesh_status ignore_errors(store_transaction *transaction, void *data) {
  static const store_statement nonsense = {"SELECT * FROM nowhere", "SELECT", "nowhere"};
  store_execute(store_query_start(transaction, &nonsense));
  assert_true(store_has_failed(transaction));
  return store_harness_insert(transaction, data);
}

/* A run function that checks nothing would commit half of what it meant. */
static void test_errors_of_statements_stick(void **state) {
  store_harness *harness = *state;
  store_harness_op op = {.text = "one", .run = ignore_errors};
  store_harness_op again = {.text = "one", .run = ignore_errors};
  store_harness_write(harness, &op);
  store_harness_write(harness, &again); /* the statement is broken the second time as well */
  store_harness_wait(harness);
  assert_int_equal(op.code, GRPC_STATUS_INTERNAL);
  assert_int_equal(again.code, GRPC_STATUS_INTERNAL);
  assert_int_equal(store_harness_notes(harness), 0);
}

static mesh_status make_table(store_transaction *transaction, void *data) {
  static const store_statement statement = {"CREATE TABLE later (text TEXT)", "CREATE", "later"};
  (void)data;
  store_execute(store_query_start(transaction, &statement));
  return mesh_status_ok();
}

static mesh_status use_table(store_transaction *transaction, void *data) {
  static const store_statement statement = {"INSERT INTO later VALUES ('x')", "INSERT", "later"};
  (void)data;
  store_execute(store_query_start(transaction, &statement));
  return mesh_status_ok();
}

/* A statement that could not be prepared once, with the disk failing or no memory, could not be
 * prepared any more until the next start. */
static void test_statements_are_prepared_again(void **state) {
  store_harness *harness = *state;
  store_harness_op early = {.run = use_table};
  store_harness_op make = {.run = make_table};
  store_harness_op in_time = {.run = use_table};
  store_harness_write(harness, &early);
  store_harness_write(harness, &make);
  store_harness_write(harness, &in_time);
  store_harness_wait(harness);
  assert_int_equal(early.code, GRPC_STATUS_INTERNAL);
  assert_int_equal(make.code, GRPC_STATUS_OK);
  assert_int_equal(in_time.code, GRPC_STATUS_OK);
}

/* What the failed operation wrote cannot be taken back any more: its savepoint is gone. */
static mesh_status lose_the_way_back(store_transaction *transaction, void *data) {
  static const store_statement statement = {"RELEASE operation", "RELEASE", "operation"};
  mesh_status status = store_harness_insert(transaction, data);
  (void)status;
  store_execute(store_query_start(transaction, &statement));
  return mesh_status_error(GRPC_STATUS_NOT_FOUND, "nothing there");
}

/* Half of an operation that failed would be committed with its group, or the reason why one of them
 * was refused be told to all. */
static void test_what_cannot_be_undone_is_not_committed(void **state) {
  store_harness *harness = *state;
  store_harness_op first = {.text = "first"};
  store_harness_op good = {.text = "good"};
  store_harness_op refused = {.text = "refused", .run = lose_the_way_back};
  store_harness_op last = {.text = "last"};
  occupy_writer(harness, &first);
  store_harness_write(harness, &good);
  store_harness_write(harness, &refused);
  store_harness_write(harness, &last);
  sem_post(&may_go_on);
  store_harness_wait(harness);
  assert_int_equal(good.code, GRPC_STATUS_INTERNAL);
  assert_int_equal(refused.code, GRPC_STATUS_INTERNAL);
  assert_int_equal(last.code, GRPC_STATUS_INTERNAL);
  assert_int_equal(store_harness_notes(harness), 1);
}

static mesh_status leave_open(store_transaction *transaction, void *data) {
  static const store_statement all = {"SELECT text FROM notes", "SELECT", "notes"};
  assert_true(store_query_next(store_query_start(transaction, &all)));
  store_step_start(transaction, "left_open");
  (void)data;
  return mesh_status_ok();
}

/* A query that a run function left open would keep its transaction from ending. */
static void test_open_queries_end_with_the_operation(void **state) {
  store_harness *harness = *state;
  store_harness_op note = {.text = "one"};
  store_harness_op open = {.run = leave_open};
  store_harness_op open_read = {.run = leave_open};
  store_harness_op more = {.text = "two"};
  store_harness_write(harness, &note);
  store_harness_write(harness, &open);
  store_harness_write(harness, &more);
  store_harness_wait(harness);
  store_harness_read(harness, &open_read);
  store_harness_wait(harness);
  assert_int_equal(open.code, GRPC_STATUS_OK);
  assert_int_equal(open_read.code, GRPC_STATUS_OK);
  assert_int_equal(more.code, GRPC_STATUS_OK);
  assert_int_equal(store_harness_notes(harness), 2);
}

static mesh_status bind_everything(store_transaction *transaction, void *data) {
  static const store_statement statement = {
      "SELECT typeof(?1), typeof(?2), typeof(?3), typeof(?4), ?1, ?2, ?3,"
      " (SELECT group_concat(value, '|') FROM json_each(?5)), NULL",
      "SELECT", "nothing"};
  const char *const texts[] = {"plain", "with \"quotes\"", "back\\slash", "\xc3\xa4"};
  store_query *query = store_query_start(transaction, &statement);
  store_bind_int(query, INT64_MIN);
  store_bind_text(query, "text");
  store_bind_blob(query, (mesh_bytes){"\0\1", 2});
  store_bind_text(query, NULL);
  store_bind_texts(query, texts, 4);
  assert_true(store_query_next(query));
  assert_string_equal(store_column_text(query, 0), "integer");
  assert_string_equal(store_column_text(query, 1), "text");
  assert_string_equal(store_column_text(query, 2), "blob");
  assert_string_equal(store_column_text(query, 3), "null");
  assert_true(store_column_int(query, 4) == INT64_MIN);
  assert_string_equal(store_column_text(query, 5), "text");
  mesh_bytes blob = store_column_blob(query, 6);
  assert_int_equal(blob.size, 2);
  assert_memory_equal(blob.data, "\0\1", 2);
  assert_string_equal(store_column_text(query, 7), "plain|with \"quotes\"|back\\slash|\xc3\xa4");
  assert_string_equal(store_column_text(query, 8), "");
  assert_int_equal(store_column_int(query, 8), 0);
  assert_int_equal(store_column_blob(query, 8).size, 0);
  ((store_harness_op *)data)->number = 1;
  return mesh_status_ok();
}

/* Parameters would arrive as something else than they were, or not be taken back between two uses.
 */
static void test_values_go_in_and_out(void **state) {
  store_harness *harness = *state;
  store_harness_op first = {.run = bind_everything};
  store_harness_op second = {.run = bind_everything};
  store_harness_read(harness, &first);
  store_harness_read(harness, &second);
  store_harness_wait(harness);
  assert_int_equal(first.number + second.number, 2);
}

/* Work that nobody waits for any more would be done all the same, and delay others. */
static void test_late_operations_are_not_run(void **state) {
  store_harness *harness = *state;
  mesh_context *hurried = mesh_context_new(harness->loop, NULL, 0);
  store_harness_op late = {.text = "late", .context = hurried};
  store_harness_write(harness, &late);
  store_harness_wait(harness);
  assert_int_equal(late.code, GRPC_STATUS_DEADLINE_EXCEEDED);
  assert_false(late.is_refused);
  assert_int_equal(store_harness_notes(harness), 0);
  mesh_context_release(hurried);
}

/* The queue would grow without bound while the disk is slow. */
static void test_refuses_what_does_not_fit_in_the_queue(void **state) {
  (void)state;
  store_harness harness;
  store_options small = {.queue_limit = 2};
  store_harness_start(&harness, &small);
  store_harness_op first = {.text = "first"};
  store_harness_op ops[4] = {{.text = "a"}, {.text = "b"}, {.text = "c"}, {.text = "d"}};
  occupy_writer(&harness, &first);
  for (int i = 0; i < 4; i++) {
    store_harness_write(&harness, &ops[i]);
  }
  sem_post(&may_go_on);
  store_harness_wait(&harness);
  assert_int_equal(ops[0].code, GRPC_STATUS_OK);
  assert_int_equal(ops[1].code, GRPC_STATUS_OK);
  assert_int_equal(ops[2].code, GRPC_STATUS_RESOURCE_EXHAUSTED);
  assert_int_equal(ops[3].code, GRPC_STATUS_RESOURCE_EXHAUSTED);
  assert_int_equal(ops[3].answers, 1);
  assert_int_equal(store_get_stats(harness.store).rejected, 2);
  assert_int_equal(store_harness_notes(&harness), 3);
  store_harness_stop(&harness);
}

/* What was accepted before the close would be lost without a word. */
static void test_close_commits_what_is_queued(void **state) {
  (void)state;
  store_harness harness;
  store_harness_start(&harness, NULL);
  store_harness_op ops[20] = {{0}};
  char texts[20][16];
  for (int i = 0; i < 20; i++) {
    snprintf(texts[i], sizeof texts[i], "note %d", i);
    ops[i].text = texts[i];
    store_harness_write(&harness, &ops[i]);
  }
  store_harness_reopen(&harness);
  store_harness_wait(&harness);
  for (int i = 0; i < 20; i++) {
    assert_int_equal(ops[i].code, GRPC_STATUS_OK);
  }
  assert_int_equal(store_harness_notes(&harness), 20);
  store_harness_stop(&harness);
}

static mesh_status refuse(store_transaction *transaction, void *data) {
  (void)transaction;
  (void)data;
  return mesh_status_error(GRPC_STATUS_FAILED_PRECONDITION, "checked, and refused");
}

/* A refusal that has written nothing would take others down with it. */
static void test_one_that_checks_first_is_refused_alone(void **state) {
  store_harness *harness = *state;
  store_harness_op first = {.text = "first"};
  store_harness_op before = {.text = "before", .checks_first = true};
  store_harness_op refused = {.run = refuse, .checks_first = true};
  store_harness_op after = {.text = "after", .checks_first = true};
  occupy_writer(harness, &first);
  store_harness_write(harness, &before);
  store_harness_write(harness, &refused);
  store_harness_write(harness, &after);
  sem_post(&may_go_on);
  store_harness_wait(harness);
  assert_int_equal(before.code, GRPC_STATUS_OK);
  assert_int_equal(refused.code, GRPC_STATUS_FAILED_PRECONDITION);
  assert_true(refused.is_refused);
  assert_false(before.is_refused);
  assert_int_equal(after.code, GRPC_STATUS_OK);
  assert_int_equal(store_harness_notes(harness), 3);
}

/* What cannot be undone alone would be kept, though its caller was told that it failed. */
static void test_a_broken_promise_takes_its_group_down(void **state) {
  store_harness *harness = *state;
  store_harness_op first = {.text = "first"};
  store_harness_op before = {.text = "before"};
  store_harness_op broken = {.run = write_then_refuse, .text = "broken", .checks_first = true};
  store_harness_op after = {.text = "after"};
  occupy_writer(harness, &first);
  store_harness_write(harness, &before);
  store_harness_write(harness, &broken);
  store_harness_write(harness, &after);
  sem_post(&may_go_on);
  store_harness_wait(harness);
  assert_int_equal(first.code, GRPC_STATUS_OK); /* of a group before */
  assert_int_equal(before.code, GRPC_STATUS_INTERNAL);
  assert_int_equal(broken.code, GRPC_STATUS_INTERNAL);
  assert_false(broken.is_refused);
  assert_int_equal(after.code, GRPC_STATUS_INTERNAL);
  assert_int_equal(store_harness_notes(harness), 1);
  store_harness_op later = {.text = "later"};
  store_harness_write(harness, &later);
  store_harness_wait(harness);
  assert_int_equal(later.code, GRPC_STATUS_OK);
  assert_int_equal(store_harness_notes(harness), 2);
}

/* A row that a constraint refuses would leave half of an operation. */
static void test_a_failed_statement_behind_the_checks(void **state) {
  store_harness *harness = *state;
  store_harness_op first = {.text = "same"};
  store_harness_op again = {.text = "same", .checks_first = true};
  store_harness_write(harness, &first);
  store_harness_wait(harness);
  store_harness_write(harness, &again);
  store_harness_wait(harness);
  assert_int_equal(again.code, GRPC_STATUS_INTERNAL);
  assert_false(again.is_refused);
  assert_int_equal(store_harness_notes(harness), 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_writes_and_reads, start, stop),
      cmocka_unit_test_setup_teardown(test_waiting_operations_share_a_commit, start, stop),
      cmocka_unit_test_setup_teardown(test_each_fails_for_itself, start, stop),
      cmocka_unit_test_setup_teardown(test_reads_do_not_wait_for_writes, start, stop),
      cmocka_unit_test_setup_teardown(test_errors_of_statements_stick, start, stop),
      cmocka_unit_test_setup_teardown(test_statements_are_prepared_again, start, stop),
      cmocka_unit_test_setup_teardown(test_what_cannot_be_undone_is_not_committed, start, stop),
      cmocka_unit_test_setup_teardown(test_open_queries_end_with_the_operation, start, stop),
      cmocka_unit_test_setup_teardown(test_values_go_in_and_out, start, stop),
      cmocka_unit_test_setup_teardown(test_late_operations_are_not_run, start, stop),
      cmocka_unit_test(test_refuses_what_does_not_fit_in_the_queue),
      cmocka_unit_test(test_close_commits_what_is_queued),
      cmocka_unit_test_setup_teardown(test_one_that_checks_first_is_refused_alone, start, stop),
      cmocka_unit_test_setup_teardown(test_a_broken_promise_takes_its_group_down, start, stop),
      cmocka_unit_test_setup_teardown(test_a_failed_statement_behind_the_checks, start, stop),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
