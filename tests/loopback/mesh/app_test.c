/* SPDX-License-Identifier: Apache-2.0 */
/* A process made with mesh_app, from outside: its variables, its log, its signals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mesh_process.h"

#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

typedef struct fixture {
  char *folder;
  char log_file[512];
  mesh_process *process;
} fixture;

static int set_up(void **state) {
  fixture *self = calloc(1, sizeof *self);
  self->folder = mesh_process_folder_new();
  snprintf(self->log_file, sizeof self->log_file, "%s/log", self->folder);
  *state = self;
  return 0;
}

static int tear_down(void **state) {
  fixture *self = *state;
  mesh_process_destroy(self->process);
  mesh_process_folder_destroy(self->folder);
  free(self);
  return 0;
}

static void start(fixture *self, const char *first, const char *second) {
  const char *const environment[] = {"OTEL_SDK_DISABLED=true", first, second, NULL};
  mesh_process_destroy(self->process);
  self->process = mesh_process_start(APP_PROGRAM, environment, self->log_file);
}

/* Broken: a process could not be found, or its end would look like a failure. */
static void test_serves_until_a_signal_and_exits_with_0(void **state) {
  fixture *self = *state;
  start(self, "LISTEN_ADDRESS=127.0.0.1:0", NULL);
  int port = mesh_process_wait_number(self->process, "msg=listening", "port=");
  char command[512];
  snprintf(command, sizeof command, "%s 127.0.0.1:%d >/dev/null", MESH_HEALTH, port);
  assert_int_equal(system(command), 0);
  assert_int_equal(mesh_process_stop(self->process), 0);
  assert_true(mesh_process_has_logged(self->process, "service=app-program"));
  assert_true(mesh_process_has_logged(self->process, "msg=stopped calls=0 calls_refused=0 "));
}

/* Broken: a store would close before what writes to it, or while a part still works. */
static void test_parts_drain_first_and_hooks_run_last_first(void **state) {
  fixture *self = *state;
  start(self, "LISTEN_ADDRESS=127.0.0.1:0", NULL);
  mesh_process_wait_log(self->process, "msg=listening");
  assert_int_equal(mesh_process_stop(self->process), 0);
  char text[4096] = {0};
  FILE *file = fopen(self->log_file, "r");
  assert_non_null(file);
  assert_true(fread(text, 1, sizeof text - 1, file) > 0);
  fclose(file);
  const char *drains = strstr(text, "part drains");
  const char *second = strstr(text, "second hook");
  const char *first = strstr(text, "first hook");
  assert_non_null(drains);
  assert_true(drains < second && second < first);
}

/* Broken: who collects logs as JSON would get something else. */
static void test_the_log_can_be_json(void **state) {
  fixture *self = *state;
  start(self, "LISTEN_ADDRESS=127.0.0.1:0", "MESH_LOG_FORMAT=json");
  mesh_process_wait_log(self->process, "\"msg\":\"listening\"");
  assert_int_equal(mesh_process_stop(self->process), 0);
  assert_true(mesh_process_has_logged(self->process, "\"service\":\"app-program\""));
}

/* Broken: records would not leave where they are asked to, the last one least of all. */
static void test_records_leave_where_the_environment_says(void **state) {
  fixture *self = *state;
  const char *const environment[] = {"OTEL_TRACES_EXPORTER=none", "OTEL_LOGS_EXPORTER=console",
                                     "LISTEN_ADDRESS=127.0.0.1:0", NULL};
  self->process = mesh_process_start(APP_PROGRAM, environment, self->log_file);
  mesh_process_wait_log(self->process, "Z INFO \"listening\" address=\"127.0.0.1:0\" port=");
  assert_int_equal(mesh_process_stop(self->process), 0);
  assert_true(mesh_process_has_logged(self->process, "Z INFO \"stopped\" calls=0 "));
  assert_true(mesh_process_has_logged(self->process, " log_records_dropped=0 log_lines_lost=0 "));
}

/* How many threads of the process there are, and how many of them have the policy. */
static void count_threads(const mesh_process *process, int policy, int *out_all, int *out_with) {
  char folder[64];
  snprintf(folder, sizeof folder, "/proc/%d/task", (int)mesh_process_pid(process));
  DIR *threads = opendir(folder);
  assert_non_null(threads);
  *out_all = *out_with = 0;
  for (struct dirent *entry; (entry = readdir(threads)) != NULL;) {
    int thread = atoi(entry->d_name);
    if (thread > 0) {
      ++*out_all;
      *out_with += sched_getscheduler(thread) == policy;
    }
  }
  closedir(threads);
}

