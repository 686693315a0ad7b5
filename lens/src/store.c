/* SPDX-License-Identifier: Apache-2.0 */
#include "store.h"

#include "schema.h"
#include "trace.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* One trace may take this part of the store, so that a runaway one does not push out all others. */
#define TRACE_SHARE 8

/* Segments of the tape, each of which goes as a whole, are this part of the store. */
#define SEGMENT_SHARE 128

/* What log records may take, as a part of what traces may. */
#define LOG_SHARE 4

/* A scope that a segment of the tape holds, once for all the spans in it. */
typedef struct scope_hold {
  struct scope_hold *newer;
  const lens_segment *segment;
  lens_label *scope;
} scope_hold;

struct lens_store {
  size_t max_bytes;
  lens_log_store *logs;
  uint64_t seed;
  pthread_mutex_t lock; /* guards all below */
  lens_labels labels;
  lens_table traces;
  lens_tape tape; /* all traces with their spans */
  size_t span_count;
  lens_trace *oldest;
  lens_trace *newest;
  scope_hold *oldest_hold;
  scope_hold *newest_hold;
  lens_store_stats stats;
};

lens_store *lens_store_new(size_t max_bytes) {
  lens_store *store = lens_alloc(sizeof(*store));
  store->max_bytes = max_bytes;
  store->logs = lens_log_store_new(max_bytes / LOG_SHARE);
  store->seed = lens_hash_seed();
  pthread_mutex_init(&store->lock, NULL);
  lens_labels_init(&store->labels, store->seed);
  lens_table_init(&store->traces);
  lens_tape_init(&store->tape, max_bytes / SEGMENT_SHARE);
  return store;
}

static size_t memory_of(const lens_store *store) {
  return store->tape.memory + store->labels.memory + lens_table_size(&store->traces);
}

static void forget_oldest(lens_store *store) {
  lens_trace *trace = store->oldest;
  store->oldest = trace->newer;
  *(trace->newer != NULL ? &trace->newer->older : &store->newest) = NULL;
  lens_table_remove(&store->traces, &trace->node);
  store->span_count -= trace->span_count;
}

static void release_oldest_hold(lens_store *store) {
  scope_hold *hold = store->oldest_hold;
  store->oldest_hold = hold->newer;
  if (store->oldest_hold == NULL) {
    store->newest_hold = NULL;
  }
  if (hold->scope->holder == hold->segment) {
    hold->scope->holder = NULL;
  }
  lens_labels_release(&store->labels, hold->scope);
}

/* To be called when a span of this scope has been put on the tape. */
static void hold_scope(lens_store *store, lens_label *scope) {
  if (scope->holder == store->tape.newest) {
    return;
  }
  scope_hold *hold = lens_tape_take(&store->tape, sizeof(*hold));
  *hold = (scope_hold){.segment = store->tape.newest, .scope = lens_label_acquire(scope)};
  *(store->newest_hold != NULL ? &store->newest_hold->newer : &store->oldest_hold) = hold;
  store->newest_hold = hold;
  scope->holder = hold->segment;
}

/* The traces that begin in the oldest segment are the oldest ones; of others there is nothing in
 * it. */
static void forget_oldest_segment(lens_store *store) {
  const lens_segment *segment = store->tape.oldest;
  size_t traces_before = store->traces.count;
  size_t spans_before = store->span_count;
  while (store->oldest != NULL && store->oldest->segment == segment) {
    forget_oldest(store);
  }
  while (store->oldest_hold != NULL && store->oldest_hold->segment == segment) {
    release_oldest_hold(store);
  }
  lens_tape_drop_oldest(&store->tape);
  store->stats.traces_evicted += traces_before - store->traces.count;
  store->stats.spans_evicted += spans_before - store->span_count;
}

void lens_store_destroy(lens_store *store) {
  if (store == NULL) {
    return;
  }
  while (store->tape.oldest != NULL) {
    forget_oldest_segment(store);
  }
  lens_tape_clean_up(&store->tape);
  lens_labels_clean_up(&store->labels);
  lens_table_clean_up(&store->traces);
  pthread_mutex_destroy(&store->lock);
  lens_log_store_destroy(store->logs);
  free(store);
}

lens_log_store *lens_store_logs(lens_store *store) {
  return store->logs;
}

static uint64_t trace_hash(const lens_store *store, const uint8_t *id) {
  return lens_hash(store->seed, (lens_bytes){id, LENS_TRACE_ID_SIZE});
}

static lens_trace *find_trace(const lens_store *store, uint64_t hash, const uint8_t *id) {
  lens_node *node = lens_table_first(&store->traces, hash);
  for (; node != NULL; node = lens_node_next(node)) {
    lens_trace *trace = (lens_trace *)node;
    if (memcmp(trace->id, id, LENS_TRACE_ID_SIZE) == 0) {
      return trace;
    }
  }
  return NULL;
}

static lens_trace *add_trace(lens_store *store, uint64_t hash, const uint8_t *id) {
  lens_trace *trace = lens_trace_new(&store->tape, id);
  trace->node.hash = hash;
  lens_table_add(&store->traces, &trace->node);
  trace->older = store->newest;
  *(store->newest != NULL ? &store->newest->newer : &store->oldest) = trace;
  store->newest = trace;
  return trace;
}

