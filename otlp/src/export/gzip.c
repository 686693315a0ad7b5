/* SPDX-License-Identifier: Apache-2.0 */
#include "export/gzip.h"

#include <limits.h>
#include <stdlib.h>

enum {
  WINDOW_BITS = 15 + 16, /* the largest window, in a gzip frame */
  MEMORY_LEVEL = 8,
};

static bool get_ready(otlp__gzip *self) {
  if (self->ready) {
    return deflateReset(&self->stream) == Z_OK;
  }
  self->ready = deflateInit2(&self->stream, Z_BEST_SPEED, Z_DEFLATED, WINDOW_BITS, MEMORY_LEVEL,
                             Z_DEFAULT_STRATEGY) == Z_OK;
  return self->ready;
}

bool otlp__gzip_compress(otlp__gzip *self, const uint8_t *data, size_t size, uint8_t **out_data,
                         size_t *out_size) {
  if (size > UINT_MAX / 2 || !get_ready(self)) {
    return false;
  }
  size_t capacity = deflateBound(&self->stream, (uLong)size);
  uint8_t *compressed = malloc(capacity);
  if (compressed == NULL) {
    return false;
  }
  self->stream.next_in = (Bytef *)(uintptr_t)data;
  self->stream.avail_in = (uInt)size;
  self->stream.next_out = compressed;
  self->stream.avail_out = (uInt)capacity;
  if (deflate(&self->stream, Z_FINISH) != Z_STREAM_END) {
    free(compressed);
    return false;
  }
  *out_data = compressed;
  *out_size = capacity - self->stream.avail_out;
  return true;
}

void otlp__gzip_clean_up(otlp__gzip *self) {
  if (self->ready) {
    deflateEnd(&self->stream);
  }
  self->ready = false;
}
