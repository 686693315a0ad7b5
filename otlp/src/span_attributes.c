/* SPDX-License-Identifier: Apache-2.0 */
/* Attributes of a span: written at the message's end; a key that was there before gives way. */
#include "span.h"
#include "wire.h"

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

void otlp__span_put_attribute(otlp__recording_span *span, const otlp_attribute *attribute) {
  otlp__attribute_plan plan;
  uint8_t *at = NULL;
  uint32_t limit = span->base.tracer->provider->limits.attribute_value_length;
  if (otlp__attribute_plan_make(attribute, limit, &plan)) {
    at = otlp__span_reserve(span, plan.size);
  }
  if (at == NULL) {
    span->dropped_attributes++;
    return;
  }
  const uint8_t *key;
  otlp__attribute_write(at, OTLP__TAG_BYTES(9), &plan, &key);
  /* The caller's bytes are nearer than those just written: reading back a store stalls. */
  const void *key_text = plan.key_is_broken ? (const void *)key : attribute->key.data;
  uint32_t key_hash = hash_key(key_text, plan.key_size);
  otlp__attribute_slot *slot = find_slot(span, key, plan.key_size, key_hash);
  if (slot != NULL) {
    replace(span, slot, (uint32_t)plan.size);
  } else {
    append(span, (uint32_t)plan.size, (uint32_t)plan.key_size, key_hash);
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
