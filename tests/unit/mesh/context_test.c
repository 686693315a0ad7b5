/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <string.h>

#include "context.h"

static mesh_loop *loop;
static int calls;

static int set_up(void **state) {
  (void)state;
  loop = mesh_loop_new();
  calls = 0;
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  mesh_loop_destroy(loop);
  return 0;
}

static void count(void *data) {
  (void)data;
  calls++;
}

static void stop(void *data) {
  (void)data;
  mesh_loop_stop(loop);
}

static void run_posted(void) {
  mesh_loop_post(loop, stop, NULL);
  mesh_loop_run(loop);
}

/* A child could outwait its parent. */
static void test_deadline_only_comes_nearer(void **state) {
  (void)state;
  mesh_context *root = mesh_context_new(loop, NULL, 60000);
  const mesh_context *longer = mesh_context_with_timeout(root, 120000);
  const mesh_context *shorter = mesh_context_with_timeout(root, 1000);
  assert_true(mesh_context_remaining_ms(root) > 50000);
  assert_true(mesh_context_remaining_ms(longer) <= 60000);
  assert_true(mesh_context_remaining_ms(shorter) <= 1000);
  assert_true(mesh_context_remaining_ms(mesh_context_with_timeout(shorter, 5000)) <= 1000);
  mesh_context_release(root);
}

/* "No timeout" would overflow into one that has passed. */
static void test_no_timeout(void **state) {
  (void)state;
  mesh_context *root = mesh_context_new(loop, NULL, MESH_NO_TIMEOUT);
  assert_true(mesh_context_remaining_ms(root) == MESH_NO_TIMEOUT);
  assert_false(mesh_context_is_cancelled(root));
  assert_ptr_equal(mesh_context_with_timeout(root, MESH_NO_TIMEOUT), root);
  mesh_context_release(root);
}

/* Work below a cancelled context would go on; or compensation would stop with it. */
static void test_cancellation_reaches_the_family(void **state) {
  (void)state;
  mesh_context *root = mesh_context_new(loop, NULL, MESH_NO_TIMEOUT);
  const mesh_context *child = mesh_context_with_timeout(root, 60000);
  const mesh_context *detached = mesh_context_detached(child, 60000);
  int detached_calls_before = calls;
  mesh_context_on_cancel(root, count, NULL);
  mesh_context_on_cancel(child, count, NULL);
  mesh_context_cancel(child);
  mesh_context_cancel(root);
  assert_int_equal(calls - detached_calls_before, 2);
  assert_true(mesh_context_is_cancelled(root));
  assert_true(mesh_context_is_cancelled(child));
  assert_false(mesh_context_is_cancelled(detached));
  mesh_context_on_cancel(root, count, NULL);
  assert_int_equal(calls, 3);
  mesh_context_release(root);
}

static void on_deadline(void *data) {
  calls++;
  mesh_loop_stop(data);
}

/* The deadline of work that no call started would never be noticed. */
static void test_deadline_cancels(void **state) {
  (void)state;
  mesh_context *root = mesh_context_new(loop, NULL, 5);
  mesh_context_on_cancel(root, on_deadline, loop);
  mesh_loop_run(loop);
  assert_int_equal(calls, 1);
  assert_true(mesh_context_is_cancelled(root));
  assert_int_equal(mesh_context_remaining_ms(root), 0);
  mesh_context_release(root);
}

/* The arena would go while somebody holds the root, or never. */
static void test_lives_while_held(void **state) {
  (void)state;
  mesh_context *root = mesh_context_new(loop, NULL, 60000);
  mesh_arena_defer(mesh_context_arena(root), count, NULL);
  const mesh_context *held = mesh_context_acquire(mesh_context_with_timeout(root, 5));
  mesh_context_release(root);
  run_posted();
  assert_int_equal(calls, 0);
  mesh_context_release(held);
  run_posted();
  assert_int_equal(calls, 1);
  mesh_context_release(NULL);
}

static void *release_there(void *context) {
  mesh_context_release(context);
  return NULL;
}

static void count_on_loop(void *data) {
  assert_true(mesh_loop_is_current(loop));
  count(data);
  mesh_loop_stop(loop);
}

/* A store's thread that gives back the last count would free the arena under the loop. */
static void test_dies_on_its_loop(void **state) {
  (void)state;
  mesh_context *root = mesh_context_new(loop, NULL, MESH_NO_TIMEOUT);
  mesh_arena_defer(mesh_context_arena(root), count_on_loop, NULL);
  pthread_t thread;
  pthread_create(&thread, NULL, release_there, root);
  mesh_loop_run(loop);
  pthread_join(thread, NULL);
  assert_int_equal(calls, 1);
}

/* A child's metadata would show in its parent. */
static void test_metadata_is_inherited(void **state) {
  (void)state;
  mesh_bytes value = {"v", 1};
  mesh_context *root = mesh_context_new(loop, NULL, MESH_NO_TIMEOUT);
  const mesh_context *child = mesh_context_with_metadata(root, "a", value);
  const mesh_context *grandchild = mesh_context_with_metadata(child, "b", value);
  assert_null(root->metadata);
  assert_string_equal(child->metadata->key, "a");
  assert_string_equal(grandchild->metadata->key, "b");
  assert_ptr_equal(grandchild->metadata->next, child->metadata);
  mesh_context_release(root);
}

/* Work that no call started would begin a new trace where it should go on with one. */
static void test_trace_is_copied(void **state) {
  (void)state;
  otlp_context parent = {0};
  memset(parent.span.trace_id, 7, sizeof parent.span.trace_id);
  memset(parent.span.span_id, 8, sizeof parent.span.span_id);
  mesh_context *root = mesh_context_new(loop, &parent, MESH_NO_TIMEOUT);
  const mesh_context *child = mesh_context_with_timeout(root, 10);
  assert_memory_equal(mesh_context_trace(child)->span.trace_id, parent.span.trace_id, 16);
  otlp_span *span = NULL;
  assert_ptr_equal(mesh_context_start_span(child, "no tracer", &span), child);
  assert_null(span);
  mesh_context_release(root);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_deadline_only_comes_nearer, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_no_timeout, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_cancellation_reaches_the_family, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_deadline_cancels, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_lives_while_held, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_dies_on_its_loop, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_metadata_is_inherited, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_trace_is_copied, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
