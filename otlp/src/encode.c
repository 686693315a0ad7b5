/* SPDX-License-Identifier: Apache-2.0 */
#include "encode.h"

#include "text.h"
#include "utf8.h"
#include "wire.h"

/* AnyValue's fields. */
enum {
  ANY_STRING = OTLP__TAG_BYTES(1),
  ANY_BOOL = OTLP__TAG_VARINT(2),
  ANY_INT = OTLP__TAG_VARINT(3),
  ANY_DOUBLE = OTLP__TAG_FIXED64(4),
  ANY_ARRAY = OTLP__TAG_BYTES(5),
  ANY_BYTES = OTLP__TAG_BYTES(7),
};
enum {
  KEY_VALUE_KEY = OTLP__TAG_BYTES(1),
  KEY_VALUE_VALUE = OTLP__TAG_BYTES(2),
  ARRAY_VALUES = OTLP__TAG_BYTES(1),
};

/* A string's bytes after the limit, which counts characters, or bytes if it is not UTF-8. */
static size_t text_within_limit(otlp_string text, uint32_t limit, bool *out_is_bytes) {
  *out_is_bytes = !otlp__utf8_is_valid(text);
  if (text.length <= limit) {
    return text.length;
  }
  return *out_is_bytes ? limit : otlp__utf8_prefix(text, limit);
}

static size_t bytes_within_limit(otlp_string bytes, uint32_t limit) {
  return bytes.length <= limit ? bytes.length : limit;
}

/* The size of the AnyValue of one array element. */
static size_t element_size(const otlp_value *array, size_t index, uint32_t limit) {
  bool is_bytes;
  switch (array->type) {
  case OTLP_VALUE_STRING_ARRAY:
    return otlp__bytes_field_size(text_within_limit(array->as.strings[index], limit, &is_bytes));
  case OTLP_VALUE_BOOL_ARRAY:
    return 2;
  case OTLP_VALUE_INT_ARRAY:
    return 1 + otlp__varint_size((uint64_t)array->as.integers[index]);
  default:
    return 9;
  }
}

static uint8_t *write_text(uint8_t *at, otlp_string text, size_t length, bool is_bytes) {
  return otlp__write_bytes_field(at, is_bytes ? ANY_BYTES : ANY_STRING, text.data, length);
}

static uint8_t *write_bool(uint8_t *at, bool boolean) {
  *at++ = ANY_BOOL;
  *at++ = boolean ? 1 : 0;
  return at;
}

static uint8_t *write_int(uint8_t *at, int64_t integer) {
  *at++ = ANY_INT;
  return otlp__write_varint(at, (uint64_t)integer);
}

static uint8_t *write_double(uint8_t *at, double number) {
  *at++ = ANY_DOUBLE;
  return otlp__write_double(at, number);
}

static uint8_t *write_element(uint8_t *at, const otlp_value *array, size_t index, uint32_t limit) {
  switch (array->type) {
  case OTLP_VALUE_STRING_ARRAY: {
    otlp_string text = array->as.strings[index];
    bool is_bytes;
    size_t length = text_within_limit(text, limit, &is_bytes);
    return write_text(at, text, length, is_bytes);
  }
  case OTLP_VALUE_BOOL_ARRAY:
    return write_bool(at, array->as.booleans[index]);
  case OTLP_VALUE_INT_ARRAY:
    return write_int(at, array->as.integers[index]);
  default:
    return write_double(at, array->as.numbers[index]);
  }
}

static size_t array_size(const otlp_value *array, uint32_t limit) {
  size_t size = 0;
  for (size_t i = 0; i < array->count; i++) {
    size += otlp__bytes_field_size(element_size(array, i, limit));
  }
  return size;
}

static uint8_t *write_array(uint8_t *at, const otlp_value *array, uint32_t limit) {
  *at++ = ANY_ARRAY;
  at = otlp__write_varint(at, array_size(array, limit));
  for (size_t i = 0; i < array->count; i++) {
    *at++ = ARRAY_VALUES;
    at = otlp__write_varint(at, element_size(array, i, limit));
    at = write_element(at, array, i, limit);
  }
  return at;
}

