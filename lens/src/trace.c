/* SPDX-License-Identifier: Apache-2.0 */
#include "trace.h"

#include <stdlib.h>
#include <string.h>

/* Span.status, empty. */
static const uint8_t empty_status[] = {15 << 3 | LENS_WIRE_BYTES, 0};

lens_trace *lens_trace_new(lens_tape *tape, const uint8_t id[LENS_TRACE_ID_SIZE]) {
  size_t taken_before = tape->taken;
  lens_trace *trace = lens_tape_take(tape, sizeof(*trace));
  *trace = (lens_trace){.segment = tape->newest, .start_unix_nanos = UINT64_MAX};
  memcpy(trace->id, id, LENS_TRACE_ID_SIZE);
  trace->memory = tape->taken - taken_before;
  return trace;
}

static size_t stored_size(lens_bytes bytes, const lens_span_view *view) {
  return bytes.size + (view->has_status ? 0 : sizeof(empty_status));
}

size_t lens_span_memory(lens_bytes bytes, const lens_span_view *view) {
  return sizeof(lens_span) + stored_size(bytes, view);
}

static lens_span *copy_span(lens_tape *tape, const lens_new_span *from) {
  lens_bytes bytes = from->bytes;
  lens_span *span = lens_tape_take(tape, lens_span_memory(bytes, from->view));
  *span = (lens_span){.scope = from->scope, .size = stored_size(bytes, from->view)};
  memcpy(span->bytes, bytes.data, bytes.size);
  if (!from->view->has_status) {
    memcpy(span->bytes + bytes.size, empty_status, sizeof(empty_status));
  }
  return span;
}

/* A span without parent comes before those with one, an earlier one before a later. */
static bool is_better_root(const lens_trace *trace, const lens_span_view *view) {
  bool is_root = view->parent_span_id.size == 0;
  if (trace->root == NULL || is_root != trace->has_root) {
    return trace->root == NULL || is_root;
  }
  return view->start_unix_nanos < trace->root_start_unix_nanos;
}

static void summarize(lens_trace *trace, const lens_span *span, const lens_span_view *view) {
  if (is_better_root(trace, view)) {
    trace->root = span;
    trace->root_start_unix_nanos = view->start_unix_nanos;
    trace->has_root = view->parent_span_id.size == 0;
  }
  if (view->start_unix_nanos < trace->start_unix_nanos) {
    trace->start_unix_nanos = view->start_unix_nanos;
  }
  if (view->end_unix_nanos > trace->end_unix_nanos) {
    trace->end_unix_nanos = view->end_unix_nanos;
  }
  trace->span_count++;
  trace->error_count += view->status_code == LENS_STATUS_ERROR;
}

bool lens_trace_add(lens_trace *trace, lens_tape *tape, const lens_new_span *from) {
  size_t taken_before = tape->taken;
  bool is_new = lens_id_set_add(&trace->keys, from->key, tape);
  if (is_new) {
    lens_span *span = copy_span(tape, from);
    *(trace->last != NULL ? &trace->last->next : &trace->first) = span;
    trace->last = span;
    summarize(trace, span, from->view);
  }
  trace->memory += tape->taken - taken_before;
  return is_new;
}

bool lens_trace_has_service(const lens_trace *trace, lens_bytes service) {
  for (const lens_span *span = trace->first; span != NULL; span = span->next) {
    if (lens_bytes_equal(span->scope->service, service)) {
      return true;
    }
  }
  return false;
}

/* A span and its place in the trace. */
typedef struct entry {
  const lens_span *span;
  size_t index;
} entry;

/* Entries that lie side by side. */
typedef struct run {
  const entry *entries;
  size_t count;
} run;

static int compare(uint64_t a, uint64_t b) {
  return (a > b) - (a < b);
}

static int compare_entries(const void *left, const void *right) {
  const entry *a = left;
  const entry *b = right;
  const lens_label *a_scope = a->span->scope;
  const lens_label *b_scope = b->span->scope;
  int order = compare(a_scope->parent->sequence, b_scope->parent->sequence);
  if (order == 0) {
    order = compare(a_scope->sequence, b_scope->sequence);
  }
  return order != 0 ? order : compare(a->index, b->index);
}

/* Takes the leading entries of one scope, or of one resource, off `rest`. */
static run take_run(run *rest, bool by_resource) {
  const lens_label *scope = rest->entries[0].span->scope;
  size_t count = 1;
  while (count < rest->count) {
    const lens_label *other = rest->entries[count].span->scope;
    if (by_resource ? other->parent != scope->parent : other != scope) {
      break;
    }
    count++;
  }
  run taken = {rest->entries, count};
  rest->entries += count;
  rest->count -= count;
  return taken;
}

static size_t scope_spans_size(run spans) {
  size_t size = lens_origin_size(&spans.entries[0].span->scope->origin);
  for (size_t i = 0; i < spans.count; i++) {
    size += lens_field_size(spans.entries[i].span->size);
  }
  return size;
}

static size_t resource_spans_size(run rest) {
  size_t size = lens_origin_size(&rest.entries[0].span->scope->parent->origin);
  while (rest.count > 0) {
    size += lens_field_size(scope_spans_size(take_run(&rest, false)));
  }
  return size;
}

static void write_scope_spans(lens_buffer *out, run spans) {
  lens_field_add_head(out, 2, scope_spans_size(spans));
  lens_origin_add(out, &spans.entries[0].span->scope->origin);
  for (size_t i = 0; i < spans.count; i++) {
    const lens_span *span = spans.entries[i].span;
    lens_field_add_bytes(out, 2, (lens_bytes){span->bytes, span->size});
  }
}

static void write_resource_spans(lens_buffer *out, run rest) {
  lens_field_add_head(out, 1, resource_spans_size(rest));
  lens_origin_add(out, &rest.entries[0].span->scope->parent->origin);
  while (rest.count > 0) {
    write_scope_spans(out, take_run(&rest, false));
  }
}

void lens_trace_encode(const lens_trace *trace, lens_buffer *out) {
  entry *entries = lens_alloc(trace->span_count * sizeof(entries[0]));
  size_t count = 0;
  for (const lens_span *span = trace->first; span != NULL; span = span->next) {
    entries[count] = (entry){span, count};
    count++;
  }
  qsort(entries, count, sizeof(entries[0]), compare_entries);
  run rest = {entries, count};
  while (rest.count > 0) {
    write_resource_spans(out, take_run(&rest, true));
  }
  free(entries);
}
