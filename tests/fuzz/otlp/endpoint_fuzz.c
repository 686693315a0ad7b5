/* SPDX-License-Identifier: Apache-2.0 */
/* Endpoints, with and without a signal's path: what is accepted fits, and is accepted again. */
#include "export/endpoint.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  otlp_string input = {(const char *)data, size};
  otlp__grpc_endpoint endpoint;
  if (otlp__grpc_endpoint_parse(input, &endpoint) == NULL &&
      strnlen(endpoint.target, OTLP__ENDPOINT_SIZE) == OTLP__ENDPOINT_SIZE) {
    abort();
  }
  char url[OTLP__ENDPOINT_SIZE];
  char again[OTLP__ENDPOINT_SIZE];
  if (otlp__http_endpoint_parse(input, otlp_string_from("/v1/traces"), url) == NULL &&
      (otlp__http_endpoint_parse(otlp_string_from(url), otlp_string_from(""), again) != NULL ||
       strcmp(url, again) != 0)) {
    abort();
  }
  return 0;
}