/* The size of the AnyValue; sets the plan's text members. */
static size_t plan_value(otlp__attribute_plan *plan) {
  const otlp_value *value = &plan->attribute->value;
  switch (value->type) {
  case OTLP_VALUE_STRING:
    plan->text_length =
        text_within_limit(value->as.string, plan->value_limit, &plan->text_is_bytes);
    return otlp__bytes_field_size(plan->text_length);
  case OTLP_VALUE_BYTES:
    plan->text_is_bytes = true;
    plan->text_length = bytes_within_limit(value->as.string, plan->value_limit);
    return otlp__bytes_field_size(plan->text_length);
  case OTLP_VALUE_BOOL:
    return 2;
  case OTLP_VALUE_INT:
    return 1 + otlp__varint_size((uint64_t)value->as.integer);
  case OTLP_VALUE_DOUBLE:
    return 9;
  case OTLP_VALUE_STRING_ARRAY:
  case OTLP_VALUE_BOOL_ARRAY:
  case OTLP_VALUE_INT_ARRAY:
  case OTLP_VALUE_DOUBLE_ARRAY:
    return otlp__bytes_field_size(array_size(value, plan->value_limit));
  case OTLP_VALUE_EMPTY:
    break;
  }
  return 0;
}

bool otlp__attribute_plan_make(const otlp_attribute *attribute, uint32_t value_limit,
                               otlp__attribute_plan *out_plan) {
  otlp_string key = attribute->key;
  if (key.length == 0) {
    return false;
  }
  out_plan->attribute = attribute;
  out_plan->value_limit = value_limit;
  out_plan->key_is_broken = !otlp__utf8_is_valid(key);
  out_plan->key_size = out_plan->key_is_broken ? otlp__utf8_repaired_size(key) : key.length;
  out_plan->value_size = plan_value(out_plan);
  out_plan->key_value_size =
      otlp__bytes_field_size(out_plan->key_size) + otlp__bytes_field_size(out_plan->value_size);
  out_plan->size = otlp__bytes_field_size(out_plan->key_value_size);
  return out_plan->size <= OTLP__ENCODED_ATTRIBUTE_MAX;
}

static uint8_t *write_number(uint8_t *at, const otlp_value *value) {
  switch (value->type) {
  case OTLP_VALUE_BOOL:
    return write_bool(at, value->as.boolean);
  case OTLP_VALUE_INT:
    return write_int(at, value->as.integer);
  default:
    return write_double(at, value->as.number);
  }
}

static uint8_t *write_value(uint8_t *at, const otlp__attribute_plan *plan) {
  const otlp_value *value = &plan->attribute->value;
  switch (value->type) {
  case OTLP_VALUE_STRING:
  case OTLP_VALUE_BYTES:
    return write_text(at, value->as.string, plan->text_length, plan->text_is_bytes);
  case OTLP_VALUE_BOOL:
  case OTLP_VALUE_INT:
  case OTLP_VALUE_DOUBLE:
    return write_number(at, value);
  case OTLP_VALUE_STRING_ARRAY:
  case OTLP_VALUE_BOOL_ARRAY:
  case OTLP_VALUE_INT_ARRAY:
  case OTLP_VALUE_DOUBLE_ARRAY:
    return write_array(at, value, plan->value_limit);
  case OTLP_VALUE_EMPTY:
    break;
  }
  return at;
}

uint8_t *otlp__attribute_write(uint8_t *at, uint8_t tag, const otlp__attribute_plan *plan,
                               const uint8_t **out_key) {
  otlp_string key = plan->attribute->key;
  *at++ = tag;
  at = otlp__write_varint(at, plan->key_value_size);
  *at++ = KEY_VALUE_KEY;
  at = otlp__write_varint(at, plan->key_size);
  if (out_key != NULL) {
    *out_key = at;
  }
  at = plan->key_is_broken ? otlp__utf8_write_repaired(at, key)
                           : otlp__write_raw(at, key.data, key.length);
  *at++ = KEY_VALUE_VALUE;
  at = otlp__write_varint(at, plan->value_size);
  return write_value(at, plan);
}

/* The size of the AnyValue of a scalar that may be short, if its text is ASCII; 0 for others. */
static size_t short_value_size(const otlp_value *value, uint32_t limit) {
  switch (value->type) {
  case OTLP_VALUE_STRING: {
    size_t length = value->as.string.length;
    return length <= limit && length < 128 ? 2 + length : 0;
  }
  case OTLP_VALUE_BOOL:
    return 2;
  case OTLP_VALUE_INT:
    return 1 + otlp__varint_size((uint64_t)value->as.integer);
  case OTLP_VALUE_DOUBLE:
    return 9;
  default:
    return 0;
  }
}

/* Writes the AnyValue; false when it is a text that is not ASCII. */
static bool write_short_value(uint8_t *at, const otlp_value *value) {
  if (value->type != OTLP_VALUE_STRING) {
    write_number(at, value);
    return true;
  }
  at[0] = ANY_STRING;
  at[1] = (uint8_t)value->as.string.length;
  return otlp__copy_ascii(at + 2, value->as.string);
}

