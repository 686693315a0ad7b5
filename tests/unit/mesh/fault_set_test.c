/* SPDX-License-Identifier: Apache-2.0 */
/* The rules in force: their order, their end, and who frees them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault_set.h"

enum { NOW_MS = 1000 };
static mesh_loop *loop;
static mesh__fault_set *set;
static mesh__fault *listed[MESH__FAULT_RULES_MOST];

static int set_up(void **state) {
  (void)state;
  loop = mesh_loop_new();
  set = mesh__fault_set_new(&loop, 1);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  mesh_loop_destroy(loop);
  mesh__fault_set_destroy(set);
  return 0;
}

static mesh_status keep(const mesh__fault_rule *rule, void *data) {
  *(mesh__fault_rule *)data = *rule;
  return mesh_status_ok();
}

static mesh_status put(const char *text, mesh__fault_place place) {
  mesh__fault_rule rule;
  mesh_status status = mesh__fault_parse(text, keep, &rule);
  assert_true(mesh_status_is_ok(&status));
  return mesh__fault_set_put(set, &rule, place, NOW_MS, NULL);
}

static void put_well(const char *text, mesh__fault_place place) {
  mesh_status status = put(text, place);
  assert_string_equal(status.message, "");
}

/* The ids in order, "a b c". */
static const char *ids(int64_t now_ms) {
  static char text[MESH__FAULT_RULES_MOST * MESH__FAULT_ID_SIZE];
  size_t count = mesh__fault_set_list(set, now_ms, listed);
  text[0] = '\0';
  for (size_t i = 0; i < count; i++) {
    if (i > 0) {
      strcat(text, " ");
    }
    strcat(text, listed[i]->rule.id);
    mesh__fault_release(listed[i]);
  }
  return text;
}

static const char *find(const char *path, int64_t now_ms) {
  const mesh__fault_table *table = mesh__fault_set_table(set);
  mesh__fault *fault =
      table == NULL ? NULL : mesh__fault_table_find(table, MESH__FAULT_SERVER, path, now_ms);
  return fault != NULL ? fault->rule.id : "none";
}

/* The rule that was asked for last would not count, or the order of MESH_FAULTS be another. */
static void test_order(void **state) {
  (void)state;
  put_well("a.B/C delay=1ms id=one", MESH__FAULT_LAST);
  put_well("* delay=2ms id=all", MESH__FAULT_LAST);
  assert_string_equal(find("/a.B/C", NOW_MS), "one");
  assert_string_equal(find("/a.B/D", NOW_MS), "all");
  put_well("a.B/* delay=3ms id=new", MESH__FAULT_FIRST);
  assert_string_equal(find("/a.B/C", NOW_MS), "new");
  put_well("a.B/C delay=4ms id=all", MESH__FAULT_FIRST);
  assert_string_equal(ids(NOW_MS), "new one all");
  assert_string_equal(find("/x.Y/Z", NOW_MS), "none");
}

/* Rules could not be told apart. */
static void test_ids(void **state) {
  (void)state;
  put_well("* delay=1ms id=rule-2", MESH__FAULT_LAST);
  put_well("* delay=1ms", MESH__FAULT_LAST);
  put_well("* delay=1ms", MESH__FAULT_LAST);
  assert_string_equal(ids(NOW_MS), "rule-2 rule-1 rule-3");
  mesh_status status = put("* delay=1ms id=rule-2", MESH__FAULT_LAST);
  assert_int_equal(status.code, GRPC_STATUS_ALREADY_EXISTS);
  assert_true(mesh__fault_set_remove(set, "rule-1", NOW_MS));
  assert_false(mesh__fault_set_remove(set, "rule-1", NOW_MS));
  assert_string_equal(ids(NOW_MS), "rule-2 rule-3");
}

/* A forgotten rule would never end. */
static void test_rules_end_by_time_and_count(void **state) {
  (void)state;
  put_well("* delay=1ms id=short ttl=50ms", MESH__FAULT_LAST);
  put_well("* delay=1ms id=twice count=2", MESH__FAULT_LAST);
  assert_string_equal(find("/a.B/C", NOW_MS + 49), "short");
  assert_string_equal(find("/a.B/C", NOW_MS + 50), "twice");
  assert_string_equal(ids(NOW_MS + 50), "twice");
  mesh__fault_set_list(set, NOW_MS, listed);
  assert_true(mesh__fault_strike(listed[0]));
  assert_string_equal(find("/a.B/C", NOW_MS), "twice");
  assert_true(mesh__fault_strike(listed[0]));
  assert_false(mesh__fault_strike(listed[0]));
  mesh__fault_release(listed[0]);
  assert_string_equal(find("/a.B/C", NOW_MS), "none");
  assert_string_equal(ids(NOW_MS), "");
  assert_null(mesh__fault_set_table(set)); /* and costs nothing */
}

/* Somebody could fill the memory with rules, and every call walk along them. */
static void test_there_are_not_too_many(void **state) {
  (void)state;
  for (int i = 0; i < MESH__FAULT_RULES_MOST; i++) {
    put_well("* delay=1ms", MESH__FAULT_FIRST);
  }
  mesh_status status = put("* delay=1ms", MESH__FAULT_FIRST);
  assert_int_equal(status.code, GRPC_STATUS_RESOURCE_EXHAUSTED);
  put_well("* delay=2ms id=rule-7", MESH__FAULT_FIRST);
  assert_int_equal(mesh__fault_set_clear(set, NOW_MS), MESH__FAULT_RULES_MOST);
  assert_int_equal(mesh__fault_set_clear(set, NOW_MS), 0);
  assert_null(mesh__fault_set_table(set));
}

/* ---- threads ---- */

enum { READS = 20000 };

typedef struct reader {
  mesh_loop *loop;
  int reads;
  int found;
} reader;

static void read_once(void *data) {
  reader *self = data;
  const mesh__fault_table *table = mesh__fault_set_table(set);
  if (table != NULL) {
    mesh__fault *fault = mesh__fault_table_find(table, MESH__FAULT_SERVER, "/a.B/C", NOW_MS);
    self->found += fault != NULL && fault->rule.delay.a_ms > 0;
  }
  if (++self->reads < READS) {
    mesh_loop_post(self->loop, read_once, self);
  } else {
    mesh_loop_stop(self->loop);
  }
}

static void *run(void *data) {
  reader *self = data;
  mesh_loop_post(self->loop, read_once, self);
  mesh_loop_run(self->loop);
  return NULL;
}

/* A loop would read rules that are freed already. */
static void test_readers_and_a_writer(void **state) {
  (void)state;
  mesh_loop *loops[2] = {mesh_loop_new(), mesh_loop_new()};
  reader readers[2] = {{.loop = loops[0]}, {.loop = loops[1]}};
  pthread_t threads[2];
  mesh__fault_set_destroy(set);
  set = mesh__fault_set_new(loops, 2);
  for (int i = 0; i < 2; i++) {
    assert_int_equal(pthread_create(&threads[i], NULL, run, &readers[i]), 0);
  }
  for (int i = 0; i < 500; i++) {
    put_well(i % 2 == 0 ? "a.B/C delay=1ms id=x" : "a.B/C delay=2ms id=x", MESH__FAULT_FIRST);
    if (i % 5 == 0) {
      mesh__fault_set_remove(set, "x", NOW_MS);
    }
  }
  for (int i = 0; i < 2; i++) {
    pthread_join(threads[i], NULL);
    assert_int_equal(readers[i].reads, READS);
    mesh_loop_destroy(loops[i]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_order, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_ids, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_rules_end_by_time_and_count, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_there_are_not_too_many, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_readers_and_a_writer, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
