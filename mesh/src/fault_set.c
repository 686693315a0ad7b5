/* SPDX-License-Identifier: Apache-2.0 */
#include "fault_set.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loop.h"
#include "memory.h"

struct mesh__fault_set {
  /* fixed */
  mesh_loop **loops;
  size_t loop_count;
  /* any thread */
  _Atomic(mesh__fault_table *) table; /* NULL: no rules */
  pthread_mutex_t lock;               /* of writers */
  uint64_t ids_made;
};

/* A table that loops may still look at. */
typedef struct retired {
  mesh__fault_table *table;
  atomic_size_t loops_left;
} retired;

/* ---- faults ---- */

static mesh__fault *fault_new(const mesh__fault_rule *rule, int64_t now_ms) {
  mesh__fault *fault = mesh__xcalloc(1, sizeof *fault);
  fault->rule = *rule;
  fault->ends_at_ms = rule->ttl_ms != 0 ? mesh__add_ms(now_ms, rule->ttl_ms) : INT64_MAX;
  atomic_init(&fault->hits, 0);
  atomic_init(&fault->holders, 1);
  return fault;
}

void mesh__fault_acquire(mesh__fault *fault) {
  atomic_fetch_add_explicit(&fault->holders, 1, memory_order_relaxed);
}

void mesh__fault_release(mesh__fault *fault) {
  if (fault != NULL && atomic_fetch_sub_explicit(&fault->holders, 1, memory_order_acq_rel) == 1) {
    free(fault);
  }
}

bool mesh__fault_strike(mesh__fault *fault) {
  int64_t before = atomic_fetch_add_explicit(&fault->hits, 1, memory_order_relaxed);
  if (fault->rule.count == 0 || before < fault->rule.count) {
    return true;
  }
  atomic_fetch_sub_explicit(&fault->hits, 1, memory_order_relaxed);
  return false;
}

static bool is_over(mesh__fault *fault, int64_t now_ms) {
  return now_ms >= fault->ends_at_ms ||
         (fault->rule.count != 0 &&
          atomic_load_explicit(&fault->hits, memory_order_relaxed) >= fault->rule.count);
}

/* ---- tables ---- */

static mesh__fault_table *table_new(size_t capacity) {
  return mesh__xcalloc(1, sizeof(mesh__fault_table) + capacity * sizeof(mesh__fault *));
}

static void table_add(mesh__fault_table *table, mesh__fault *fault) {
  mesh__fault_acquire(fault);
  table->faults[table->count++] = fault;
}

static void table_destroy(mesh__fault_table *table) {
  for (size_t i = 0; table != NULL && i < table->count; i++) {
    mesh__fault_release(table->faults[i]);
  }
  free(table);
}

mesh__fault *mesh__fault_table_find(const mesh__fault_table *table, mesh__fault_side side,
                                    const char *path, int64_t now_ms) {
  for (size_t i = 0; i < table->count; i++) {
    mesh__fault *fault = table->faults[i];
    if (mesh__fault_rule_matches(&fault->rule, side, path) && !is_over(fault, now_ms)) {
      return fault;
    }
  }
  return NULL;
}

/* ---- publishing ---- */

mesh__fault_set *mesh__fault_set_new(mesh_loop *const *loops, size_t loop_count) {
  mesh__fault_set *set = mesh__xcalloc(1, sizeof *set);
  set->loops = mesh__xcalloc(loop_count, sizeof *set->loops);
  for (size_t i = 0; i < loop_count; i++) {
    set->loops[i] = loops[i];
  }
  set->loop_count = loop_count;
  atomic_init(&set->table, NULL);
  pthread_mutex_init(&set->lock, NULL);
  return set;
}

void mesh__fault_set_destroy(mesh__fault_set *set) {
  if (set == NULL) {
    return;
  }
  table_destroy(atomic_load_explicit(&set->table, memory_order_acquire));
  pthread_mutex_destroy(&set->lock);
  free(set->loops);
  free(set);
}

const mesh__fault_table *mesh__fault_set_table(const mesh__fault_set *set) {
  return atomic_load_explicit(&set->table, memory_order_relaxed) == NULL
             ? NULL
             : atomic_load_explicit(&set->table, memory_order_acquire);
}

static void loop_has_turned(void *data) {
  retired *self = data;
  if (atomic_fetch_sub_explicit(&self->loops_left, 1, memory_order_acq_rel) == 1) {
    table_destroy(self->table);
    free(self);
  }
}

static void retire(const mesh__fault_set *set, mesh__fault_table *table) {
  if (set->loop_count == 0) {
    table_destroy(table);
    return;
  }
  retired *self = mesh__xmalloc(sizeof *self);
  self->table = table;
  atomic_init(&self->loops_left, set->loop_count);
  for (size_t i = 0; i < set->loop_count; i++) {
    mesh_loop_post(set->loops[i], loop_has_turned, self);
  }
}

