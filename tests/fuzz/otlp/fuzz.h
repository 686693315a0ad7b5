/* SPDX-License-Identifier: Apache-2.0 */
/** What the fuzz targets of this room share. */
#ifndef TESTS_FUZZ_OTLP_FUZZ_H
#define TESTS_FUZZ_OTLP_FUZZ_H

#include <otlp/value.h>

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** A property that must hold for every input. */
#define REQUIRE(condition)                                                    \
  do {                                                                        \
    if (!(condition)) {                                                       \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      abort();                                                                \
    }                                                                         \
  } while (0)

static inline otlp_string fuzz_string(const uint8_t *data, size_t size) {
  otlp_string text = {(const char *)data, size};
  return text;
}

#endif
