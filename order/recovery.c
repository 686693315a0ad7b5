/* SPDX-License-Identifier: Apache-2.0 */
#include "recovery.h"

#include <mesh/log.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "order_id.h"
#include "round.h"
#include "service.h"
#include "settle.h"
#include "shop/inventory/v1/inventory.mesh.h"

enum {
  PAUSE_MS = 1000,
  LOOK_EVERY = 30,     /* pauses, when there seems to be nothing to find */
  RETRY_EVERY_MAX = 8, /* pauses, when someone does not answer */
  COMMIT_TIMEOUT_MS = 10000,
  BATCH_SIZE = 200,  /* a commit of more would hold up the inventory's writer for milliseconds */
  BATCHES_MAX = 500, /* what is beyond is left to a round */
};

/* Orders whose stock is to be committed. */
typedef struct batch {
  struct batch *next;
  size_t count;
  char ids[BATCH_SIZE][ORDER_ID_LENGTH + 1];
} batch;

struct order_recovery {
  mesh_loop *loop;
  mesh_client *inventory;
  atomic_bool is_awake;       /* a look is wanted */
  atomic_llong doubt_unix_ms; /* when a call last left something */
  /* the loop's */
  order_settle settle;
  order_round round;
  order_outcome outcome; /* of the look under way */
  int parts;             /* of it that are under way: settling, the round */
  mesh_timer timer;
  int pauses;       /* since the last look */
  int retry_pauses; /* before the next one, while someone does not answer; or 0 */
  bool is_busy;     /* with a commit or a round */
  bool is_stopped;
  void (*on_stopped)(void *data);
  void *stopped_data;
  const mesh_context *commit_context; /* of the call under way, or NULL */
  batch *first;                       /* oldest; the one that is being committed, or filled */
  batch *last;
  size_t batch_count;
};

static void *allocate(size_t size) {
  void *memory = calloc(1, size);
  if (memory == NULL) {
    abort();
  }
  return memory;
}

void order_recovery_wake(order_recovery *self) {
  atomic_store_explicit(&self->doubt_unix_ms, store_now_unix_ms(), memory_order_relaxed);
  atomic_store_explicit(&self->is_awake, true, memory_order_release);
}

static bool has_full_batch(const order_recovery *self) {
  return self->first != NULL && self->first->count == BATCH_SIZE;
}

static void tick(void *data);

static void say_when_stopped(order_recovery *self) {
  if (!self->is_busy && self->parts == 0) {
    mesh_loop_post(self->loop, self->on_stopped, self->stopped_data);
  }
}

static void pause_then_tick(order_recovery *self) {
  self->is_busy = false;
  if (self->is_stopped) {
    say_when_stopped(self);
    return;
  }
  mesh_timer_start(self->loop, &self->timer, has_full_batch(self) ? 0 : PAUSE_MS, tick, self);
}

/* ---- looking for what is left ---- */

/* Once for each change. */
static void say_how_it_is(const order_recovery *self, bool has_rest) {
  if (has_rest && self->retry_pauses == 0) {
    mesh_log(MESH_LOG_WARN, NULL, "orders wait to be settled: a service does not answer", NULL, 0);
  } else if (!has_rest && self->retry_pauses > 0) {
    mesh_log(MESH_LOG_INFO, NULL, "orders are settled again", NULL, 0);
  }
}

static void back_off(order_recovery *self, bool has_rest) {
  int longer = self->retry_pauses == 0 ? 1 : self->retry_pauses * 2;
  self->retry_pauses = !has_rest ? 0 : longer < RETRY_EVERY_MAX ? longer : RETRY_EVERY_MAX;
}

/* What calls of this run may still be at work on is theirs, and not waited for, unless one of them
 * has said that it leaves something. */
static void finish_look(order_recovery *self) {
  if (!self->is_stopped) {
    say_how_it_is(self, self->outcome == ORDER_HAS_REST);
  }
  back_off(self, self->outcome == ORDER_HAS_REST);
  int64_t doubt_unix_ms = atomic_load_explicit(&self->doubt_unix_ms, memory_order_relaxed);
  bool is_in_doubt = store_now_unix_ms() - doubt_unix_ms <= ORDER_GIVE_UP_AFTER_MS + PAUSE_MS;
  if (self->outcome == ORDER_HAS_REST || (self->outcome == ORDER_HAS_COMING && is_in_doubt)) {
    atomic_store_explicit(&self->is_awake, true, memory_order_release);
  }
}

static void finish_part(order_recovery *self, order_outcome outcome) {
  self->outcome = outcome > self->outcome ? outcome : self->outcome;
  if (--self->parts == 0) {
    finish_look(self);
  }
}

static void on_round(order_outcome outcome, void *data) {
  order_recovery *self = data;
  finish_part(self, outcome);
  pause_then_tick(self);
}

/* Nothing waits for this: a payment service that hangs keeps no stock of other orders from being
 * sold. */
static void on_settled(order_outcome outcome, void *data) {
  order_recovery *self = data;
  if (self->settle.has_old_keys) {
    atomic_store_explicit(&self->is_awake, true, memory_order_release);
  }
  finish_part(self, outcome);
  if (self->is_stopped) {
    say_when_stopped(self);
  }
}

