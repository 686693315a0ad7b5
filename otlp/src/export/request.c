/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The message's layout, the same for every signal (opentelemetry/proto/collector/{trace,logs}/v1,
 * opentelemetry/proto/{trace,logs}/v1):
 *
 *   0x0a length { resource header   { 0x12 length { scope header   items } } per scope }
 */
#include "export/request.h"

enum {
  TAG_RESOURCE = 0x0A, /* ExportTraceServiceRequest.resource_spans = 1, ...resource_logs = 1 */
  TAG_SCOPE = 0x12,    /* ResourceSpans.scope_spans = 2, ResourceLogs.scope_logs = 2 */
};

static size_t varint_size(size_t value) {
  size_t size = 1;
  while (value >= 0x80) {
    value >>= 7;
    size++;
  }
  return size;
}

/* A length-delimited field: one byte of tag, the length, the content. */
static size_t field_size(size_t content) {
  return 1 + varint_size(content) + content;
}

/* How large the request being planned is. */
typedef struct plan {
  size_t closed; /* ResourceSpans or ResourceLogs content: the header and the scopes before the
                    current one */
  size_t scope;  /* ScopeSpans or ScopeLogs content: the header and the items so far */
} plan;

static size_t planned_size(const plan *self) {
  return field_size(self->closed + field_size(self->scope));
}

/* Leaves out what lies past the ends of runs and scopes. */
static void normalize(const otlp_batch *batch, otlp__batch_position *position) {
  while (position->scope < batch->scope_count) {
    const otlp_scope_items *items = &batch->scopes[position->scope];
    while (position->run < items->run_count &&
           position->offset >= items->runs[position->run].size) {
      position->run++;
      position->offset = 0;
    }
    if (position->run < items->run_count) {
      return;
    }
    *position = (otlp__batch_position){.scope = position->scope + 1};
  }
}

/* The item at `position`; false at the end of the batch, or when the bytes there are no item. */
static bool frame_at(const otlp_batch *batch, const otlp__batch_position *position,
                     otlp_bytes *out_frame) {
  if (position->scope >= batch->scope_count) {
    return false;
  }
  otlp_bytes rest = batch->scopes[position->scope].runs[position->run];
  rest.data += position->offset;
  rest.size -= position->offset;
  otlp_bytes message;
  return otlp_next_frame(&rest, out_frame, &message);
}

/* Adds items up to the first that does not fit any more. */
static void fill(const otlp_batch *batch, size_t limit, otlp__request *request) {
  plan planned = {.closed = batch->resource->header.size};
  planned.scope = batch->scopes[request->begin.scope].scope->header.size;
  otlp__batch_position position = request->begin;
  otlp_bytes frame;
  while (frame_at(batch, &position, &frame)) {
    plan larger = planned;
    if (position.scope != request->end.scope) {
      larger.closed += field_size(planned.scope);
      larger.scope = batch->scopes[position.scope].scope->header.size;
    }
    larger.scope += frame.size;
    if (planned_size(&larger) > limit) {
      return;
    }
    planned = larger;
    position.offset += frame.size;
    request->end = position;
    request->size = planned_size(&planned);
    request->item_count++;
    normalize(batch, &position);
  }
}

/* The usual case, which needs no look at single items: all of the batch fits. */
static bool take_all(const otlp_batch *batch, size_t limit, otlp__batch_position *position,
                     otlp__request *out_request) {
  if (position->scope + position->run + position->offset > 0) {
    return false;
  }
  size_t content = batch->resource->header.size;
  for (size_t i = 0; i < batch->scope_count; i++) {
    content += field_size(batch->scopes[i].scope->header.size + batch->scopes[i].byte_count);
  }
  if (field_size(content) > limit) {
    return false;
  }
  out_request->begin = *position;
  *position = (otlp__batch_position){.scope = batch->scope_count};
  out_request->end = *position;
  out_request->size = field_size(content);
  out_request->item_count = batch->item_count;
  return true;
}

bool otlp__request_next(const otlp_batch *batch, size_t limit, otlp__batch_position *position,
                        otlp__request *out_request, size_t *too_large) {
  if (take_all(batch, limit, position, out_request)) {
    return batch->item_count > 0;
  }
  otlp_bytes frame;
  for (normalize(batch, position); frame_at(batch, position, &frame); normalize(batch, position)) {
    *out_request = (otlp__request){.begin = *position, .end = *position};
    fill(batch, limit, out_request);
    if (out_request->item_count > 0) {
      *position = out_request->end;
      return true;
    }
    (*too_large)++;
    position->offset += frame.size;
  }
  return false;
}

static uint8_t *write_field_head(uint8_t *out, uint8_t tag, size_t length) {
  *out++ = tag;
  for (; length >= 0x80; length >>= 7) {
    *out++ = (uint8_t)(length | 0x80);
  }
  *out++ = (uint8_t)length;
  return out;
}

static uint8_t *write_bytes(uint8_t *out, otlp_bytes bytes) {
  if (bytes.size > 0) {
    memcpy(out, bytes.data, bytes.size);
  }
  return out + bytes.size;
}

/* What of a run belongs to the request. */
static otlp_bytes run_part(const otlp_batch *batch, const otlp__request *request, size_t scope,
                           size_t run) {
  otlp_bytes part = batch->scopes[scope].runs[run];
  if (scope == request->end.scope && run == request->end.run) {
    part.size = request->end.offset;
  }
  if (scope == request->begin.scope && run == request->begin.run) {
    part.data += request->begin.offset;
    part.size -= request->begin.offset;
  }
  return part;
}

/* The runs of a scope that belong to the request, whole or in part: [first, *out_end). */
static size_t runs_of(const otlp_batch *batch, const otlp__request *request, size_t scope,
                      size_t *out_end) {
  *out_end = batch->scopes[scope].run_count;
  if (scope == request->end.scope) {
    *out_end = request->end.run + 1;
  }
  return scope == request->begin.scope ? request->begin.run : 0;
}

static size_t scope_content(const otlp_batch *batch, const otlp__request *request, size_t scope) {
  size_t end;
  size_t content = batch->scopes[scope].scope->header.size;
  for (size_t run = runs_of(batch, request, scope, &end); run < end; run++) {
    content += run_part(batch, request, scope, run).size;
  }
  return content;
}

/* One past the request's last scope. */
static size_t scopes_end(const otlp_batch *batch, const otlp__request *request) {
  bool stops_within = request->end.scope < batch->scope_count;
  return stops_within ? request->end.scope + 1 : batch->scope_count;
}

void otlp__request_write(const otlp_batch *batch, const otlp__request *request, uint8_t *out) {
  size_t content = batch->resource->header.size;
  for (size_t i = request->begin.scope; i < scopes_end(batch, request); i++) {
    content += field_size(scope_content(batch, request, i));
  }
  out = write_field_head(out, TAG_RESOURCE, content);
  out = write_bytes(out, batch->resource->header);
  for (size_t i = request->begin.scope; i < scopes_end(batch, request); i++) {
    out = write_field_head(out, TAG_SCOPE, scope_content(batch, request, i));
    out = write_bytes(out, batch->scopes[i].scope->header);
    size_t end;
    for (size_t run = runs_of(batch, request, i, &end); run < end; run++) {
      out = write_bytes(out, run_part(batch, request, i, run));
    }
  }
}
