/* SPDX-License-Identifier: Apache-2.0 */
/* Compression of request bodies for OTLP/HTTP (RFC 1952). */
#ifndef OTLP_EXPORT_GZIP_H
#define OTLP_EXPORT_GZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

/* A compressor to use again and again: its 256 KiB of state are allocated with the first use. */
typedef struct otlp__gzip {
  z_stream stream;
  bool ready;
} otlp__gzip;

/* Compresses into a block from malloc. False when memory is short. */
bool otlp__gzip_compress(otlp__gzip *self, const uint8_t *data, size_t size, uint8_t **out_data,
                         size_t *out_size);

/* All zero, never used, is fine. */
void otlp__gzip_clean_up(otlp__gzip *self);

#endif
