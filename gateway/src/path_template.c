/* SPDX-License-Identifier: Apache-2.0 */
#include "path_template.h"

#include "percent.h"

typedef struct template_parser {
  upb_Arena *arena;
  gateway_text text;
  size_t at;
  gateway_path_template *out;
  gateway_template_error *error;
} template_parser;

static bool fail(template_parser *parser, const char *reason) {
  parser->error->reason = reason;
  parser->error->offset = parser->at;
  return false;
}

static char peek(const template_parser *parser) {
  return parser->at < parser->text.size ? parser->text.data[parser->at] : '\0';
}

static bool accept(template_parser *parser, char c) {
  if (parser->at == parser->text.size || peek(parser) != c) {
    return false;
  }
  parser->at++;
  return true;
}

static bool is_identifier(char c, bool is_first) {
  bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  return is_letter || (!is_first && c >= '0' && c <= '9');
}

/* pchar of RFC 3986 without ':', which starts a verb, and '*', which is an operator. */
static bool is_literal(char c) {
  return is_identifier(c, false) || (c != '\0' && strchr("-.~%!$&'()+,;=@", c) != NULL);
}

static bool parse_literal(template_parser *parser, gateway_text *out_literal) {
  size_t begin = parser->at;
  while (is_literal(peek(parser))) {
    parser->at++;
  }
  if (parser->at == begin) {
    return fail(parser, "a segment, '*', '**' or '{' is expected");
  }
  gateway_text raw = gateway_text_of(parser->text.data + begin, parser->at - begin);
  if (!gateway_percent_decode(parser->arena, raw, GATEWAY_PERCENT_SEGMENT, out_literal)) {
    return fail(parser, "there is a '%' without two hex digits behind it");
  }
  return true;
}

static bool add_segment(template_parser *parser, gateway_segment_kind kind, gateway_text literal) {
  gateway_path_template *out = parser->out;
  if (out->segment_count == GATEWAY_SEGMENTS_MAX) {
    return fail(parser, "there are too many segments");
  }
  if (out->segment_count > 0 &&
      out->segments[out->segment_count - 1].kind == GATEWAY_SEGMENT_REST) {
    return fail(parser, "'**' must be the last segment");
  }
  gateway_segment *segment = &out->segments[out->segment_count++];
  segment->kind = kind;
  segment->literal = literal;
  return true;
}

static bool parse_plain_segment(template_parser *parser) {
  gateway_text literal = gateway_text_of("", 0);
  if (accept(parser, '*')) {
    bool is_rest = accept(parser, '*');
    return add_segment(parser, is_rest ? GATEWAY_SEGMENT_REST : GATEWAY_SEGMENT_ONE, literal);
  }
  return parse_literal(parser, &literal) && add_segment(parser, GATEWAY_SEGMENT_LITERAL, literal);
}

static bool parse_field_path(template_parser *parser, gateway_text *out_field_path) {
  size_t begin = parser->at;
  do {
    size_t identifier = parser->at;
    while (is_identifier(peek(parser), parser->at == identifier)) {
      parser->at++;
    }
    if (parser->at == identifier) {
      return fail(parser, "a field name is expected");
    }
  } while (accept(parser, '.'));
  *out_field_path = gateway_text_of(parser->text.data + begin, parser->at - begin);
  return true;
}

static bool is_bound_already(const template_parser *parser, gateway_text field_path) {
  for (size_t i = 0; i < parser->out->variable_count; i++) {
    if (gateway_text_equals(parser->out->variables[i].field_path, field_path)) {
      return true;
    }
  }
  return false;
}

static bool parse_variable(template_parser *parser) {
  gateway_path_template *out = parser->out;
  if (out->variable_count == GATEWAY_VARIABLES_MAX) {
    return fail(parser, "there are too many variables");
  }
  gateway_variable *variable = &out->variables[out->variable_count];
  variable->first = out->segment_count;
  if (!parse_field_path(parser, &variable->field_path)) {
    return false;
  }
  if (is_bound_already(parser, variable->field_path)) {
    return fail(parser, "the field is bound twice");
  }
  if (accept(parser, '=')) {
    do {
      if (!parse_plain_segment(parser)) {
        return false;
      }
    } while (accept(parser, '/'));
  } else if (!add_segment(parser, GATEWAY_SEGMENT_ONE, gateway_text_of("", 0))) {
    return false;
  }
  variable->count = out->segment_count - variable->first;
  out->variable_count++;
  return accept(parser, '}') || fail(parser, "'}' is expected");
}

static bool parse_segments(template_parser *parser) {
  do {
    bool is_variable = accept(parser, '{');
    if (is_variable ? !parse_variable(parser) : !parse_plain_segment(parser)) {
      return false;
    }
  } while (accept(parser, '/'));
  return true;
}

static bool parse_template(template_parser *parser) {
  if (!accept(parser, '/')) {
    return fail(parser, "it must start with '/'");
  }
  if (parser->at < parser->text.size && peek(parser) != ':' && !parse_segments(parser)) {
    return false;
  }
  if (accept(parser, ':') && !parse_literal(parser, &parser->out->verb)) {
    return false;
  }
  return parser->at == parser->text.size || fail(parser, "this character has no place here");
}

bool gateway_path_template_parse(upb_Arena *arena, gateway_text text,
                                 gateway_path_template *out_template,
                                 gateway_template_error *out_error) {
  memset(out_template, 0, sizeof *out_template);
  out_template->text = gateway_arena_copy(arena, text);
  template_parser parser = {arena, out_template->text, 0, out_template, out_error};
  return parse_template(&parser);
}

bool gateway_variable_is_multi_segment(const gateway_path_template *path_template,
                                       const gateway_variable *variable) {
  return variable->count > 1 ||
         path_template->segments[variable->first].kind == GATEWAY_SEGMENT_REST;
}
