/* SPDX-License-Identifier: Apache-2.0 */
/* Input: "METHOD URL", a line end, a body. Whatever comes in, the request is built or blamed on
 * something, and what is built can be answered as if it were the reply. */
#include "request.h"

#include "error_body.h"
#include "fuzz_api.h"
#include "response.h"

static void answer(const gateway_route *route, gateway_text bytes, upb_Arena *arena) {
  gateway_problem problem;
  gateway_response response;
  gateway_problem_init(&problem, arena);
  if (!gateway_response_render(fuzz_api(), route, bytes, &problem, &response) &&
      !gateway_problem_is_set(&problem)) {
    abort();
  }
}

static void build(gateway_match *match, gateway_text query, gateway_text body, upb_Arena *arena) {
  gateway_problem problem;
  gateway_text bytes;
  gateway_problem_init(&problem, arena);
  gateway_request request = {match, query, gateway_text_from("application/json"),
                             gateway_arena_copy(arena, body), 1 << 20};
  if (gateway_request_build(fuzz_api(), &request, &problem, &bytes)) {
    answer(match->route, bytes, arena);
  } else if (!gateway_problem_is_set(&problem) ||
             gateway_error_from_problem(&problem).json.size == 0) {
    abort();
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  upb_Arena *arena = gateway_arena_new(NULL, 0);
  gateway_text line;
  gateway_text body;
  gateway_text method;
  gateway_text url;
  gateway_text path;
  gateway_text query;
  gateway_match match;
  gateway_text_split(gateway_text_of((const char *)data, size), '\n', &line, &body);
  gateway_text_split(line, ' ', &method, &url);
  gateway_text_split(url, '?', &path, &query);
  if (gateway_router_match(fuzz_api()->router, method, path, &match) == GATEWAY_ROUTE_FOUND) {
    build(&match, query, body, arena);
  }
  upb_Arena_Free(arena);
  return 0;
}
