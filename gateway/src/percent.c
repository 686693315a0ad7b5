/* SPDX-License-Identifier: Apache-2.0 */
#include "percent.h"

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that the escape at `text` stands for, or -1 when it is none. */
static int decode_escape(gateway_text text) {
  if (text.size < 3) {
    return -1;
  }
  int high = hex_digit(text.data[1]);
  int low = hex_digit(text.data[2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static bool needs_decoding(gateway_text raw, gateway_percent_mode mode) {
  if (raw.size == 0) {
    return false;
  }
  return memchr(raw.data, '%', raw.size) != NULL ||
         (mode == GATEWAY_PERCENT_QUERY && memchr(raw.data, '+', raw.size) != NULL);
}

bool gateway_percent_decode(upb_Arena *arena, gateway_text raw, gateway_percent_mode mode,
                            gateway_text *out_text) {
  *out_text = raw;
  if (!needs_decoding(raw, mode)) {
    return true;
  }
  char *text = gateway_arena_alloc(arena, raw.size + 1);
  size_t size = 0;
  for (size_t at = 0; at < raw.size; at++) {
    if (raw.data[at] != '%') {
      text[size++] = raw.data[at] == '+' && mode == GATEWAY_PERCENT_QUERY ? ' ' : raw.data[at];
      continue;
    }
    int byte = decode_escape(gateway_text_from_offset(raw, at));
    if (byte <= 0) {
      return false;
    }
    if (byte == '/' && mode == GATEWAY_PERCENT_PATH) {
      text[size++] = '%';
      continue;
    }
    text[size++] = (char)byte;
    at += 2;
  }
  *out_text = gateway_text_of(text, size);
  return true;
}

static bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.' || c == '~';
}

gateway_text gateway_percent_encode(upb_Arena *arena, gateway_text text, bool keep_slash) {
  static const char digits[] = "0123456789ABCDEF";
  char *encoded = gateway_arena_alloc(arena, text.size * 3 + 1);
  size_t size = 0;
  for (size_t i = 0; i < text.size; i++) {
    char c = text.data[i];
    if (is_unreserved(c) || (c == '/' && keep_slash)) {
      encoded[size++] = c;
      continue;
    }
    encoded[size++] = '%';
    encoded[size++] = digits[(unsigned char)c >> 4];
    encoded[size++] = digits[(unsigned char)c & 15];
  }
  return gateway_text_of(encoded, size);
}

bool gateway_percent_equals(gateway_text raw, gateway_text text) {
  size_t at = 0;
  for (size_t i = 0; i < text.size; i++) {
    if (at == raw.size) {
      return false;
    }
    int byte = (unsigned char)raw.data[at];
    if (byte == '%') {
      byte = decode_escape(gateway_text_from_offset(raw, at));
      at += 2;
    }
    at++;
    if (byte != (unsigned char)text.data[i]) {
      return false;
    }
  }
  return at == raw.size;
}
