/* SPDX-License-Identifier: Apache-2.0 */
#include "bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *check_memory(void *memory) {
  if (memory == NULL) {
    fputs("lens: out of memory\n", stderr);
    abort();
  }
  return memory;
}

void *lens_alloc(size_t size) {
  return check_memory(calloc(1, size > 0 ? size : 1));
}

void *lens_alloc_raw(size_t size) {
  return check_memory(malloc(size > 0 ? size : 1));
}

lens_bytes lens_bytes_of(const char *text) {
  return (lens_bytes){(const uint8_t *)text, strlen(text)};
}

bool lens_bytes_equal(lens_bytes a, lens_bytes b) {
  return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool lens_bytes_is_zero(lens_bytes bytes) {
  for (size_t i = 0; i < bytes.size; i++) {
    if (bytes.data[i] != 0) {
      return false;
    }
  }
  return true;
}

void lens_buffer_clean_up(lens_buffer *buffer) {
  free(buffer->data);
  *buffer = (lens_buffer){0};
}

uint8_t *lens_buffer_extend(lens_buffer *buffer, size_t size) {
  if (buffer->capacity - buffer->size < size) {
    size_t capacity = buffer->capacity > 0 ? buffer->capacity : 256;
    while (capacity - buffer->size < size) {
      capacity *= 2;
    }
    buffer->data = check_memory(realloc(buffer->data, capacity));
    buffer->capacity = capacity;
  }
  buffer->size += size;
  return buffer->data + buffer->size - size;
}

void lens_buffer_add(lens_buffer *buffer, const void *data, size_t size) {
  if (size > 0) {
    memcpy(lens_buffer_extend(buffer, size), data, size);
  }
}

void lens_buffer_add_bytes(lens_buffer *buffer, lens_bytes bytes) {
  lens_buffer_add(buffer, bytes.data, bytes.size);
}

void lens_buffer_add_text(lens_buffer *buffer, const char *text) {
  lens_buffer_add(buffer, text, strlen(text));
}

void lens_buffer_add_format(lens_buffer *buffer, const char *format, ...) {
  char text[256];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof(text), format, arguments);
  va_end(arguments);
  lens_buffer_add_text(buffer, text);
}

void lens_buffer_add_hex(lens_buffer *buffer, lens_bytes bytes) {
  static const char digits[] = "0123456789abcdef";
  if (bytes.size == 0) {
    return;
  }
  uint8_t *out = lens_buffer_extend(buffer, bytes.size * 2);
  for (size_t i = 0; i < bytes.size; i++) {
    out[2 * i] = (uint8_t)digits[bytes.data[i] >> 4];
    out[2 * i + 1] = (uint8_t)digits[bytes.data[i] & 15];
  }
}
