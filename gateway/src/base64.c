/* SPDX-License-Identifier: Apache-2.0 */
#include "base64.h"

#include <stdint.h>

static int digit_value(char c) {
  if (c >= 'A' && c <= 'Z') {
    return c - 'A';
  }
  if (c >= 'a' && c <= 'z') {
    return c - 'a' + 26;
  }
  if (c >= '0' && c <= '9') {
    return c - '0' + 52;
  }
  if (c == '+' || c == '-') {
    return 62;
  }
  return c == '/' || c == '_' ? 63 : -1;
}

/* Padding is wanted in full or not at all. */
static bool strip_padding(gateway_text *text) {
  size_t padding = 0;
  while (padding < 2 && text->size > padding && text->data[text->size - 1 - padding] == '=') {
    padding++;
  }
  if (padding > 0 && text->size % 4 != 0) {
    return false;
  }
  text->size -= padding;
  return text->size % 4 != 1;
}

bool gateway_base64_is_valid(gateway_text text) {
  if (!strip_padding(&text)) {
    return false;
  }
  for (size_t i = 0; i < text.size; i++) {
    if (digit_value(text.data[i]) < 0) {
      return false;
    }
  }
  return true;
}

bool gateway_base64_decode(upb_Arena *arena, gateway_text text, gateway_text *out_bytes) {
  if (!strip_padding(&text)) {
    return false;
  }
  char *bytes = gateway_arena_alloc(arena, text.size / 4 * 3 + 3);
  size_t size = 0;
  uint32_t bits = 0;
  for (size_t i = 0; i < text.size; i++) {
    int digit = digit_value(text.data[i]);
    if (digit < 0) {
      return false;
    }
    bits = bits << 6 | (uint32_t)digit;
    if (i % 4 != 0) {
      bytes[size++] = (char)(bits >> (6 - i % 4 * 2) & 0xFF);
    }
  }
  *out_bytes = gateway_text_of(bytes, size);
  return true;
}

gateway_text gateway_base64_encode(upb_Arena *arena, gateway_text bytes) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  size_t groups = (bytes.size + 2) / 3;
  char *text = gateway_arena_alloc(arena, groups * 4 + 1);
  const uint8_t *data = (const uint8_t *)bytes.data;
  for (size_t i = 0; i < groups; i++) {
    size_t left = bytes.size - i * 3;
    uint32_t bits = (uint32_t)data[i * 3] << 16 | (left > 1 ? (uint32_t)data[i * 3 + 1] << 8 : 0) |
                    (left > 2 ? (uint32_t)data[i * 3 + 2] : 0);
    text[i * 4] = digits[bits >> 18];
    text[i * 4 + 1] = digits[bits >> 12 & 63];
    text[i * 4 + 2] = left > 1 ? digits[bits >> 6 & 63] : '=';
    text[i * 4 + 3] = left > 2 ? digits[bits & 63] : '=';
  }
  return gateway_text_of(text, groups * 4);
}
