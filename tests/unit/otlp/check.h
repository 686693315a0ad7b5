/* SPDX-License-Identifier: Apache-2.0 */
/** What every test of this room includes: cmocka in the order it wants, and short forms. */
#ifndef TESTS_UNIT_OTLP_CHECK_H
#define TESTS_UNIT_OTLP_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <otlp/value.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/** A literal or a C string as a view. */
#define S(text) otlp_string_from(text)

#define assert_text_equal(view, expected)                    \
  do {                                                       \
    otlp_string view_ = (view);                              \
    assert_int_equal(view_.length, strlen(expected));        \
    assert_memory_equal(view_.data, expected, view_.length); \
  } while (0)

#endif
