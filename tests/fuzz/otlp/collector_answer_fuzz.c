/* SPDX-License-Identifier: Apache-2.0 */
/* What a collector answers is decoded three ways; none may read past it or give absurd values. */
#include "export/backoff.h"
#include "export/collector_answer.h"
#include "export/deadline.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require_within(otlp_string part, otlp_string whole) {
  bool within = part.length == 0 ||
                (part.data >= whole.data && part.data + part.length <= whole.data + whole.length);
  if (!within) {
    abort();
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  otlp_string input = {(const char *)data, size};
  otlp__partial_success partial;
  if (otlp__partial_success_decode(input, &partial)) {
    require_within(partial.message, input);
  }
  int64_t delay;
  if (otlp__retry_info_decode(input, &delay) &&
      (delay < 0 || delay > (OTLP__LONGEST_DELAY_S + 1) * OTLP__NS_PER_S)) {
    abort();
  }
  require_within(otlp__status_message_decode(input), input);
  return 0;
}
