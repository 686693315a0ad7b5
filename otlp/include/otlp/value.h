/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Strings, attribute values and attributes, as every part of the SDK passes them.
 *
 * Ownership: all of these are views. They borrow the caller's memory for the duration of the call
 * they are passed to; whatever the SDK keeps, it copies. Threads: plain values, safe anywhere.
 */
#ifndef OTLP_VALUE_H
#define OTLP_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A run of bytes that should be UTF-8; not NUL-terminated. `data` may be NULL when `length` is 0.
 */
typedef struct otlp_string {
  const char *data;
  size_t length;
} otlp_string;

/** The view of a NUL-terminated string; NULL gives the empty string. Folds to a constant for
 * literals. */
static inline otlp_string otlp_string_from(const char *text) {
  otlp_string view = {text, text != NULL ? strlen(text) : 0};
  return view;
}

/** Kinds of attribute value (opentelemetry-specification, common/README.md, "Attribute"; AnyValue
 * for bytes). */
typedef enum otlp_value_type {
  OTLP_VALUE_EMPTY,
  OTLP_VALUE_STRING,
  OTLP_VALUE_BOOL,
  OTLP_VALUE_INT,
  OTLP_VALUE_DOUBLE,
  OTLP_VALUE_BYTES,
  OTLP_VALUE_STRING_ARRAY,
  OTLP_VALUE_BOOL_ARRAY,
  OTLP_VALUE_INT_ARRAY,
  OTLP_VALUE_DOUBLE_ARRAY,
} otlp_value_type;

/** One attribute value. The member in use is the one `type` names; arrays are homogeneous, `count`
 * elements long. */
typedef struct otlp_value {
  otlp_value_type type;
  size_t count;
  union {
    otlp_string string; /* STRING and BYTES */
    bool boolean;
    int64_t integer;
    double number;
    const otlp_string *strings;
    const bool *booleans;
    const int64_t *integers;
    const double *numbers;
  } as;
} otlp_value;

/** A key and its value. An empty key makes the attribute invalid: it is dropped and counted. */
typedef struct otlp_attribute {
  otlp_string key;
  otlp_value value;
} otlp_attribute;

/** Constructors, so that attributes can be written in a line. All borrow. */
static inline otlp_value otlp_value_text(otlp_string text) {
  otlp_value value;
  value.type = OTLP_VALUE_STRING;
  value.count = 1;
  value.as.string = text;
  return value;
}

static inline otlp_value otlp_value_integer(int64_t integer) {
  otlp_value value;
  value.type = OTLP_VALUE_INT;
  value.count = 1;
  value.as.integer = integer;
  return value;
}

static inline otlp_value otlp_value_number(double number) {
  otlp_value value;
  value.type = OTLP_VALUE_DOUBLE;
  value.count = 1;
  value.as.number = number;
  return value;
}

static inline otlp_value otlp_value_boolean(bool boolean) {
  otlp_value value;
  value.type = OTLP_VALUE_BOOL;
  value.count = 1;
  value.as.boolean = boolean;
  return value;
}

static inline otlp_attribute otlp_attribute_of(otlp_string key, otlp_value value) {
  otlp_attribute attribute = {key, value};
  return attribute;
}

static inline otlp_attribute otlp_attribute_string(const char *key, const char *text) {
  return otlp_attribute_of(otlp_string_from(key), otlp_value_text(otlp_string_from(text)));
}

static inline otlp_attribute otlp_attribute_int(const char *key, int64_t integer) {
  return otlp_attribute_of(otlp_string_from(key), otlp_value_integer(integer));
}

static inline otlp_attribute otlp_attribute_double(const char *key, double number) {
  return otlp_attribute_of(otlp_string_from(key), otlp_value_number(number));
}

static inline otlp_attribute otlp_attribute_bool(const char *key, bool boolean) {
  return otlp_attribute_of(otlp_string_from(key), otlp_value_boolean(boolean));
}

#ifdef __cplusplus
}
#endif

#endif