/* Broken: under load threads would take the processor from one another for each message. */
static void test_threads_have_the_policy_that_is_asked_for(void **state) {
  fixture *self = *state;
  static const struct {
    const char *variable;
    int policy;
  } cases[] = {{"MESH_SCHED_POLICY=", SCHED_BATCH},
               {"MESH_SCHED_POLICY=batch", SCHED_BATCH},
               {"MESH_SCHED_POLICY=other", SCHED_OTHER}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    int all;
    int with;
    start(self, "LISTEN_ADDRESS=127.0.0.1:0", cases[i].variable);
    mesh_process_wait_log(self->process, "msg=listening");
    count_threads(self->process, cases[i].policy, &all, &with);
    assert_true(all > 1);
    assert_int_equal(with, all);
    assert_int_equal(mesh_process_stop(self->process), 0);
  }
}

/* Broken: a mistyped variable would be taken for its default, silently. */
static void test_a_variable_that_cannot_be_parsed_is_named(void **state) {
  fixture *self = *state;
  static const char *const wrong[] = {
      "PORT=65536",
      "PORT=http",
      "MESH_LOOPS=0",
      "MESH_MAX_IN_FLIGHT=-1",
      "MESH_DRAIN_MS=soon",
      "MESH_FLUSH_MS=.",
      "MESH_SCHED_POLICY=fifo",
      "MESH_CORK=maybe",
      "MESH_LOG_LEVEL=chatty",
      "MESH_LOG_FORMAT=xml",
      "LISTEN_ADDRESS=nowhere",
      "LISTEN_ADDRESS=unix:/" HUNDRED HUNDRED HUNDRED,
      "OTHER_SERVICE_URL=ftp://x:1",
  };
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    start(self, wrong[i], NULL);
    assert_int_equal(mesh_process_wait(self->process), 1);
    char line[128];
    snprintf(line, sizeof line, "service=app-program msg=\"cannot start\" error=\"%.*s",
             (int)strcspn(wrong[i], "="), wrong[i]);
    assert_true(mesh_process_has_logged(self->process, line));
  }
}

/* Broken: a certificate that cannot be read would be told as a lack of memory. */
static void test_an_exporter_that_cannot_be_made_is_told(void **state) {
  fixture *self = *state;
  const char *const environment[] = {"OTEL_TRACES_EXPORTER=console", "OTEL_LOGS_EXPORTER=otlp",
                                     "OTEL_EXPORTER_OTLP_ENDPOINT=https://127.0.0.1:1",
                                     "OTEL_EXPORTER_OTLP_CERTIFICATE=/nowhere/at.all", NULL};
  self->process = mesh_process_start(APP_PROGRAM, environment, self->log_file);
  assert_int_equal(mesh_process_wait(self->process), 1);
  assert_true(mesh_process_has_logged(self->process, "detail=\"cannot read '/nowhere/at.all'"));
  assert_true(mesh_process_has_logged(self->process, "error=\"OTEL_*: an exporter could not be"));
}

/* Broken: a process that cannot start would not close the stores that it has opened. */
static void test_hooks_run_when_the_start_fails(void **state) {
  fixture *self = *state;
  start(self, "STUCK=perhaps", NULL);
  assert_int_equal(mesh_process_wait(self->process), 1);
  assert_true(mesh_process_has_logged(self->process, "msg=\"first hook\""));
}

/* Broken: somebody could break calls in a process whose operator did not say so; or a rule that was
 * mistyped would be no rule, silently. */
