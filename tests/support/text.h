/* SPDX-License-Identifier: Apache-2.0 */
/* Texts for protobuf-c's members, which are not const but never written to. */
#ifndef TESTS_SUPPORT_TEXT_H
#define TESTS_SUPPORT_TEXT_H

#include <stdint.h>

static inline char *shop_text(const char *text) {
  return (char *)(uintptr_t)text;
}

#endif
