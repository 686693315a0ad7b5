/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Writing protobuf's wire format by hand (protobuf.dev, "Encoding"). The caller has made sure that
 * there is room; every function returns where the next byte goes. No I/O, no memory.
 */
#ifndef OTLP_SRC_WIRE_H
#define OTLP_SRC_WIRE_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/** The tag of a field, as a number to be written as a varint (one byte for fields below 16). */
#define OTLP__TAG_VARINT(field) ((field) << 3 | 0)
#define OTLP__TAG_FIXED64(field) ((field) << 3 | 1)
#define OTLP__TAG_BYTES(field) ((field) << 3 | 2)
#define OTLP__TAG_FIXED32(field) ((field) << 3 | 5)

enum { OTLP__VARINT_MAX = 10 };

static inline size_t otlp__varint_size(uint64_t value) {
  unsigned bits = 64 - (unsigned)__builtin_clzll(value | 1);
  return (bits + 6) / 7;
}

/** The size of a length-delimited field whose tag is one byte. */
static inline size_t otlp__bytes_field_size(size_t length) {
  return 1 + otlp__varint_size(length) + length;
}

static inline uint8_t *otlp__write_varint(uint8_t *at, uint64_t value) {
  while (value >= 0x80) {
    *at++ = (uint8_t)(value | 0x80);
    value >>= 7;
  }
  *at++ = (uint8_t)value;
  return at;
}

static inline uint8_t *otlp__write_fixed32(uint8_t *at, uint32_t value) {
  uint32_t little = htole32(value);
  memcpy(at, &little, sizeof(little));
  return at + sizeof(little);
}

static inline uint8_t *otlp__write_fixed64(uint8_t *at, uint64_t value) {
  uint64_t little = htole64(value);
  memcpy(at, &little, sizeof(little));
  return at + sizeof(little);
}

static inline uint8_t *otlp__write_double(uint8_t *at, double number) {
  uint64_t bits;
  memcpy(&bits, &number, sizeof(bits));
  return otlp__write_fixed64(at, bits);
}

/* Most keys and values have fewer than 32 bytes: two overlapping moves beat the call of memcpy. */
static inline uint8_t *otlp__write_raw(uint8_t *at, const void *data, size_t length) {
  const uint8_t *from = data;
  if (length > 32) {
    memcpy(at, from, length);
  } else if (length >= 16) {
    memcpy(at, from, 16);
    memcpy(at + length - 16, from + length - 16, 16);
  } else if (length >= 8) {
    memcpy(at, from, 8);
    memcpy(at + length - 8, from + length - 8, 8);
  } else if (length >= 4) {
    memcpy(at, from, 4);
    memcpy(at + length - 4, from + length - 4, 4);
  } else if (length > 0) {
    at[0] = from[0];
    at[length / 2] = from[length / 2];
    at[length - 1] = from[length - 1];
  }
  return at + length;
}

/** Tag (one byte), length, bytes. */
static inline uint8_t *otlp__write_bytes_field(uint8_t *at, uint8_t tag, const void *data,
                                               size_t length) {
  *at++ = tag;
  at = otlp__write_varint(at, length);
  return otlp__write_raw(at, data, length);
}

#endif
