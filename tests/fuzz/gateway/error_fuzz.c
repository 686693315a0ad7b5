/* SPDX-License-Identifier: Apache-2.0 */
/* Input: grpc-status-details-bin of a failed call. Whatever it is, the answer is JSON. */
#include "error_body.h"

#include "fuzz_api.h"
#include "json_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  upb_Arena *arena = gateway_arena_new(NULL, 0);
  gateway_error_types types;
  mesh_status status = gateway_error_types_init(&types, fuzz_api()->pool);
  if (!mesh_status_is_ok(&status)) {
    abort();
  }
  status = (mesh_status){GRPC_STATUS_NOT_FOUND, "gone", data, size};
  static const char *const members[] = {"k", "key"};
  gateway_text member_texts[] = {gateway_text_from(members[0]), gateway_text_from(members[1])};
  gateway_failure failure = {gateway_text_from("R"), 402, member_texts, 2};
  gateway_failures failures = {&failure, 1};
  gateway_error error = gateway_error_from_status(&types, &failures, &status, arena);
  gateway_json json = gateway_json_from(error.json);
  if (!gateway_json_skip(&json, 1000) || !gateway_json_at_end(&json)) {
    abort();
  }
  upb_Arena_Free(arena);
  return 0;
}
