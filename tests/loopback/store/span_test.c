/* SPDX-License-Identifier: Apache-2.0 */
/* The spans of a store: where they hang and what they say (semantic conventions, database spans).
 */
#include <string.h>

#include "../../support/span_tree.h"
#include "store_harness.h"

static span_tree spans;
static store_harness harness;

static int start(void **state) {
  (void)state;
  span_tree_init(&spans);
  store_options traced = {.tracer_provider = spans.provider};
  store_harness_start(&harness, &traced);
  return 0;
}

static int stop(void **state) {
  (void)state;
  store_harness_stop(&harness);
  span_tree_clean_up(&spans);
  return 0;
}

/* Runs a write and a read below a span "work". */
static void run(store_harness_op *write, store_harness_op *read) {
  mesh_loop_set_tracer(harness.loop, span_tree_tracer(&spans));
  mesh_context *root = mesh_context_new(harness.loop, NULL, MESH_NO_TIMEOUT);
  otlp_span *span;
  const mesh_context *below = mesh_context_start_span(root, "work", &span);
  if (write != NULL) {
    write->context = below;
    store_harness_write(&harness, write);
    store_harness_wait(&harness);
  }
  if (read != NULL) {
    read->context = below;
    store_harness_read(&harness, read);
    store_harness_wait(&harness);
  }
  otlp_span_end(span);
  mesh_context_release(root);
}

static mesh_status in_steps(store_transaction *transaction, void *data) {
  store_step_start(transaction, "look");
  store_harness_count(transaction, data);
  store_step_end(transaction);
  store_step_start(transaction, "change");
  store_harness_insert(transaction, data);
  store_step_end(transaction);
  return mesh_status_ok();
}

/* Nobody would see in a trace what a step does in the database. */
static void test_statements_hang_below_their_step(void **state) {
  (void)state;
  store_harness_op write = {.text = "one", .run = in_steps};
  store_harness_op read = {.run = store_harness_count};
  run(&write, &read);
  assert_string_equal(span_tree_text(&spans), "work INTERNAL\n"
                                              "  look INTERNAL\n"
                                              "    SELECT notes CLIENT\n"
                                              "  change INTERNAL\n"
                                              "    INSERT notes CLIENT\n"
                                              "  COMMIT notes CLIENT\n"
                                              "  SELECT notes CLIENT\n");
}

static void assert_attribute(const char *span, const char *key, const char *expected) {
  const char *value = span_tree_attribute(&spans, span, key);
  assert_non_null(value);
  assert_string_equal(value, expected);
}

/* Tools that know databases would not know these spans. */
static void test_attributes(void **state) {
  (void)state;
  store_harness_op write = {.text = "one"};
  run(&write, NULL);
  assert_attribute("INSERT notes", "db.system.name", "sqlite");
  assert_attribute("INSERT notes", "db.namespace", "notes");
  assert_attribute("INSERT notes", "db.operation.name", "INSERT");
  assert_attribute("INSERT notes", "db.collection.name", "notes");
  assert_attribute("INSERT notes", "db.query.text",
                   "INSERT INTO notes (text) VALUES (?) RETURNING number");
  assert_attribute("COMMIT notes", "db.operation.name", "COMMIT");
  assert_attribute("COMMIT notes", "store.group.size", "1");
}

/* A statement that failed would look like one that went well. */
static void test_failures(void **state) {
  (void)state;
  store_harness_op first = {.text = "one"};
  store_harness_op again = {.text = "one", .run = in_steps};
  run(&first, NULL);
  span_tree_reset(&spans);
  run(&again, NULL);
  assert_int_equal(again.code, GRPC_STATUS_INTERNAL);
  assert_string_equal(span_tree_text(&spans), "work INTERNAL\n"
                                              "  look INTERNAL\n"
                                              "    SELECT notes CLIENT\n"
                                              "  change INTERNAL\n"
                                              "    INSERT notes CLIENT ERROR\n");
  assert_attribute("INSERT notes", "db.response.status_code", "SQLITE_CONSTRAINT");
  assert_attribute("INSERT notes", "error.type", "SQLITE_CONSTRAINT");
}

static mesh_status fail_in_step(store_transaction *transaction, void *data) {
  (void)data;
  store_step_start(transaction, "look");
  return mesh_status_error(GRPC_STATUS_NOT_FOUND, "not there");
}

/* A step in which a run function gave up would look like one that went well, or never end. */
static void test_a_step_that_was_left_has_failed(void **state) {
  (void)state;
  store_harness_op op = {.run = fail_in_step};
  run(&op, NULL);
  assert_string_equal(span_tree_text(&spans), "work INTERNAL\n"
                                              "  look INTERNAL ERROR !exception\n");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_statements_hang_below_their_step, start, stop),
      cmocka_unit_test_setup_teardown(test_attributes, start, stop),
      cmocka_unit_test_setup_teardown(test_failures, start, stop),
      cmocka_unit_test_setup_teardown(test_a_step_that_was_left_has_failed, start, stop),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
