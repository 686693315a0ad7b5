/* SPDX-License-Identifier: Apache-2.0 */
/* A span's start, its identity, and its name and status. */
#include "span.h"

#include "clock.h"
#include "wire.h"

#include <otlp/trace_state.h>

#include <assert.h>

enum {
  SPAN_TRACE_ID = OTLP__TAG_BYTES(1),
  SPAN_SPAN_ID = OTLP__TAG_BYTES(2),
  SPAN_TRACE_STATE = OTLP__TAG_BYTES(3),
  SPAN_PARENT_SPAN_ID = OTLP__TAG_BYTES(4),
  SPAN_NAME = OTLP__TAG_BYTES(5),
  SPAN_KIND = OTLP__TAG_VARINT(6),
  SPAN_START_TIME = OTLP__TAG_FIXED64(7),
  SPAN_END_TIME = OTLP__TAG_FIXED64(8),
  SPAN_STATUS = OTLP__TAG_BYTES(15),
  SPAN_FLAGS = OTLP__TAG_FIXED32(16), /* two bytes as a varint */
  STATUS_MESSAGE = OTLP__TAG_BYTES(2),
  STATUS_CODE = OTLP__TAG_VARINT(3),
};

static_assert(sizeof(otlp_span) <= OTLP__BLOCK_SMALL_SIZE, "a span that does not record fits");

static const otlp_context root_context;
static const otlp_span_options default_options;

/* The span to be: who it is, and what the sampler says of it. */
typedef struct birth {
  otlp_tracer *tracer;
  const otlp_context *parent;
  bool has_parent;
  otlp_string name;
  otlp_span_kind kind;
  const otlp_span_options *options;
  otlp_span_context context; /* owns one count of its trace state */
  otlp_sampling_result sampling;
} birth;

static otlp_span_kind known_kind(otlp_span_kind kind) {
  bool is_known = kind >= OTLP_SPAN_KIND_INTERNAL && kind <= OTLP_SPAN_KIND_CONSUMER;
  return is_known ? kind : OTLP_SPAN_KIND_INTERNAL;
}

static void choose_trace_id(birth *born) {
  const otlp_id_generator *generator = &born->tracer->provider->id_generator;
  const otlp_span_context *parent = &born->parent->span;
  born->has_parent = otlp_span_context_is_valid(parent);
  born->context.is_remote = false;
  if (born->has_parent) {
    memcpy(born->context.trace_id, parent->trace_id, OTLP_TRACE_ID_SIZE);
    born->context.trace_flags =
        parent->trace_flags & (OTLP_TRACE_FLAG_RANDOM | OTLP_TRACE_FLAG_DEBUG);
    return;
  }
  generator->new_trace_id(generator->self, born->context.trace_id);
  born->context.trace_flags = generator->is_random ? OTLP_TRACE_FLAG_RANDOM : 0;
}

static void sample(birth *born) {
  const otlp_sampler *sampler = born->tracer->provider->sampler;
  const otlp_span_options *options = born->options;
  otlp_sampling_input input = {
      .parent = born->parent,
      .trace_id = born->context.trace_id,
      .name = born->name,
      .kind = born->kind,
      .attributes = options->attributes,
      .attribute_count = options->attribute_count,
      .links = options->links,
      .link_count = options->link_count,
  };
  born->sampling.decision = OTLP_SAMPLING_DROP;
  born->sampling.attributes = NULL;
  born->sampling.attribute_count = 0;
  born->sampling.trace_state = born->has_parent ? born->parent->span.trace_state : NULL;
  born->sampling.owns_trace_state = false;
  sampler->vtable->should_sample(sampler, &input, &born->sampling);
  if (born->sampling.decision == OTLP_SAMPLING_RECORD_AND_SAMPLE) {
    born->context.trace_flags |= OTLP_TRACE_FLAG_SAMPLED;
  }
  born->context.trace_state = born->sampling.owns_trace_state
                                  ? born->sampling.trace_state
                                  : otlp_trace_state_acquire(born->sampling.trace_state);
}

static void give_identity(otlp_span *span, const birth *born, bool is_recording) {
  span->tracer = born->tracer;
  span->context = born->context;
  span->is_recording = is_recording;
}

static otlp_span *start_not_recording(const birth *born) {
  otlp_span *span = otlp__block_new(OTLP__BLOCK_SMALL);
  if (span != NULL) {
    give_identity(span, born, false);
    otlp__count(&born->tracer->provider->not_recording);
  }
  return span;
}

