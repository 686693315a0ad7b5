/* SPDX-License-Identifier: Apache-2.0 */
/* Input: a JSON body of test.library.v1.Everything. What passes our check must not upset upb: it
 * decodes it, or refuses it at a place that can be named. */
#include <upb/json_decode.h>
#include <upb/reflection.h>

#include "body_check.h"
#include "fuzz_api.h"
#include "json_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  upb_Arena *arena = gateway_arena_new(NULL, 0);
  gateway_problem problem;
  gateway_problem_init(&problem, arena);
  const upb_DefPool *pool = fuzz_api()->pool;
  gateway_body body = {gateway_arena_copy(arena, gateway_text_of((const char *)data, size)),
                       upb_DefPool_FindMessageByName(pool, "test.library.v1.Everything"), pool,
                       1 << 20};
  gateway_json json = gateway_json_from(body.json);
  bool is_json = gateway_json_skip(&json, GATEWAY_JSON_DEPTH_MAX) && gateway_json_at_end(&json);
  if (gateway_body_check(&body, arena, &problem)) {
    upb_Status status;
    upb_Status_Clear(&status);
    upb_Message *message = upb_Message_New(body.def, arena);
    if (!is_json) {
      abort();
    }
    if (!upb_JsonDecode(body.json.data, body.json.size, message, body.def, pool, 0, arena,
                        &status)) {
      (void)gateway_body_path_at(&body, size / 2, arena);
    }
  }
  upb_Arena_Free(arena);
  return 0;
}
