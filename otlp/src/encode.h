/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Encoding attributes as OTLP KeyValue messages (opentelemetry/proto/common/v1/common.proto).
 *
 * A plan is made first and says how many bytes the attribute takes; then it is written in one go.
 * Strings that are not UTF-8 become bytes_value, keys are repaired with U+FFFD (specification,
 * common/attribute-type-mapping.md, "String Values").
 */
#ifndef OTLP_SRC_ENCODE_H
#define OTLP_SRC_ENCODE_H

#include <otlp/value.h>

enum {
  /** Larger attributes are dropped: no request could carry them. */
  OTLP__ENCODED_ATTRIBUTE_MAX = 64 << 20,
  /** What a short attribute takes at most: tag, length, and a message whose length is one byte. */
  OTLP__SHORT_ATTRIBUTE_MAX = 2 + 127,
};

/** How an attribute will be written. Borrows the attribute. */
typedef struct otlp__attribute_plan {
  const otlp_attribute *attribute;
  uint32_t value_limit;  /* characters; UINT32_MAX is none */
  bool key_is_broken;    /* to be repaired */
  bool text_is_bytes;    /* a STRING that is not UTF-8 */
  size_t text_length;    /* of a STRING or BYTES, after the limit */
  size_t key_size;       /* as written */
  size_t value_size;     /* of the AnyValue message */
  size_t key_value_size; /* of the KeyValue message */
  size_t size;           /* of the whole field: tag (one byte), length, message */
} otlp__attribute_plan;

/**
 * @param out_plan borrows `attribute`.
 * @return false when the attribute is invalid (an empty key) or absurdly large: drop it.
 */
bool otlp__attribute_plan_make(const otlp_attribute *attribute, uint32_t value_limit,
                               otlp__attribute_plan *out_plan);

/**
 * Writes the attribute as a field with the given one-byte tag.
 *
 * @param out_key where the key was written, `plan->key_size` bytes; may be NULL.
 */
uint8_t *otlp__attribute_write(uint8_t *at, uint8_t tag, const otlp__attribute_plan *plan,
                               const uint8_t **out_key);

/**
 * Writes a short attribute, which nearly all are, at less than half the cost of a plan: an ASCII
 * key with an ASCII text within the limit or a number, in a message of less than 128 bytes.
 *
 * @param at room for OTLP__SHORT_ATTRIBUTE_MAX bytes.
 * @return how many bytes it took; 0, with nothing of use written, for one that needs a plan.
 */
size_t otlp__attribute_write_short(uint8_t *at, uint8_t tag, const otlp_attribute *attribute,
                                   uint32_t value_limit);

/** A `string` field with a one-byte tag, repaired if need be: its size, 0 for an empty string. */
size_t otlp__text_field_size(otlp_string text);
uint8_t *otlp__text_field_write(uint8_t *at, uint8_t tag, otlp_string text);

/** An `AnyValue` field with a one-byte tag, without limits: its size, 0 for an empty value. */
size_t otlp__value_field_size(const otlp_value *value);
uint8_t *otlp__value_field_write(uint8_t *at, uint8_t tag, const otlp_value *value);

/**
 * A list of attributes, of which of equal keys the last one counts.
 *
 * @param count_limit how many are kept.
 * @param out_dropped how many were dropped: beyond the limit, or invalid. May be NULL.
 * @return the size of all the fields together.
 */
size_t otlp__attributes_size(const otlp_attribute *attributes, size_t count, uint32_t count_limit,
                             uint32_t value_limit, uint32_t *out_dropped);
uint8_t *otlp__attributes_write(uint8_t *at, uint8_t tag, const otlp_attribute *attributes,
                                size_t count, uint32_t count_limit, uint32_t value_limit);

#endif
