/* SPDX-License-Identifier: Apache-2.0 */
#include "percent.h"

#include "text.h"

static bool is_escape(otlp_string text, size_t at) {
  return text.data[at] == '%' && text.length - at >= 3 && otlp__hex_digit(text.data[at + 1]) >= 0 &&
         otlp__hex_digit(text.data[at + 2]) >= 0;
}

size_t otlp__percent_decode(otlp_string text, char *out, bool *out_is_clean) {
  size_t written = 0;
  bool is_clean = true;
  for (size_t at = 0; at < text.length;) {
    if (is_escape(text, at)) {
      out[written++] =
          (char)(otlp__hex_digit(text.data[at + 1]) << 4 | otlp__hex_digit(text.data[at + 2]));
      at += 3;
      continue;
    }
    is_clean = is_clean && text.data[at] != '%';
    out[written++] = text.data[at++];
  }
  if (out_is_clean != NULL) {
    *out_is_clean = is_clean;
  }
  return written;
}

bool otlp__is_baggage_octet(char c) {
  return c > ' ' && c < 0x7F && c != '"' && c != ',' && c != ';' && c != '\\';
}

static bool stays(char c) {
  return otlp__is_baggage_octet(c) && c != '%';
}

size_t otlp__percent_encoded_size(otlp_string text) {
  size_t size = 0;
  for (size_t i = 0; i < text.length; i++) {
    size += stays(text.data[i]) ? 1 : 3;
  }
  return size;
}

char *otlp__percent_encode(otlp_string text, char *out) {
  static const char digits[] = "0123456789ABCDEF";
  for (size_t i = 0; i < text.length; i++) {
    if (stays(text.data[i])) {
      *out++ = text.data[i];
      continue;
    }
    *out++ = '%';
    *out++ = digits[(uint8_t)text.data[i] >> 4];
    *out++ = digits[(uint8_t)text.data[i] & 15];
  }
  return out;
}
