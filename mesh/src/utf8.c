/* SPDX-License-Identifier: Apache-2.0 */
#include "utf8.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

size_t mesh__utf8_size(const unsigned char *text, size_t left) {
  unsigned char first = text[0];
  if (first < 0x80) {
    return 1;
  }
  size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || size > left) {
    return 0;
  }
  bool is_overlong = (first == 0xE0 && text[1] < 0xA0) || (first == 0xF0 && text[1] < 0x90);
  bool is_beyond = (first == 0xED && text[1] >= 0xA0) || (first == 0xF4 && text[1] >= 0x90);
  for (size_t i = 1; i < size; i++) {
    is_beyond = is_beyond || (text[i] & 0xC0) != 0x80;
  }
  return is_overlong || is_beyond ? 0 : size;
}

char *mesh__utf8_repair(char *text) {
  unsigned char *at = (unsigned char *)text;
  size_t left = strlen(text);
  while (left > 0) {
    size_t size = mesh__utf8_size(at, left);
    if (size == 0) {
      *at = '?';
      size = 1;
    }
    at += size;
    left -= size;
  }
  return text;
}

/* Takes off a character at the end whose last bytes are missing. */
static void take_off_half(char *text, size_t length) {
  size_t start = length;
  while (start > 0 && length - start < 3 && ((unsigned char)text[start - 1] & 0xC0) == 0x80) {
    start--;
  }
  if (start > 0 && (unsigned char)text[start - 1] >= 0xC0 &&
      mesh__utf8_size((unsigned char *)text + start - 1, length - start + 1) == 0) {
    text[start - 1] = '\0';
  }
}

void mesh__utf8_format(char *out, size_t size, const char *format, va_list arguments) {
  int wanted = vsnprintf(out, size, format, arguments);
  if (wanted < 0) {
    out[0] = '\0';
  } else if ((size_t)wanted >= size) {
    take_off_half(out, size - 1);
  }
  mesh__utf8_repair(out);
}
