/* SPDX-License-Identifier: Apache-2.0 */
#include "export/header_list.h"

#include <ctype.h>
#include <otlp/log.h>
#include <stdlib.h>
#include <strings.h>

static bool has_suffix(otlp_string text, const char *suffix) {
  size_t length = strlen(suffix);
  return text.length >= length &&
         strncasecmp(text.data + text.length - length, suffix, length) == 0;
}

/* What gRPC takes as a metadata key, give or take case (gRPC over HTTP/2, "Header-Name"). */
static bool is_key(otlp_string key) {
  for (size_t i = 0; i < key.length; i++) {
    if (!isalnum((unsigned char)key.data[i]) && memchr("-_.", key.data[i], 3) == NULL) {
      return false;
    }
  }
  return key.length > 0;
}

static bool is_text(otlp_string value) {
  for (size_t i = 0; i < value.length; i++) {
    if (value.data[i] < ' ' || value.data[i] > '~') {
      return false;
    }
  }
  return true;
}

static bool is_reserved(otlp_string key) {
  static const char *const RESERVED[] = {"connection",        "content-encoding", "content-length",
                                         "content-type",      "expect",           "host",
                                         "keep-alive",        "proxy-connection", "te",
                                         "transfer-encoding", "upgrade",          "user-agent"};
  for (size_t i = 0; i < sizeof(RESERVED) / sizeof(RESERVED[0]); i++) {
    if (key.length == strlen(RESERVED[i]) && strncasecmp(key.data, RESERVED[i], key.length) == 0) {
      return true;
    }
  }
  return key.length >= 5 && strncasecmp(key.data, "grpc-", 5) == 0;
}

const char *otlp__header_problem(const otlp_header *header, bool binary_values) {
  if (!is_key(header->key)) {
    return "not a header name";
  }
  if (is_reserved(header->key)) {
    return "the protocol sets this header itself";
  }
  bool binary = binary_values && has_suffix(header->key, "-bin");
  return binary || is_text(header->value) ? NULL : "its value is not printable ASCII";
}

static bool copy_text(otlp_string text, otlp_string *out_copy) {
  char *copy = malloc(text.length + 1);
  if (copy == NULL) {
    return false;
  }
  if (text.length > 0) {
    memcpy(copy, text.data, text.length);
  }
  copy[text.length] = '\0';
  *out_copy = (otlp_string){copy, text.length};
  return true;
}

static bool copy_header(const otlp_header *header, otlp_header *out_copy) {
  if (!copy_text(header->key, &out_copy->key)) {
    return false;
  }
  if (!copy_text(header->value, &out_copy->value)) {
    free((char *)out_copy->key.data);
    return false;
  }
  char *key = (char *)out_copy->key.data;
  for (size_t i = 0; i < header->key.length; i++) {
    key[i] = (char)tolower((unsigned char)key[i]);
  }
  return true;
}

bool otlp__header_list_init(otlp__header_list *self, const otlp_header *headers, size_t count,
                            bool binary_values) {
  *self = (otlp__header_list){0};
  if (count == 0) {
    return true;
  }
  self->items = calloc(count, sizeof(*self->items));
  if (self->items == NULL) {
    return false;
  }
  for (size_t i = 0; i < count; i++) {
    const char *problem = otlp__header_problem(&headers[i], binary_values);
    if (problem != NULL) {
      otlp_log(OTLP_LOG_WARN, "header '%.*s' is left out: %s", (int)headers[i].key.length,
               headers[i].key.data, problem);
    } else if (copy_header(&headers[i], &self->items[self->count])) {
      self->count++;
    } else {
      otlp__header_list_clean_up(self);
      return false;
    }
  }
  return true;
}

void otlp__header_list_clean_up(otlp__header_list *self) {
  for (size_t i = 0; i < self->count; i++) {
    free((char *)self->items[i].key.data);
    free((char *)self->items[i].value.data);
  }
  free(self->items);
  *self = (otlp__header_list){0};
}
