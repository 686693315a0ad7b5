/* SPDX-License-Identifier: Apache-2.0 */
/* otlp__key_values_parse, behind OTEL_RESOURCE_ATTRIBUTES and OTEL_EXPORTER_OTLP_HEADERS. */
#include "fuzz.h"
#include "key_values.h"
#include "utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  otlp__key_values list;
  const char *error = otlp__key_values_parse(fuzz_string(data, size), OTLP__VALUES_UTF8, &list);
  REQUIRE(error == NULL || (list.count == 0 && list.items == NULL));
  for (size_t i = 0; i < list.count; i++) {
    REQUIRE(list.items[i].key.length > 0);
    REQUIRE(otlp__utf8_is_valid(list.items[i].key));
    REQUIRE(otlp__utf8_is_valid(list.items[i].value));
  }
  otlp__key_values_clean_up(&list);
  otlp__key_values_parse(fuzz_string(data, size), OTLP__VALUES_ANY, &list);
  otlp__key_values_clean_up(&list);
  return 0;
}
