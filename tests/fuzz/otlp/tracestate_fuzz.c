/* SPDX-License-Identifier: Apache-2.0 */
/* otlp_trace_state_parse, and that what it accepts is valid, small, and parses to itself. */
#include "fuzz.h"

#include <otlp/trace_state.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  otlp_trace_state *state = otlp_trace_state_parse(fuzz_string(data, size));
  if (state == NULL) {
    return 0;
  }
  otlp_string text = otlp_trace_state_text(state);
  REQUIRE(otlp_trace_state_count(state) >= 1);
  REQUIRE(otlp_trace_state_count(state) <= OTLP_TRACE_STATE_MAX_MEMBERS);
  otlp_trace_state *again = otlp_trace_state_parse(text);
  REQUIRE(again != NULL);
  REQUIRE(otlp_trace_state_text(again).length == text.length);
  REQUIRE(memcmp(otlp_trace_state_text(again).data, text.data, text.length) == 0);
  otlp_string key;
  otlp_string value;
  REQUIRE(otlp_trace_state_at(state, 0, &key, &value));
  otlp_trace_state *same = otlp_trace_state_set(state, key, value);
  REQUIRE(otlp_trace_state_count(same) == otlp_trace_state_count(state));
  otlp_trace_state *fewer = otlp_trace_state_remove(state, key);
  REQUIRE(otlp_trace_state_count(fewer) + 1 == otlp_trace_state_count(state));
  otlp_trace_state_release(state);
  otlp_trace_state_release(again);
  otlp_trace_state_release(same);
  otlp_trace_state_release(fewer);
  return 0;
}
