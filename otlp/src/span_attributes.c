/* SPDX-License-Identifier: Apache-2.0 */
/* Attributes of a span: written at the message's end; a key that was there before gives way. */
#include "span.h"
#include "wire.h"

enum { SPAN_ATTRIBUTES = OTLP__TAG_BYTES(9) };

/* Both ends of the key: keys of one kind differ at either. */
static uint32_t hash_key(const uint8_t *key, size_t size) {
  uint64_t head = 0;
  uint64_t tail = 0;
  if (size >= 8) {
    memcpy(&head, key, 8);
    memcpy(&tail, key + size - 8, 8);
  } else {
    memcpy(&head, key, size);
  }
  uint64_t mixed = (head ^ tail * UINT64_C(0x9E3779B97F4A7C15)) * UINT64_C(0xD6E8FEB86659FD93);
  return (uint32_t)(mixed >> 32);
}

static const uint8_t *slot_key(const otlp__recording_span *span, const otlp__attribute_slot *slot) {
  /* Tag and length of the field, then tag and length of the key. */
  const uint8_t *at = span->bytes + slot->field.offset + 1;
  while ((*at & 0x80) != 0) {
    at++;
  }
  return at + 2 + otlp__varint_size(slot->key_size);
}

static otlp__attribute_slot *find_slot(otlp__recording_span *span, const uint8_t *key,
                                       size_t key_size, uint32_t key_hash) {
  for (uint32_t i = 0; i < span->attribute_count; i++) {
    otlp__attribute_slot *slot = &span->attributes[i];
    if (slot->key_hash == key_hash && slot->key_size == key_size &&
        memcmp(slot_key(span, slot), key, key_size) == 0) {
      return slot;
    }
  }
  return NULL;
}

/* The new field lies behind the message's end and is not part of it yet. */
static void replace(otlp__recording_span *span, otlp__attribute_slot *slot, uint32_t size) {
  if (slot->field.size == size) {
    memcpy(span->bytes + slot->field.offset, span->bytes + span->size, size);
    return;
  }
  otlp__slot old = slot->field;
  slot->field.offset = span->size;
  slot->field.size = size;
  span->size += size;
  otlp__span_cut(span, old);
}

static void append(otlp__recording_span *span, uint32_t size, uint32_t key_size,
                   uint32_t key_hash) {
  if (span->attribute_count >= span->base.tracer->provider->limits.attribute_count ||
      !otlp__span_reserve_attribute(span)) {
    span->dropped_attributes++;
    return;
  }
  otlp__attribute_slot slot = {{span->size, size}, key_size, key_hash};
  span->attributes[span->attribute_count++] = slot;
  span->size += size;
}

/* A field that was written at the message's end becomes part of it. */
static void add(otlp__recording_span *span, const uint8_t *key, size_t key_size, size_t size) {
  uint32_t key_hash = hash_key(key, key_size);
  otlp__attribute_slot *slot = find_slot(span, key, key_size, key_hash);
  if (slot != NULL) {
    replace(span, slot, (uint32_t)size);
  } else {
    append(span, (uint32_t)size, (uint32_t)key_size, key_hash);
  }
}

static void put_long(otlp__recording_span *span, const otlp_attribute *attribute, uint32_t limit) {
  otlp__attribute_plan plan;
  uint8_t *at = NULL;
  if (otlp__attribute_plan_make(attribute, limit, &plan)) {
    at = otlp__span_reserve(span, plan.size);
  }
  if (at == NULL) {
    span->dropped_attributes++;
    return;
  }
  const uint8_t *key;
  otlp__attribute_write(at, SPAN_ATTRIBUTES, &plan, &key);
  add(span, key, plan.key_size, plan.size);
}

void otlp__span_put_attribute(otlp__recording_span *span, const otlp_attribute *attribute) {
  uint32_t limit = span->base.tracer->provider->limits.attribute_value_length;
  uint8_t *at = otlp__span_reserve(span, OTLP__SHORT_ATTRIBUTE_MAX);
  size_t size = at != NULL ? otlp__attribute_write_short(at, SPAN_ATTRIBUTES, attribute, limit) : 0;
  if (size > 0) {
    /* The caller's key is nearer than the one just written: reading back a store stalls. */
    add(span, (const uint8_t *)attribute->key.data, attribute->key.length, size);
  } else {
    put_long(span, attribute, limit);
  }
}

void otlp_span_set_attributes(otlp_span *span, const otlp_attribute *attributes,
                              size_t attribute_count) {
  otlp__recording_span *recording = otlp__recording(span);
  if (recording == NULL) {
    return;
  }
  otlp__lock_take(&recording->lock);
  for (size_t i = 0; i < attribute_count; i++) {
    otlp__span_put_attribute(recording, &attributes[i]);
  }
  otlp__lock_give(&recording->lock);
}

void otlp_span_set_attribute(otlp_span *span, otlp_string key, otlp_value value) {
  otlp_attribute attribute = otlp_attribute_of(key, value);
  otlp_span_set_attributes(span, &attribute, 1);
}
