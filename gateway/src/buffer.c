/* SPDX-License-Identifier: Apache-2.0 */
#include "buffer.h"

#include <stdio.h>
#include <stdlib.h>

static void grow(gateway_buffer *buffer, size_t needed) {
  size_t capacity = buffer->capacity == 0 ? 512 : buffer->capacity;
  while (capacity < needed) {
    capacity *= 2;
  }
  char *data = realloc(buffer->data, capacity);
  if (data == NULL) {
    (void)fputs("gateway: out of memory\n", stderr);
    abort();
  }
  buffer->data = data;
  buffer->capacity = capacity;
}

void gateway_buffer_append(gateway_buffer *buffer, const void *data, size_t size) {
  if (buffer->size + size + 1 > buffer->capacity) {
    grow(buffer, buffer->size + size + 1);
  }
  if (size > 0) {
    memcpy(buffer->data + buffer->size, data, size);
  }
  buffer->size += size;
  buffer->data[buffer->size] = '\0';
}

void gateway_buffer_reset(gateway_buffer *buffer) {
  if (buffer->capacity > GATEWAY_BUFFER_KEPT_MAX) {
    gateway_buffer_clean_up(buffer);
  }
  buffer->size = 0;
}

void gateway_buffer_clean_up(gateway_buffer *buffer) {
  free(buffer->data);
  *buffer = (gateway_buffer){NULL, 0, 0};
}
