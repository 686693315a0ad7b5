/* SPDX-License-Identifier: Apache-2.0 */
#include "utf8.h"

#include <stdint.h>

/* What a lead byte announces, and the range of the byte behind it (Unicode 15, table 3-7). */
typedef struct utf8_lead {
  uint8_t first, last;
  uint8_t size;
  uint8_t second_min, second_max;
} utf8_lead;

static const utf8_lead leads[] = {
    {0x00, 0x7F, 1, 0, 0},       {0xC2, 0xDF, 2, 0x80, 0xBF}, {0xE0, 0xE0, 3, 0xA0, 0xBF},
    {0xE1, 0xEC, 3, 0x80, 0xBF}, {0xED, 0xED, 3, 0x80, 0x9F}, {0xEE, 0xEF, 3, 0x80, 0xBF},
    {0xF0, 0xF0, 4, 0x90, 0xBF}, {0xF1, 0xF3, 4, 0x80, 0xBF}, {0xF4, 0xF4, 4, 0x80, 0x8F},
};

static const utf8_lead *find_lead(uint8_t byte) {
  for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i++) {
    if (byte >= leads[i].first && byte <= leads[i].last) {
      return &leads[i];
    }
  }
  return NULL;
}

size_t gateway_utf8_character_size(gateway_text text) {
  const uint8_t *bytes = (const uint8_t *)text.data;
  const utf8_lead *lead = text.size == 0 ? NULL : find_lead(bytes[0]);
  if (lead == NULL || lead->size > text.size) {
    return 0;
  }
  if (lead->size > 1 && (bytes[1] < lead->second_min || bytes[1] > lead->second_max)) {
    return 0;
  }
  for (size_t i = 2; i < lead->size; i++) {
    if ((bytes[i] & 0xC0) != 0x80) {
      return 0;
    }
  }
  return lead->size;
}

bool gateway_utf8_is_valid(gateway_text text) {
  size_t at = 0;
  while (at < text.size) {
    size_t size = (unsigned char)text.data[at] < 0x80
                      ? 1
                      : gateway_utf8_character_size(gateway_text_from_offset(text, at));
    if (size == 0) {
      return false;
    }
    at += size;
  }
  return true;
}