static bool is_time_to_look(order_recovery *self) {
  if (self->parts > 0) {
    return false;
  }
  self->pauses++;
  if (self->pauses >= LOOK_EVERY) {
    return true;
  }
  bool is_awake = atomic_load_explicit(&self->is_awake, memory_order_acquire);
  return is_awake && self->pauses >= self->retry_pauses;
}

static void look_around(order_recovery *self) {
  if (self->is_stopped || !is_time_to_look(self)) {
    pause_then_tick(self);
    return;
  }
  atomic_store_explicit(&self->is_awake, false, memory_order_relaxed);
  self->pauses = 0;
  self->outcome = ORDER_ALL_SETTLED;
  self->parts = 2;
  order_settle_start(&self->settle);
  order_round_start(&self->round);
}

/* ---- commits ---- */

static void drop_first(order_recovery *self) {
  batch *first = self->first;
  self->first = first->next;
  if (self->first == NULL) {
    self->last = NULL;
  }
  self->batch_count--;
  free(first);
}

static void on_committed(const mesh_status *status,
                         const Shop__Inventory__V1__CommitResponse *reply, void *data) {
  order_recovery *self = data;
  mesh_context_release(self->commit_context);
  self->commit_context = NULL;
  drop_first(self);
  if (mesh_status_is_ok(status)) {
    order_report_refused(reply);
  } else {
    order_recovery_wake(self);
  }
  look_around(self);
}

static void commit_first(order_recovery *self) {
  char *ids[BATCH_SIZE];
  batch *first = self->first;
  for (size_t i = 0; i < first->count; i++) {
    ids[i] = first->ids[i];
  }
  if (self->last == first) {
    self->last = NULL; /* what comes now goes into another one */
  }
  Shop__Inventory__V1__CommitRequest request = SHOP__INVENTORY__V1__COMMIT_REQUEST__INIT;
  request.order_ids = ids;
  request.n_order_ids = first->count;
  self->commit_context = order_untraced_context(self->loop, COMMIT_TIMEOUT_MS);
  shop_inventory_v1_commit(self->inventory, self->commit_context, &request, on_committed, self);
}

static void tick(void *data) {
  order_recovery *self = data;
  self->is_busy = true;
  if (self->first != NULL) {
    commit_first(self);
  } else {
    look_around(self);
  }
}

static batch *batch_to_fill(order_recovery *self) {
  if (self->last != NULL && self->last->count < BATCH_SIZE) {
    return self->last;
  }
  if (self->batch_count == BATCHES_MAX) {
    return NULL;
  }
  batch *added = allocate(sizeof *added);
  batch **end = &self->first;
  while (*end != NULL) {
    end = &(*end)->next;
  }
  *end = added;
  self->last = added;
  self->batch_count++;
  return added;
}

static void add(order_recovery *self, const char *order_id) {
  batch *filling = batch_to_fill(self);
  if (filling == NULL) {
    order_recovery_wake(self);
    return;
  }
  memcpy(filling->ids[filling->count++], order_id, ORDER_ID_LENGTH + 1);
  if (filling->count == BATCH_SIZE && !self->is_busy && !self->is_stopped) {
    mesh_timer_start(self->loop, &self->timer, 0, tick, self);
  }
}

/* From a loop of another thread. */
typedef struct news {
  order_recovery *self;
  char id[ORDER_ID_LENGTH + 1];
} news;

static void add_news(void *data) {
  news *message = data;
  add(message->self, message->id);
  free(message);
}

void order_recovery_confirmed(order_recovery *self, const char *order_id) {
  if (mesh_loop_is_current(self->loop)) {
    add(self, order_id);
    return;
  }
  news *message = allocate(sizeof *message);
  message->self = self;
  memcpy(message->id, order_id, ORDER_ID_LENGTH + 1);
  mesh_loop_post(self->loop, add_news, message);
}

/* ---- start and stop ---- */

order_recovery *order_recovery_new(const order_recovery_options *options) {
  order_recovery *self = allocate(sizeof *self);
  self->loop = options->loop;
  self->inventory = options->inventory;
  self->settle.options = (order_settle_options){.store = options->store,
                                                .inventory = options->inventory,
                                                .payment = options->payment,
                                                .loop = options->loop,
                                                .run = options->run,
                                                .on_done = on_settled,
                                                .data = self};
  self->round.options = (order_round_options){.store = options->store,
                                              .inventory = options->inventory,
                                              .loop = options->loop,
                                              .run = options->run,
                                              .on_done = on_round,
                                              .data = self};
  atomic_init(&self->is_awake, true);
  atomic_init(&self->doubt_unix_ms, 0);
  mesh_timer_start(self->loop, &self->timer, 0, tick, self);
  return self;
}

void order_recovery_stop(order_recovery *self, void (*on_stopped)(void *data), void *data) {
  self->is_stopped = true;
  self->on_stopped = on_stopped;
  self->stopped_data = data;
  mesh_timer_stop(self->loop, &self->timer);
  if (!self->is_busy && self->parts == 0) {
    mesh_loop_post(self->loop, on_stopped, data);
    return;
  }
  order_settle_cancel(&self->settle);
  order_round_cancel(&self->round);
  if (self->commit_context != NULL) {
    mesh_context_cancel(self->commit_context);
  }
}

void order_recovery_destroy(order_recovery *self) {
  if (self == NULL) {
    return;
  }
  mesh_timer_stop(self->loop, &self->timer);
  while (self->first != NULL) {
    drop_first(self);
  }
  free(self);
}
