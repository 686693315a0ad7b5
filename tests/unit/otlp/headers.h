/* SPDX-License-Identifier: Apache-2.0 */
/** A carrier for tests: a short list of headers, which may repeat. */
#ifndef TESTS_UNIT_OTLP_HEADERS_H
#define TESTS_UNIT_OTLP_HEADERS_H

#include "check.h"

#include <otlp/propagation.h>

#include <stdio.h>

enum { HEADERS_MAX = 40, HEADER_SIZE = 1024 };

typedef struct headers {
  char keys[HEADERS_MAX][32];
  char values[HEADERS_MAX][HEADER_SIZE];
  size_t count;
} headers;

static inline void headers_add(headers *self, const char *key, const char *value) {
  assert_true(self->count < HEADERS_MAX && strlen(value) < HEADER_SIZE);
  snprintf(self->keys[self->count], sizeof(self->keys[0]), "%s", key);
  snprintf(self->values[self->count++], HEADER_SIZE, "%s", value);
}

static inline bool headers_get(const void *carrier, otlp_string key, size_t index,
                               otlp_string *out_value) {
  const headers *self = carrier;
  for (size_t i = 0; i < self->count; i++) {
    if (strlen(self->keys[i]) == key.length && memcmp(self->keys[i], key.data, key.length) == 0 &&
        index-- == 0) {
      *out_value = otlp_string_from(self->values[i]);
      return true;
    }
  }
  return false;
}

static inline void headers_set(void *carrier, otlp_string key, otlp_string value) {
  headers *self = carrier;
  assert_true(self->count < HEADERS_MAX && value.length < HEADER_SIZE);
  snprintf(self->keys[self->count], sizeof(self->keys[0]), "%.*s", (int)key.length, key.data);
  snprintf(self->values[self->count++], HEADER_SIZE, "%.*s", (int)value.length, value.data);
}

/** The only value of `key`; NULL if there is none. */
static inline const char *headers_value(const headers *self, const char *key) {
  for (size_t i = 0; i < self->count; i++) {
    if (strcmp(self->keys[i], key) == 0) {
      return self->values[i];
    }
  }
  return NULL;
}

#endif
