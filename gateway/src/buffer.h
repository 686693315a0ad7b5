/* SPDX-License-Identifier: Apache-2.0 */
/* A growing run of bytes that is used again and again, so that most requests allocate none. */
#ifndef GATEWAY_BUFFER_H
#define GATEWAY_BUFFER_H

#include "text.h"

enum { GATEWAY_BUFFER_KEPT_MAX = 64 * 1024 };

/* All zero is an empty buffer. */
typedef struct gateway_buffer {
  char *data;
  size_t size, capacity;
} gateway_buffer;

/* Appends a copy; a NUL that is not counted always follows what is in the buffer. */
void gateway_buffer_append(gateway_buffer *buffer, const void *data, size_t size);

/* Makes it empty; gives its memory back when that is more than GATEWAY_BUFFER_KEPT_MAX. */
void gateway_buffer_reset(gateway_buffer *buffer);

void gateway_buffer_clean_up(gateway_buffer *buffer);

static inline gateway_text gateway_buffer_text(const gateway_buffer *buffer) {
  return buffer->size == 0 ? gateway_text_of("", 0) : gateway_text_of(buffer->data, buffer->size);
}

#endif