size_t otlp__attribute_write_short(uint8_t *at, uint8_t tag, const otlp_attribute *attribute,
                                   uint32_t value_limit) {
  otlp_string key = attribute->key;
  size_t value_size = short_value_size(&attribute->value, value_limit);
  size_t message_size = 4 + key.length + value_size;
  if (value_size == 0 || key.length == 0 || key.length >= 128 || message_size >= 128) {
    return 0;
  }
  at[0] = tag;
  at[1] = (uint8_t)message_size;
  at[2] = KEY_VALUE_KEY;
  at[3] = (uint8_t)key.length;
  bool is_ascii = otlp__copy_ascii(at + 4, key);
  at += 4 + key.length;
  at[0] = KEY_VALUE_VALUE;
  at[1] = (uint8_t)value_size;
  is_ascii = write_short_value(at + 2, &attribute->value) && is_ascii;
  return is_ascii ? 2 + message_size : 0;
}

static otlp__attribute_plan plan_of_value(const otlp_attribute *attribute) {
  otlp__attribute_plan plan = {.attribute = attribute, .value_limit = UINT32_MAX};
  plan.value_size = plan_value(&plan);
  return plan;
}

size_t otlp__value_field_size(const otlp_value *value) {
  if (value->type == OTLP_VALUE_EMPTY) {
    return 0;
  }
  const otlp_attribute nameless = {{NULL, 0}, *value};
  return otlp__bytes_field_size(plan_of_value(&nameless).value_size);
}

uint8_t *otlp__value_field_write(uint8_t *at, uint8_t tag, const otlp_value *value) {
  if (value->type == OTLP_VALUE_EMPTY) {
    return at;
  }
  const otlp_attribute nameless = {{NULL, 0}, *value};
  otlp__attribute_plan plan = plan_of_value(&nameless);
  *at++ = tag;
  at = otlp__write_varint(at, plan.value_size);
  return write_value(at, &plan);
}

size_t otlp__text_field_size(otlp_string text) {
  if (text.length == 0) {
    return 0;
  }
  return otlp__bytes_field_size(otlp__utf8_is_valid(text) ? text.length
                                                          : otlp__utf8_repaired_size(text));
}

uint8_t *otlp__text_field_write(uint8_t *at, uint8_t tag, otlp_string text) {
  if (text.length == 0) {
    return at;
  }
  if (otlp__utf8_is_valid(text)) {
    return otlp__write_bytes_field(at, tag, text.data, text.length);
  }
  *at++ = tag;
  at = otlp__write_varint(at, otlp__utf8_repaired_size(text));
  return otlp__utf8_write_repaired(at, text);
}

static bool is_overwritten(const otlp_attribute *attributes, size_t count, size_t index) {
  otlp_string key = attributes[index].key;
  for (size_t later = index + 1; later < count; later++) {
    otlp_string other = attributes[later].key;
    if (otlp__string_equal(key, other)) {
      return true;
    }
  }
  return false;
}

/* Which attributes of a list are kept; the same walk for measuring and for writing. */
typedef struct walk {
  const otlp_attribute *attributes;
  size_t count;
  size_t next;
  uint32_t kept;
  uint32_t count_limit;
  uint32_t value_limit;
  uint32_t dropped;
} walk;

static bool walk_next(walk *self, otlp__attribute_plan *out_plan) {
  for (; self->next < self->count; self->next++) {
    if (is_overwritten(self->attributes, self->count, self->next)) {
      continue;
    }
    if (self->kept < self->count_limit &&
        otlp__attribute_plan_make(&self->attributes[self->next], self->value_limit, out_plan)) {
      self->next++;
      self->kept++;
      return true;
    }
    self->dropped++;
  }
  return false;
}

size_t otlp__attributes_size(const otlp_attribute *attributes, size_t count, uint32_t count_limit,
                             uint32_t value_limit, uint32_t *out_dropped) {
  walk all = {attributes, count, 0, 0, count_limit, value_limit, 0};
  otlp__attribute_plan plan;
  size_t size = 0;
  while (walk_next(&all, &plan)) {
    size += plan.size;
  }
  if (out_dropped != NULL) {
    *out_dropped = all.dropped;
  }
  return size;
}

uint8_t *otlp__attributes_write(uint8_t *at, uint8_t tag, const otlp_attribute *attributes,
                                size_t count, uint32_t count_limit, uint32_t value_limit) {
  walk all = {attributes, count, 0, 0, count_limit, value_limit, 0};
  otlp__attribute_plan plan;
  while (walk_next(&all, &plan)) {
    at = otlp__attribute_write(at, tag, &plan, NULL);
  }
  return at;
}
