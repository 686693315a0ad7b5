/* SPDX-License-Identifier: Apache-2.0 */
/* otlp_baggage_parse, and that what it accepts keeps within the limits and parses to itself. */
#include "fuzz.h"
#include "utf8.h"

#include <otlp/baggage.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  otlp_baggage *baggage = otlp_baggage_parse(fuzz_string(data, size));
  if (baggage == NULL) {
    return 0;
  }
  otlp_string text = otlp_baggage_text(baggage);
  REQUIRE(otlp_baggage_count(baggage) <= OTLP_BAGGAGE_MAX_MEMBERS);
  REQUIRE(text.length <= OTLP_BAGGAGE_MAX_BYTES);
  otlp_baggage *again = otlp_baggage_parse(text);
  REQUIRE(otlp_baggage_count(again) == otlp_baggage_count(baggage));
  for (size_t i = 0; i < otlp_baggage_count(baggage); i++) {
    otlp_baggage_entry first;
    otlp_baggage_entry second;
    REQUIRE(otlp_baggage_at(baggage, i, &first) && otlp_baggage_at(again, i, &second));
    REQUIRE(otlp__utf8_is_valid(first.value));
    REQUIRE(first.value.length == second.value.length);
    REQUIRE(memcmp(first.value.data, second.value.data, first.value.length) == 0);
  }
  otlp_baggage_entry last;
  REQUIRE(otlp_baggage_at(baggage, otlp_baggage_count(baggage) - 1, &last));
  otlp_baggage *same = otlp_baggage_set(baggage, &last);
  REQUIRE(otlp_baggage_count(same) == otlp_baggage_count(baggage));
  otlp_baggage_release(same);
  otlp_baggage_release(baggage);
  otlp_baggage_release(again);
  return 0;
}