static void test_faults_need_to_be_asked_for(void **state) {
  fixture *self = *state;
  static const struct {
    const char *enabled;
    const char *faults;
    const char *says;
  } cases[] = {
      {"CHAOS_MONKEY_ENABLED=yes", NULL, "error=\"CHAOS_MONKEY_ENABLED is 'yes'"},
      {"CHAOS_MONKEY_ENABLED=1", NULL, "error=\"CHAOS_MONKEY_ENABLED is '1'"},
      {NULL, "MESH_FAULTS=* delay=1ms", "MESH_FAULTS needs CHAOS_MONKEY_ENABLED=true"},
      {"CHAOS_MONKEY_ENABLED=false", "MESH_FAULTS=none", "MESH_FAULTS needs CHAOS_MONKEY"},
      {"CHAOS_MONKEY_ENABLED=true", "MESH_FAULTS=* delay=1ms;* delay=soon",
       "error=\"MESH_FAULTS: rule 2, character 21: a delay is"},
      {"CHAOS_MONKEY_ENABLED=true", "MESH_FAULTS=* delay=1ms id=a; * delay=2ms id=a",
       "MESH_FAULTS: rule 2, character 19: there is a rule with the id 'a' already"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const char *first = cases[i].enabled != NULL ? cases[i].enabled : cases[i].faults;
    start(self, first, first == cases[i].enabled ? cases[i].faults : NULL);
    assert_int_equal(mesh_process_wait(self->process), 1);
    if (!mesh_process_has_logged(self->process, cases[i].says)) {
      fail_msg("it does not say '%s'", cases[i].says);
    }
  }
}

static void start_with_faults(fixture *self, const char *enabled, const char *faults) {
  const char *const environment[] = {"OTEL_SDK_DISABLED=true", "LISTEN_ADDRESS=127.0.0.1:0",
                                     enabled, faults, NULL};
  mesh_process_destroy(self->process);
  self->process = mesh_process_start(APP_PROGRAM, environment, self->log_file);
  mesh_process_wait_log(self->process, "msg=listening");
}

/* Broken: rules that somebody forgot would leave no word in the log; or the program's own count
 * where others were given. */
static void test_the_log_says_that_faults_are_injected(void **state) {
  fixture *self = *state;
  start_with_faults(self, "CHAOS_MONKEY_ENABLED=TRUE", NULL);
  assert_true(mesh_process_has_logged(self->process, "(CHAOS_MONKEY_ENABLED)\" rules=1"));
  start_with_faults(self, "CHAOS_MONKEY_ENABLED=true", "MESH_FAULTS=none");
  assert_true(mesh_process_has_logged(self->process, "(CHAOS_MONKEY_ENABLED)\" rules=0"));
  start_with_faults(self, "CHAOS_MONKEY_ENABLED=true", "MESH_FAULTS=a.B/* delay=1s;* delay=2s;");
  assert_true(mesh_process_has_logged(self->process, "(CHAOS_MONKEY_ENABLED)\" rules=2"));
  start_with_faults(self, "CHAOS_MONKEY_ENABLED=", "MESH_FAULTS=");
  assert_false(mesh_process_has_logged(self->process, "CHAOS_MONKEY_ENABLED"));
}

/* Broken: a second instance would seem to serve. */
static void test_a_taken_port_is_named(void **state) {
  fixture *self = *state;
  start(self, "LISTEN_ADDRESS=127.0.0.1:0", NULL);
  int port = mesh_process_wait_number(self->process, "msg=listening", "port=");
  char address[64];
  snprintf(address, sizeof address, "LISTEN_ADDRESS=127.0.0.1:%d", port);
  char log_file[520];
  snprintf(log_file, sizeof log_file, "%s2", self->log_file);
  const char *const environment[] = {"OTEL_SDK_DISABLED=true", address, NULL};
  mesh_process *second = mesh_process_start(APP_PROGRAM, environment, log_file);
  assert_int_equal(mesh_process_wait(second), 1);
  assert_true(mesh_process_has_logged(second, address + strlen("LISTEN_ADDRESS=")));
  mesh_process_destroy(second);
}

/* Broken: one who waits could not make it end. */
static void test_a_second_signal_ends_it_at_once(void **state) {
  fixture *self = *state;
  start(self, "LISTEN_ADDRESS=127.0.0.1:0", "STUCK=true");
  mesh_process_wait_log(self->process, "msg=listening");
  mesh_process_signal(self->process, SIGTERM);
  mesh_process_wait_log(self->process, "part is stuck");
  mesh_process_signal(self->process, SIGTERM);
  assert_int_equal(mesh_process_wait(self->process), 128 + SIGTERM);
}

/* Broken: a part that is stuck would keep the process for ever. */
static void test_a_stuck_part_is_given_up_with_a_failure(void **state) {
  fixture *self = *state;
  const char *const environment[] = {"OTEL_SDK_DISABLED=true", "LISTEN_ADDRESS=127.0.0.1:0",
                                     "STUCK=true", "MESH_DRAIN_MS=0", NULL};
  self->process = mesh_process_start(APP_PROGRAM, environment, self->log_file);
  mesh_process_wait_log(self->process, "msg=listening");
  assert_int_equal(mesh_process_stop(self->process), 1);
  assert_true(mesh_process_has_logged(self->process, "did not drain in time"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_serves_until_a_signal_and_exits_with_0, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(test_parts_drain_first_and_hooks_run_last_first, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(test_the_log_can_be_json, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_records_leave_where_the_environment_says, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(test_threads_have_the_policy_that_is_asked_for, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(test_a_variable_that_cannot_be_parsed_is_named, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(test_an_exporter_that_cannot_be_made_is_told, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(test_hooks_run_when_the_start_fails, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_faults_need_to_be_asked_for, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_the_log_says_that_faults_are_injected, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(test_a_taken_port_is_named, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_second_signal_ends_it_at_once, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_stuck_part_is_given_up_with_a_failure, set_up,
                                      tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
