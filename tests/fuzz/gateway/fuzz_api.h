/* SPDX-License-Identifier: Apache-2.0 */
/* The API of tests/protos/gateway/library.proto, made once for a fuzz target's whole run. */
#ifndef TESTS_FUZZ_GATEWAY_API_H
#define TESTS_FUZZ_GATEWAY_API_H

#include <stdint.h>
#include <stdlib.h>

#include "api.h"
#include "builtin.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline const gateway_api *fuzz_api(void) {
  static gateway_api *api;
  if (api != NULL) {
    return api;
  }
  gateway_descriptors *descriptors = gateway_descriptors_new();
  mesh_status status = gateway_descriptors_add_file(descriptors, LIBRARY_DESCRIPTORS);
  gateway_builtin_add_base(descriptors);
  if (mesh_status_is_ok(&status)) {
    status = gateway_api_new(descriptors, &api);
  }
  if (!mesh_status_is_ok(&status)) {
    abort();
  }
  return api;
}

#endif
