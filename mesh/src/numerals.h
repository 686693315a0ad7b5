/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as text, as printf writes them in the C locale, without its cost: log lines have several
 * each. */
#ifndef MESH__NUMERALS_H
#define MESH__NUMERALS_H

#include <stddef.h>
#include <stdint.h>

enum { MESH__NUMERAL_SIZE = 32 };

/* "%d". @return the bytes written; no '\0' behind them. */
size_t mesh__write_int(int64_t value, char out[MESH__NUMERAL_SIZE]);

/* "%.6g". Fast for what has at most three decimals and is less than 1000, such as milliseconds to
 * the microsecond. @return the bytes written. */
size_t mesh__write_double(double value, char out[MESH__NUMERAL_SIZE]);

/* The last `count` digits of a number, with leading zeros. */
void mesh__write_digits(uint32_t value, size_t count, char *out);

#endif