/* What one request carries through the walk. */
typedef struct ingest_walk {
  lens_label_walk around;
  lens_store *store;
  lens_ingest_result result;
} ingest_walk;

/* A client and a server may share a span id (Zipkin's way), so the kind tells spans apart too. */
static uint64_t span_key(const lens_store *store, const lens_span_view *view) {
  return lens_hash(store->seed + view->kind, view->span_id);
}

static void keep_span(ingest_walk *walk, lens_trace *trace, lens_bytes bytes,
                      const lens_span_view *view) {
  lens_store *store = walk->store;
  lens_new_span span = {bytes, view, walk->around.scope, span_key(store, view)};
  if (!lens_trace_add(trace, &store->tape, &span)) {
    walk->result.duplicates++;
    return;
  }
  hold_scope(store, walk->around.scope);
  store->span_count++;
  walk->result.kept++;
}

/* Leaves a segment's room for the tape's spare one. */
static void make_room(lens_store *store) {
  while (memory_of(store) + store->tape.segment_size > store->max_bytes &&
         store->tape.oldest != NULL) {
    forget_oldest_segment(store);
  }
}

static void take_span(void *self, lens_bytes bytes) {
  ingest_walk *walk = self;
  lens_store *store = walk->store;
  lens_span_view view = lens_span_view_of(bytes);
  if (!lens_span_view_has_ids(&view)) {
    walk->result.invalid_ids++;
    return;
  }
  uint64_t hash = trace_hash(store, view.trace_id.data);
  lens_trace *trace = find_trace(store, hash, view.trace_id.data);
  size_t size = lens_span_memory(bytes, &view) + (trace != NULL ? trace->memory : sizeof(*trace));
  if (size > store->max_bytes / TRACE_SHARE) {
    walk->result.too_large++;
    return;
  }
  if (trace == NULL) {
    trace = add_trace(store, hash, view.trace_id.data);
  }
  keep_span(walk, trace, bytes, &view);
  make_room(store);
}

static void count(lens_store_stats *stats, const lens_ingest_result *result) {
  stats->requests++;
  stats->requests_malformed += result->is_malformed;
  stats->spans_kept += result->kept;
  stats->spans_duplicate += result->duplicates;
  stats->spans_rejected += result->invalid_ids + result->too_large;
}

lens_ingest_result lens_store_ingest(lens_store *store, lens_bytes request) {
  ingest_walk walk = {.around = {.labels = &store->labels}, .store = store};
  lens_visitor visitor = {lens_labels_enter_resource, lens_labels_enter_scope, take_span, &walk};
  walk.result.is_malformed = !lens_schema_check(&lens_traces_data_rule, request);
  pthread_mutex_lock(&store->lock);
  if (!walk.result.is_malformed) {
    lens_otlp_walk(request, &visitor);
    lens_labels_leave(&walk.around);
  }
  count(&store->stats, &walk.result);
  pthread_mutex_unlock(&store->lock);
  return walk.result;
}

bool lens_store_trace(lens_store *store, const uint8_t id[LENS_TRACE_ID_SIZE], lens_buffer *out) {
  pthread_mutex_lock(&store->lock);
  const lens_trace *trace = find_trace(store, trace_hash(store, id), id);
  if (trace != NULL) {
    lens_trace_encode(trace, out);
  }
  pthread_mutex_unlock(&store->lock);
  return trace != NULL;
}

static lens_trace_summary summary_of(const lens_trace *trace) {
  uint64_t start = trace->start_unix_nanos;
  uint64_t end = trace->end_unix_nanos;
  lens_span_view root = lens_span_view_of((lens_bytes){trace->root->bytes, trace->root->size});
  return (lens_trace_summary){
      .id = {trace->id, sizeof(trace->id)},
      .root_service = trace->root->scope->service,
      .root_name = root.name,
      .has_root = trace->has_root,
      .start_unix_nanos = start,
      .duration_nanos = end > start ? end - start : 0,
      .span_count = trace->span_count,
      .error_count = trace->error_count,
  };
}

void lens_store_list(lens_store *store, size_t limit, lens_bytes service,
                     void (*visit)(void *self, const lens_trace_summary *summary), void *self) {
  pthread_mutex_lock(&store->lock);
  const lens_trace *trace = store->newest;
  for (; trace != NULL && limit > 0; trace = trace->older) {
    if (service.size == 0 || lens_trace_has_service(trace, service)) {
      lens_trace_summary summary = summary_of(trace);
      visit(self, &summary);
      limit--;
    }
  }
  pthread_mutex_unlock(&store->lock);
}

lens_store_stats lens_store_read_stats(lens_store *store) {
  pthread_mutex_lock(&store->lock);
  lens_store_stats stats = store->stats;
  stats.traces = store->traces.count;
  stats.spans = store->span_count;
  stats.bytes = memory_of(store) + (store->tape.spare != NULL ? store->tape.segment_size : 0);
  stats.max_bytes = store->max_bytes;
  pthread_mutex_unlock(&store->lock);
  return stats;
}
