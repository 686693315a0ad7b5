/* SPDX-License-Identifier: Apache-2.0 */
#include "numerals.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

void mesh__write_digits(uint32_t value, size_t count, char *out) {
  for (size_t i = count; i-- > 0; value /= 10) {
    out[i] = (char)('0' + value % 10);
  }
}

size_t mesh__write_int(int64_t value, char out[MESH__NUMERAL_SIZE]) {
  char digits[20];
  size_t count = 0;
  uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  do {
    digits[sizeof digits - ++count] = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest > 0);
  size_t sign = value < 0;
  out[0] = '-';
  memcpy(out + sign, digits + sizeof digits - count, count);
  return sign + count;
}

/* A number of thousandths, without zeros at its end. */
static size_t write_thousandths(uint32_t thousandths, char *out) {
  size_t size = mesh__write_int(thousandths / 1000, out);
  uint32_t decimals = thousandths % 1000;
  if (decimals == 0) {
    return size;
  }
  out[size++] = '.';
  mesh__write_digits(decimals, 3, out + size);
  size += 3;
  while (out[size - 1] == '0') {
    size--;
  }
  return size;
}

/* Six significant digits of less than 1000 have three decimals at least, so a number that is a
 * whole number of thousandths, but for what a double is off, is written as that. */
size_t mesh__write_double(double value, char out[MESH__NUMERAL_SIZE]) {
  double thousandths = value * 1000;
  if (!signbit(value) && thousandths < 1e6) {
    uint32_t whole = (uint32_t)(thousandths + 0.5);
    bool is_whole = whole > 0 ? fabs(thousandths - whole) < 1e-7 : value == 0;
    if (is_whole) {
      return write_thousandths(whole, out);
    }
  }
  return (size_t)snprintf(out, MESH__NUMERAL_SIZE, "%.6g", value);
}
