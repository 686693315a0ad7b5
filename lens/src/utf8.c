/* SPDX-License-Identifier: Apache-2.0 */
#include "utf8.h"

/* RFC 3629, section 4: what the second byte may be depends on the first. */
typedef struct range {
  uint8_t first_low, first_high;
  uint8_t second_low, second_high;
  uint8_t size;
} range;

static const range ranges[] = {
    {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
    {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
    {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
};

static bool matches(const range *allowed, lens_bytes text) {
  const uint8_t *at = text.data;
  if (at[0] < allowed->first_low || at[0] > allowed->first_high || text.size < allowed->size ||
      at[1] < allowed->second_low || at[1] > allowed->second_high) {
    return false;
  }
  for (size_t i = 2; i < allowed->size; i++) {
    if ((at[i] & 0xc0) != 0x80) {
      return false;
    }
  }
  return true;
}

size_t lens_utf8_size(lens_bytes text) {
  if (text.data[0] < 0x80) {
    return 1;
  }
  for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
    if (matches(&ranges[i], text)) {
      return ranges[i].size;
    }
  }
  return 0;
}
