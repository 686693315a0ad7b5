/* SPDX-License-Identifier: Apache-2.0 */
#include "openapi_path.h"

#include "percent.h"

static const gateway_variable *variable_at(const gateway_path_template *path_template,
                                           size_t segment) {
  for (size_t i = 0; i < path_template->variable_count; i++) {
    const gateway_variable *variable = &path_template->variables[i];
    if (segment >= variable->first && segment < variable->first + variable->count) {
      return variable;
    }
  }
  return NULL;
}

/* Which of a variable's wildcards the one at `segment` is, from 1, and how many there are. */
static size_t count_wildcards(const gateway_path_template *path_template,
                              const gateway_variable *variable, size_t up_to) {
  size_t count = 0;
  for (size_t i = variable->first; i <= up_to && i < variable->first + variable->count; i++) {
    count += path_template->segments[i].kind == GATEWAY_SEGMENT_LITERAL ? 0 : 1;
  }
  return count;
}

static gateway_text name_wildcard(const gateway_path_template *path_template, size_t segment,
                                  upb_Arena *arena) {
  const gateway_variable *variable = variable_at(path_template, segment);
  if (variable == NULL) {
    return gateway_arena_format(arena, "segment_%zu", segment + 1);
  }
  size_t all = count_wildcards(path_template, variable, GATEWAY_SEGMENTS_MAX);
  if (all == 1) {
    return variable->field_path;
  }
  return gateway_arena_format(arena, "%.*s_%zu", GATEWAY_TEXT_ARGS(variable->field_path),
                              count_wildcards(path_template, variable, segment));
}

void gateway_openapi_path_from(const gateway_path_template *path_template, upb_Arena *arena,
                               gateway_openapi_path *out_path) {
  gateway_text text = gateway_text_of("", 0);
  out_path->variable_count = 0;
  for (size_t i = 0; i < path_template->segment_count; i++) {
    const gateway_segment *segment = &path_template->segments[i];
    if (segment->kind == GATEWAY_SEGMENT_LITERAL) {
      gateway_text literal = gateway_percent_encode(arena, segment->literal, false);
      text = gateway_arena_format(arena, "%.*s/%.*s", GATEWAY_TEXT_ARGS(text),
                                  GATEWAY_TEXT_ARGS(literal));
      continue;
    }
    gateway_text name = name_wildcard(path_template, i, arena);
    text = gateway_arena_format(arena, "%.*s/{%.*s}", GATEWAY_TEXT_ARGS(text),
                                GATEWAY_TEXT_ARGS(name));
    out_path->variables[out_path->variable_count++] =
        (gateway_openapi_variable){i, name, variable_at(path_template, i)};
  }
  bool has_verb = path_template->verb.size > 0;
  out_path->text = gateway_arena_format(arena, "%.*s%s%.*s", GATEWAY_TEXT_ARGS(text),
                                        has_verb         ? ":"
                                        : text.size == 0 ? "/"
                                                         : "",
                                        GATEWAY_TEXT_ARGS(path_template->verb));
}

bool gateway_openapi_is_same_path(const gateway_path_template *a, const gateway_path_template *b) {
  if (a->segment_count != b->segment_count || !gateway_text_equals(a->verb, b->verb)) {
    return false;
  }
  for (size_t i = 0; i < a->segment_count; i++) {
    bool is_literal = a->segments[i].kind == GATEWAY_SEGMENT_LITERAL;
    if (is_literal != (b->segments[i].kind == GATEWAY_SEGMENT_LITERAL) ||
        (is_literal && !gateway_text_equals(a->segments[i].literal, b->segments[i].literal))) {
      return false;
    }
  }
  return true;
}