/* The times as they would be told: the caller's, or now on the span's clock. */
static otlp_unix_nanos set_clock(otlp__recording_span *span, otlp_unix_nanos given) {
  uint64_t now = otlp__clock_monotonic();
  span->wall_offset = otlp__clock_wall_offset(now);
  return given > 0 ? given : now + span->wall_offset;
}

uint64_t otlp__span_now(const otlp__recording_span *span) {
  return otlp__clock_monotonic() + span->wall_offset;
}

static uint8_t *write_ids(uint8_t *at, const birth *born) {
  at = otlp__write_bytes_field(at, SPAN_TRACE_ID, born->context.trace_id, OTLP_TRACE_ID_SIZE);
  at = otlp__write_bytes_field(at, SPAN_SPAN_ID, born->context.span_id, OTLP_SPAN_ID_SIZE);
  if (!born->has_parent) {
    return at;
  }
  return otlp__write_bytes_field(at, SPAN_PARENT_SPAN_ID, born->parent->span.span_id,
                                 OTLP_SPAN_ID_SIZE);
}

/* What is known at the start and never changes, and room for the end time. It always fits into the
 * block: tracestate, which might not, comes later. */
static void write_head(otlp__recording_span *span, const birth *born) {
  bool is_remote = born->has_parent && born->parent->span.is_remote;
  uint8_t *at = write_ids(span->bytes + span->size, born);
  at = otlp__write_varint(at, SPAN_FLAGS);
  at = otlp__write_fixed32(at, otlp__span_flags(born->context.trace_flags, is_remote));
  *at++ = SPAN_KIND;
  *at++ = (uint8_t)born->kind;
  *at++ = SPAN_START_TIME;
  at = otlp__write_fixed64(at, set_clock(span, born->options->start_time));
  *at++ = SPAN_END_TIME;
  span->end_time_offset = (uint32_t)(at - span->bytes);
  at = otlp__write_fixed64(at, 0);
  span->size = (uint32_t)(at - span->bytes);
}

static bool write_trace_state(otlp__recording_span *span) {
  otlp_string text = otlp_trace_state_text(span->base.context.trace_state);
  if (text.length == 0) {
    return true;
  }
  uint8_t *at = otlp__span_reserve(span, otlp__bytes_field_size(text.length));
  if (at == NULL) {
    return false;
  }
  at = otlp__write_bytes_field(at, SPAN_TRACE_STATE, text.data, text.length);
  span->size = (uint32_t)(at - span->bytes);
  return true;
}

static void put_attributes(otlp__recording_span *span, const otlp_attribute *attributes,
                           size_t count) {
  for (size_t i = 0; i < count; i++) {
    otlp__span_put_attribute(span, &attributes[i]);
  }
}

static void write_options(otlp__recording_span *span, const birth *born) {
  put_attributes(span, born->options->attributes, born->options->attribute_count);
  put_attributes(span, born->sampling.attributes, born->sampling.attribute_count);
  for (size_t i = 0; i < born->options->link_count; i++) {
    otlp__span_put_link(span, &born->options->links[i]);
  }
}

static void call_on_start(otlp_tracer_provider *provider, otlp_span *span,
                          const otlp_context *parent) {
  for (size_t i = 0; i < provider->pipeline.processor_count; i++) {
    otlp_processor *processor = provider->pipeline.processors[i];
    if (processor->vtable->on_start != NULL) {
      processor->vtable->on_start(processor, span, parent);
    }
  }
}

static void reset(otlp__recording_span *span) {
  memset((char *)span + sizeof(otlp_span), 0,
         offsetof(otlp__recording_span, inline_attributes) - sizeof(otlp_span));
  otlp__span_buffer_init(span);
}

static otlp_span *start_recording(const birth *born) {
  otlp__recording_span *span = otlp__block_new(OTLP__BLOCK_SPAN);
  if (span == NULL) {
    return NULL;
  }
  reset(span);
  give_identity(&span->base, born, true);
  write_head(span, born);
  otlp__span_put_name(span, born->name);
  if (!write_trace_state(span) || (born->name.length > 0 && span->name.size == 0)) {
    otlp__span_buffer_clean_up(span);
    otlp__block_free(OTLP__BLOCK_SPAN, span);
    return NULL;
  }
  write_options(span, born);
  otlp__count(&born->tracer->provider->recording);
  call_on_start(born->tracer->provider, &span->base, born->parent);
  return &span->base;
}

