/* SPDX-License-Identifier: Apache-2.0 */
#include "order_id.h"

#include <stddef.h>

static const char digits[] = "0123456789abcdef";
/* Where the 32 digits of the id stand, as xxxxxxxx-xxxx-7xxx-8xxx-xxxxxxxxxxxx. */
static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

static void write_digits(uint64_t high, uint64_t low, char *out_id) {
  int shift = 60;
  uint64_t half = high;
  for (size_t i = 0; i < ORDER_ID_LENGTH; i++) {
    if (form[i] == '-') {
      out_id[i] = '-';
      continue;
    }
    out_id[i] = digits[half >> shift & 0xf];
    shift -= 4;
    if (shift < 0) {
      shift = 60;
      half = low;
    }
  }
  out_id[ORDER_ID_LENGTH] = '\0';
}

void order_id_write(uint64_t unix_ms, uint64_t random, uint32_t run,
                    char out_id[ORDER_ID_LENGTH + 1]) {
  uint64_t high = unix_ms << 16 | 0x7000 | (random >> 30 & 0xfff);
  uint64_t low = UINT64_C(2) << 62 | (random & 0x3fffffff) << 32 | run;
  write_digits(high, low, out_id);
}

static int digit_value(char digit) {
  if (digit >= '0' && digit <= '9') {
    return digit - '0';
  }
  return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

bool order_id_read(const char *id, order_id_parts *out_parts) {
  uint64_t halves[2] = {0, 0};
  size_t count = 0;
  for (size_t i = 0; i < ORDER_ID_LENGTH; i++) {
    int value = form[i] == '-' ? 0 : digit_value(id[i]);
    if (value < 0 || (form[i] == '-' && id[i] != '-')) {
      return false;
    }
    if (form[i] != '-') {
      halves[count / 16] = halves[count / 16] << 4 | (uint64_t)value;
      count++;
    }
  }
  bool is_version_7 = (halves[0] >> 12 & 0xf) == 7 && halves[1] >> 62 == 2;
  if (id[ORDER_ID_LENGTH] != '\0' || !is_version_7) {
    return false;
  }
  out_parts->unix_ms = halves[0] >> 16;
  out_parts->run = (uint32_t)halves[1];
  return true;
}