/* Takes over `table`. */
static void publish(mesh__fault_set *set, mesh__fault_table *table) {
  if (table->count == 0) {
    table_destroy(table);
    table = NULL;
  }
  mesh__fault_table *old = atomic_exchange_explicit(&set->table, table, memory_order_acq_rel);
  if (old != NULL) {
    retire(set, old);
  }
}

/* ---- writers ---- */

/* What is in force, without what is over, with room for one more. */
static mesh__fault_table *copy(const mesh__fault_set *set, int64_t now_ms) {
  const mesh__fault_table *old = mesh__fault_set_table(set);
  size_t count = old != NULL ? old->count : 0;
  mesh__fault_table *table = table_new(count + 1);
  for (size_t i = 0; i < count; i++) {
    if (!is_over(old->faults[i], now_ms)) {
      table_add(table, old->faults[i]);
    }
  }
  return table;
}

static size_t find_id(const mesh__fault_table *table, const char *id) {
  size_t index = 0;
  while (index < table->count && strcmp(table->faults[index]->rule.id, id) != 0) {
    index++;
  }
  return index;
}

static void make_id(mesh__fault_set *set, const mesh__fault_table *table, char *id) {
  do {
    snprintf(id, MESH__FAULT_ID_SIZE, "rule-%llu", (unsigned long long)++set->ids_made);
  } while (find_id(table, id) < table->count);
}

/* Takes over the one hold of `fault`. */
static void insert(mesh__fault_table *table, mesh__fault *fault, size_t index) {
  memmove(&table->faults[index + 1], &table->faults[index],
          (table->count - index) * sizeof *table->faults);
  table->faults[index] = fault;
  table->count++;
}

static mesh_status place_in(mesh__fault_table *table, mesh__fault *fault, mesh__fault_place place) {
  size_t index = find_id(table, fault->rule.id);
  if (index < table->count && place == MESH__FAULT_LAST) {
    return mesh_status_error(GRPC_STATUS_ALREADY_EXISTS, "there is a rule with the id '%s' already",
                             fault->rule.id);
  }
  if (index < table->count) {
    mesh__fault_release(table->faults[index]);
    table->faults[index] = fault;
    return mesh_status_ok();
  }
  if (table->count == MESH__FAULT_RULES_MOST) {
    return mesh_status_error(GRPC_STATUS_RESOURCE_EXHAUSTED, "there are %d rules already",
                             MESH__FAULT_RULES_MOST);
  }
  insert(table, fault, place == MESH__FAULT_LAST ? table->count : 0);
  return mesh_status_ok();
}

mesh_status mesh__fault_set_put(mesh__fault_set *set, const mesh__fault_rule *rule,
                                mesh__fault_place place, int64_t now_ms, mesh__fault **out_fault) {
  mesh__fault *fault = fault_new(rule, now_ms);
  pthread_mutex_lock(&set->lock);
  mesh__fault_table *table = copy(set, now_ms);
  if (fault->rule.id[0] == '\0') {
    make_id(set, table, fault->rule.id);
  }
  mesh_status status = place_in(table, fault, place);
  if (mesh_status_is_ok(&status)) {
    if (out_fault != NULL) {
      mesh__fault_acquire(fault);
      *out_fault = fault;
    }
    publish(set, table);
  } else {
    mesh__fault_release(fault);
    table_destroy(table);
  }
  pthread_mutex_unlock(&set->lock);
  return status;
}

bool mesh__fault_set_remove(mesh__fault_set *set, const char *id, int64_t now_ms) {
  pthread_mutex_lock(&set->lock);
  mesh__fault_table *table = copy(set, now_ms);
  size_t index = find_id(table, id);
  bool is_there = index < table->count;
  if (is_there) {
    mesh__fault_release(table->faults[index]);
    table->count--;
    memmove(&table->faults[index], &table->faults[index + 1],
            (table->count - index) * sizeof *table->faults);
  }
  publish(set, table);
  pthread_mutex_unlock(&set->lock);
  return is_there;
}

size_t mesh__fault_set_clear(mesh__fault_set *set, int64_t now_ms) {
  pthread_mutex_lock(&set->lock);
  mesh__fault_table *table = copy(set, now_ms);
  size_t count = table->count;
  table_destroy(table);
  publish(set, table_new(0));
  pthread_mutex_unlock(&set->lock);
  return count;
}

size_t mesh__fault_set_list(mesh__fault_set *set, int64_t now_ms,
                            mesh__fault *out_faults[MESH__FAULT_RULES_MOST]) {
  pthread_mutex_lock(&set->lock);
  mesh__fault_table *table = copy(set, now_ms);
  size_t count = table->count;
  for (size_t i = 0; i < count; i++) {
    out_faults[i] = table->faults[i];
    mesh__fault_acquire(out_faults[i]);
  }
  publish(set, table); /* what is over costs nothing from here on */
  pthread_mutex_unlock(&set->lock);
  return count;
}
