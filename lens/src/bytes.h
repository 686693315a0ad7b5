/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs of bytes, and the growable buffer that everything lens sends is written into.
 *
 * Out of memory ends the program with a message: lens bounds what it keeps, so that is no state to
 * recover from.
 */
#ifndef LENS_BYTES_H
#define LENS_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A run of bytes that someone else owns. */
typedef struct lens_bytes {
  const uint8_t *data;
  size_t size;
} lens_bytes;

/* Bytes that grow. Zeroed is empty; lens_buffer_clean_up frees `data` and empties it. */
typedef struct lens_buffer {
  uint8_t *data;
  size_t size;
  size_t capacity;
} lens_buffer;

/* `size` zeroed bytes, and such as are not zeroed; never NULL. */
void *lens_alloc(size_t size);
void *lens_alloc_raw(size_t size);

/* The bytes of a NUL-terminated string, without the NUL. */
lens_bytes lens_bytes_of(const char *text);

bool lens_bytes_equal(lens_bytes a, lens_bytes b);

/* True when there are none, or all of them are 0: what OTLP calls an invalid id. */
bool lens_bytes_is_zero(lens_bytes bytes);

void lens_buffer_clean_up(lens_buffer *buffer);

/* Makes room for `size` more bytes and gives the place where they go; they count already. */
uint8_t *lens_buffer_extend(lens_buffer *buffer, size_t size);

void lens_buffer_add(lens_buffer *buffer, const void *data, size_t size);
void lens_buffer_add_bytes(lens_buffer *buffer, lens_bytes bytes);
void lens_buffer_add_text(lens_buffer *buffer, const char *text);

/* Adds formatted text, at most 255 bytes of it. */
void lens_buffer_add_format(lens_buffer *buffer, const char *format, ...)
    __attribute__((__format__(__printf__, 2, 3)));

/* Adds two lower-case hexadecimal digits for each byte. */
void lens_buffer_add_hex(lens_buffer *buffer, lens_bytes bytes);

static inline lens_bytes lens_buffer_bytes(const lens_buffer *buffer) {
  return (lens_bytes){buffer->data, buffer->size};
}

#endif
