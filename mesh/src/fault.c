/* SPDX-License-Identifier: Apache-2.0 */
/* Rules, drawn for calls and told to their spans; the two sides are in fault_server.c and
 * fault_client.c. */
#include "fault.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "loop.h"
#include "memory.h"

/* Splitmix64, one for each thread. */
static uint64_t random_of_thread(void *data) {
  static _Thread_local uint64_t state;
  (void)data;
  if (state == 0 && getrandom(&state, sizeof state, 0) != (ssize_t)sizeof state) {
    state = (uint64_t)mesh__clock_ms();
  }
  state += 0x9e3779b97f4a7c15u;
  uint64_t bits = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9u;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebu;
  return bits ^ (bits >> 31);
}

mesh_faults *mesh_faults_new(const mesh_faults_options *options) {
  mesh_faults *faults = mesh__xcalloc(1, sizeof *faults);
  faults->set = mesh__fault_set_new(options->loops, options->loop_count);
  faults->random = options->random != NULL ? options->random : random_of_thread;
  faults->random_data = options->random_data;
  faults->server = mesh__fault_server;
  faults->server.self = faults;
  faults->client = mesh__fault_client;
  faults->client.self = faults;
  return faults;
}

void mesh_faults_destroy(mesh_faults *faults) {
  if (faults == NULL) {
    return;
  }
  mesh__fault_set_destroy(faults->set);
  free(faults);
}

static mesh_status add(const mesh__fault_rule *rule, void *data) {
  mesh_faults *faults = data;
  return mesh__fault_set_put(faults->set, rule, MESH__FAULT_LAST, mesh__clock_ms(), NULL);
}

mesh_status mesh_faults_add(mesh_faults *faults, const char *rules) {
  return strcmp(rules, "none") == 0 ? mesh_status_ok() : mesh__fault_parse(rules, add, faults);
}

bool mesh_faults_remove(mesh_faults *faults, const char *id) {
  return mesh__fault_set_remove(faults->set, id, mesh__clock_ms());
}

size_t mesh_faults_clear(mesh_faults *faults) {
  return mesh__fault_set_clear(faults->set, mesh__clock_ms());
}

size_t mesh_faults_count(mesh_faults *faults) {
  mesh__fault *list[MESH__FAULT_RULES_MOST];
  size_t count = mesh__fault_set_list(faults->set, mesh__clock_ms(), list);
  for (size_t i = 0; i < count; i++) {
    mesh__fault_release(list[i]);
  }
  return count;
}

const mesh_interceptor *mesh_faults_server_interceptor(const mesh_faults *faults) {
  return &faults->server;
}

const mesh_interceptor *mesh_faults_client_interceptor(const mesh_faults *faults) {
  return &faults->client;
}

/* ---- for one call ---- */

bool mesh__fault_draw(const mesh_faults *faults, mesh__fault_side side, const mesh_method *method,
                      int64_t now_ms, mesh__fault_strikes *strikes) {
  const mesh__fault_table *table = mesh__fault_set_table(faults->set);
  if (table == NULL) {
    return false;
  }
  mesh__fault *fault = mesh__fault_table_find(table, side, method->path, now_ms);
  if (fault == NULL) {
    return false;
  }
  mesh__fault_plan plan = mesh__fault_rule_draw(&fault->rule, faults->random, faults->random_data);
  if (mesh__fault_plan_is_empty(&plan) || !mesh__fault_strike(fault)) {
    return false;
  }
  mesh__fault_acquire(fault);
  strikes->fault = fault;
  strikes->plan = plan;
  return true;
}

static void mark(const mesh__fault_strikes *strikes, otlp_span *span, otlp_attribute what,
                 mesh__fault_when when, otlp_attribute total) {
  const char *id = strikes->fault->rule.id;
  const otlp_attribute of_span[] = {otlp_attribute_string("meshwork.fault.rule", id), total};
  const otlp_attribute of_event[] = {
      of_span[0], what, otlp_attribute_string("meshwork.fault.when", mesh__fault_when_name(when))};
  otlp_span_set_attributes(span, of_span, sizeof of_span / sizeof of_span[0]);
  otlp_span_add_event(span, otlp_string_from("fault.injected"), 0, of_event,
                      sizeof of_event / sizeof of_event[0]);
}

void mesh__fault_mark_delay(mesh__fault_strikes *strikes, otlp_span *span, mesh__fault_when when) {
  static const char key[] = "meshwork.fault.delay_ms";
  const mesh__fault_plan *plan = &strikes->plan;
  int64_t delay_ms = when == MESH__FAULT_AFTER ? plan->after_ms : plan->before_ms;
  strikes->delayed_ms += delay_ms;
  mark(strikes, span, otlp_attribute_int(key, delay_ms), when,
       otlp_attribute_int(key, strikes->delayed_ms));
}

void mesh__fault_mark_abort(const mesh__fault_strikes *strikes, otlp_span *span) {
  otlp_attribute code =
      otlp_attribute_string("meshwork.fault.abort", mesh_status_code_name(strikes->plan.abort));
  mark(strikes, span, code, strikes->plan.abort_after ? MESH__FAULT_AFTER : MESH__FAULT_BEFORE,
       code);
}

mesh_status mesh__fault_abort_status(const mesh__fault_strikes *strikes) {
  const mesh__fault_rule *rule = &strikes->fault->rule;
  if (rule->abort.message[0] != '\0') {
    return mesh_status_error(strikes->plan.abort, "%s", rule->abort.message);
  }
  return mesh_status_error(strikes->plan.abort, "injected by fault rule '%s'", rule->id);
}