/* What nobody will see is not put between a span and its parent. But a trace begins all the same:
 * its id goes on to others, and into logs. */
static bool begins_trace(const otlp_tracer *tracer, const otlp_context *parent) {
  return tracer != NULL && otlp__provider_is_running(tracer->provider) &&
         (parent == NULL || !otlp_span_context_is_valid(&parent->span));
}

otlp_span *otlp_span_start(otlp_tracer *tracer, const otlp_context *parent, otlp_string name,
                           const otlp_span_options *options) {
  bool is_enabled = otlp_tracer_enabled(tracer);
  if (!is_enabled && !begins_trace(tracer, parent)) {
    return NULL;
  }
  const otlp_id_generator *generator = &tracer->provider->id_generator;
  birth born;
  born.tracer = tracer;
  born.parent = parent != NULL ? parent : &root_context;
  born.name = name;
  born.options = options != NULL ? options : &default_options;
  born.kind = known_kind(born.options->kind);
  choose_trace_id(&born);
  sample(&born);
  generator->new_span_id(generator->self, born.context.span_id);
  bool is_recording = is_enabled && born.sampling.decision != OTLP_SAMPLING_DROP;
  otlp_span *span = is_recording ? start_recording(&born) : start_not_recording(&born);
  if (span == NULL) {
    otlp_trace_state_release(born.context.trace_state);
    otlp__count(&tracer->provider->out_of_memory);
  }
  return span;
}

otlp_span_context otlp_span_get_context(const otlp_span *span) {
  return span != NULL ? span->context : root_context.span;
}

otlp_context otlp_context_with_span(const otlp_context *parent, const otlp_span *span) {
  otlp_context context = parent != NULL ? *parent : root_context;
  if (span != NULL) {
    context.span = span->context;
  }
  return context;
}

bool otlp_span_is_recording(const otlp_span *span) {
  return span != NULL && span->is_recording;
}

void otlp__span_put_name(otlp__recording_span *span, otlp_string name) {
  size_t size = otlp__text_field_size(name);
  uint8_t *at = otlp__span_reserve(span, size);
  if (at == NULL) {
    return; /* the old name is better than none */
  }
  otlp__slot old = span->name;
  otlp__text_field_write(at, SPAN_NAME, name);
  span->name.offset = span->size;
  span->name.size = (uint32_t)size;
  span->size += (uint32_t)size;
  if (old.size > 0) {
    otlp__span_cut(span, old);
  }
}

void otlp_span_update_name(otlp_span *span, otlp_string name) {
  otlp__recording_span *recording = otlp__recording(span);
  if (recording == NULL) {
    return;
  }
  otlp__lock_take(&recording->lock);
  otlp__span_put_name(recording, name);
  otlp__lock_give(&recording->lock);
}

/* Ok > Error > Unset: Ok is final, Unset never changes anything ("Set Status"). */
static bool status_changes(otlp_status_code from, otlp_status_code to) {
  return from != OTLP_STATUS_OK && (to == OTLP_STATUS_OK || to == OTLP_STATUS_ERROR);
}

static void put_status(otlp__recording_span *span, otlp_status_code code, otlp_string description) {
  if (code != OTLP_STATUS_ERROR) {
    description.length = 0;
  }
  size_t message_size = otlp__text_field_size(description) + 2;
  size_t size = otlp__bytes_field_size(message_size);
  uint8_t *at = otlp__span_reserve(span, size);
  if (at == NULL) {
    return;
  }
  otlp__slot old = span->status;
  *at++ = SPAN_STATUS;
  at = otlp__write_varint(at, message_size);
  at = otlp__text_field_write(at, STATUS_MESSAGE, description);
  *at++ = STATUS_CODE;
  *at++ = (uint8_t)code;
  span->status.offset = span->size;
  span->status.size = (uint32_t)size;
  span->status_code = (uint8_t)code;
  span->size += (uint32_t)size;
  if (old.size > 0) {
    otlp__span_cut(span, old);
  }
}

void otlp_span_set_status(otlp_span *span, otlp_status_code code, otlp_string description) {
  otlp__recording_span *recording = otlp__recording(span);
  if (recording == NULL) {
    return;
  }
  otlp__lock_take(&recording->lock);
  if (status_changes((otlp_status_code)recording->status_code, code)) {
    put_status(recording, code, description);
  }
  otlp__lock_give(&recording->lock);
}
