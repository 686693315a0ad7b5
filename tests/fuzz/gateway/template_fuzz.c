/* SPDX-License-Identifier: Apache-2.0 */
/* Input: a path template, a line end, a path. What matches must give values that lie in the path.
 */
#include <stdint.h>
#include <stdlib.h>

#include "percent.h"
#include "router.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_values(const gateway_match *match, upb_Arena *arena) {
  for (size_t i = 0; i < match->path_template->variable_count; i++) {
    gateway_text raw = gateway_match_variable(match, &match->path_template->variables[i]);
    gateway_text value;
    if (raw.size > match->path.size) {
      abort();
    }
    (void)gateway_percent_decode(arena, raw, GATEWAY_PERCENT_PATH, &value);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  upb_Arena *arena = gateway_arena_new(NULL, 0);
  gateway_text source;
  gateway_text path;
  gateway_path_template parsed;
  gateway_template_error error;
  gateway_text_split(gateway_text_of((const char *)data, size), '\n', &source, &path);
  if (gateway_path_template_parse(arena, source, &parsed, &error)) {
    gateway_router *router = gateway_router_new(arena);
    gateway_route_entry entry = {gateway_text_from("GET"), &parsed, &parsed};
    gateway_match match;
    if (gateway_router_add(router, &entry) != NULL) {
      abort();
    }
    if (gateway_router_match(router, entry.method, path, &match) == GATEWAY_ROUTE_FOUND) {
      check_values(&match, arena);
    }
  } else if (error.offset > source.size) {
    abort();
  }
  upb_Arena_Free(arena);
  return 0;
}
