/* SPDX-License-Identifier: Apache-2.0 */
/* OTEL_EXPORTER_OTLP_HEADERS: whatever stands in it, no header may break out of its line. */
#include "export/header_list.h"
#include "key_values.h"

#include <otlp/log.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require_one_line(const otlp_header *header) {
  for (size_t i = 0; i < header->value.length; i++) {
    if (header->value.data[i] == '\n' || header->value.data[i] == '\r') {
      abort();
    }
  }
}

static void try_list(const otlp_header *headers, size_t count, bool binary_values) {
  otlp__header_list list;
  if (!otlp__header_list_init(&list, headers, count, binary_values)) {
    return;
  }
  for (size_t i = 0; i < list.count && !binary_values; i++) {
    require_one_line(&list.items[i]);
  }
  otlp__header_list_clean_up(&list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  otlp_set_log_level(OTLP_LOG_NONE);
  otlp__key_values pairs;
  otlp_string input = {(const char *)data, size};
  if (otlp__key_values_parse(input, OTLP__VALUES_ANY, &pairs) != NULL) {
    return 0;
  }
  otlp_header *headers = calloc(pairs.count + 1, sizeof(*headers));
  for (size_t i = 0; headers != NULL && i < pairs.count; i++) {
    headers[i] = (otlp_header){pairs.items[i].key, pairs.items[i].value};
  }
  if (headers != NULL) {
    try_list(headers, pairs.count, true);
    try_list(headers, pairs.count, false);
  }
  free(headers);
  otlp__key_values_clean_up(&pairs);
  return 0;
}
