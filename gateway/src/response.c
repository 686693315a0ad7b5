/* SPDX-License-Identifier: Apache-2.0 */
#include "response.h"

#include "http_body.h"
#include "json_form.h"
#include "json_text.h"
#include "percent.h"

#include <inttypes.h>
#include <limits.h>
#include <upb/decode.h>
#include <upb/json_encode.h>
#include <upb/reflection.h>

enum {
  JSON_SIZE_GUESS = 1024,
  SMALL_REPLY_MAX = 4 * 1024,
};

/* upb says how much room it needs; a second try is only for answers beyond the guess. */
bool gateway_json_encode(const gateway_json_source *source, upb_Arena *arena,
                         gateway_text *out_json) {
  const int options = upb_JsonEncode_UseProtoNames |
                      (source->fields == GATEWAY_JSON_ALL_FIELDS ? upb_JsonEncode_EmitDefaults : 0);
  size_t room = JSON_SIZE_GUESS;
  upb_Status status;
  upb_Status_Clear(&status);
  for (;;) {
    char *json = upb_Arena_Malloc(arena, room);
    size_t size =
        upb_JsonEncode(source->message, source->def, source->pool, options, json, room, &status);
    if (size == (size_t)-1) {
      *out_json = gateway_arena_copy(arena, gateway_text_from(upb_Status_ErrorMessage(&status)));
      return false;
    }
    if (size < room) {
      *out_json = gateway_text_of(json, size);
      return true;
    }
    room = size + 1;
  }
}

/* The JSON of one field, cut out of that of its message: upb writes whole messages only. */
static gateway_text cut_field(gateway_text json_text, const char *name) {
  gateway_json json = gateway_json_from(json_text);
  size_t index = 0;
  gateway_text key;
  (void)gateway_json_expect(&json, '{');
  while (gateway_json_next_member(&json, &index, &key)) {
    size_t begin = json.at;
    if (!gateway_json_skip(&json, INT_MAX)) {
      break;
    }
    if (gateway_text_is(key, name)) {
      return gateway_text_of(json_text.data + begin, json.at - begin);
    }
  }
  return gateway_text_from("null"); /* a message or oneof member that is not set */
}

static bool render_json(const gateway_api *api, const gateway_route *route,
                        const upb_Message *message, gateway_problem *problem,
                        gateway_response *out_response) {
  const gateway_method *method = route->method;
  const char *error = method->may_hold_any ? gateway_json_form_check(api->pool, method->output,
                                                                     message, problem->arena)
                                           : NULL;
  gateway_json_source source = {api->pool, method->output, message, GATEWAY_JSON_ALL_FIELDS};
  gateway_text json = gateway_text_from(error == NULL ? "" : error);
  if (error != NULL || !gateway_json_encode(&source, problem->arena, &json)) {
    gateway_problem_set(problem, GRPC_STATUS_INTERNAL, "the answer has no JSON form: %.*s",
                        GATEWAY_TEXT_ARGS(json));
    return false;
  }
  out_response->content_type = gateway_text_from("application/json");
  out_response->body = route->response_field == NULL
                           ? json
                           : cut_field(json, upb_FieldDef_Name(route->response_field));
  return true;
}

static gateway_text field_as_text(upb_Arena *arena, const upb_FieldDef *field,
                                  upb_MessageValue value) {
  switch (upb_FieldDef_CType(field)) {
  case kUpb_CType_String:
    return value.str_val;
  case kUpb_CType_Int32:
  case kUpb_CType_Enum:
    return gateway_arena_format(arena, "%" PRId32, value.int32_val);
  case kUpb_CType_UInt32:
    return gateway_arena_format(arena, "%" PRIu32, value.uint32_val);
  case kUpb_CType_Int64:
    return gateway_arena_format(arena, "%" PRId64, value.int64_val);
  case kUpb_CType_UInt64:
    return gateway_arena_format(arena, "%" PRIu64, value.uint64_val);
  case kUpb_CType_Bool:
    return gateway_text_from(value.bool_val ? "true" : "false");
  default:
    return gateway_text_of("", 0);
  }
}

static gateway_text variable_value(const gateway_method *method, const upb_Message *message,
                                   size_t index, upb_Arena *arena) {
  const gateway_field_path *path = &method->location_fields[index];
  const gateway_variable *variable = &method->location->variables[index];
  const upb_Message *parent = gateway_field_path_parent(path, message);
  if (parent == NULL) {
    return gateway_text_of("", 0);
  }
  const upb_FieldDef *field = gateway_field_path_leaf(path);
  gateway_text text = field_as_text(arena, field, upb_Message_Get(parent, field));
  return gateway_percent_encode(arena, text,
                                gateway_variable_is_multi_segment(method->location, variable));
}

/* The template with the values of its variables in place. */
static gateway_text expand_location(const gateway_method *method, const upb_Message *message,
                                    upb_Arena *arena) {
  const gateway_path_template *location = method->location;
  gateway_text text = gateway_text_of("", 0);
  size_t variable = 0;
  for (size_t i = 0; i < location->segment_count;) {
    bool is_variable =
        variable < location->variable_count && location->variables[variable].first == i;
    gateway_text part = is_variable ? variable_value(method, message, variable, arena)
                                    : location->segments[i].literal;
    text =
        gateway_arena_format(arena, "%.*s/%.*s", GATEWAY_TEXT_ARGS(text), GATEWAY_TEXT_ARGS(part));
    i += is_variable ? location->variables[variable++].count : 1;
  }
  return text;
}

/* What is rendered, and where its message is made. */
typedef struct render_source {
  const gateway_api *api;
  const gateway_route *route;
  gateway_text bytes;
  upb_Arena *scratch;
} render_source;

static bool render(const render_source *source, gateway_problem *problem,
                   gateway_response *out_response) {
  const gateway_api *api = source->api;
  const gateway_method *method = source->route->method;
  upb_Arena *scratch = source->scratch;
  upb_Message *message = upb_Message_New(method->output, scratch);
  out_response->location = gateway_text_of("", 0);
  if (upb_Decode(source->bytes.data, source->bytes.size, message,
                 upb_MessageDef_MiniTable(method->output), upb_DefPool_ExtensionRegistry(api->pool),
                 kUpb_DecodeOption_AliasString, scratch) != kUpb_DecodeStatus_Ok) {
    gateway_problem_set(problem, GRPC_STATUS_INTERNAL, "the answer is not a %s",
                        upb_MessageDef_FullName(method->output));
    return false;
  }
  if (method->location != NULL) {
    out_response->location = expand_location(method, message, problem->arena);
  }
  return gateway_http_body_get(source->route, message, &out_response->content_type,
                               &out_response->body) ||
         render_json(api, source->route, message, problem, out_response);
}

/* The message of a large reply may take many times its size, and the answer may wait long for a
 * slow client: only the JSON is kept. Raw content is part of the message. */
bool gateway_response_render(const gateway_api *api, const gateway_route *route, gateway_text bytes,
                             gateway_problem *problem, gateway_response *out_response) {
  render_source source = {api, route, bytes, problem->arena};
  if (bytes.size <= SMALL_REPLY_MAX || gateway_http_body_is_response(route)) {
    return render(&source, problem, out_response);
  }
  source.scratch = gateway_arena_new(NULL, 0);
  bool is_rendered = render(&source, problem, out_response);
  upb_Arena_Free(source.scratch);
  return is_rendered;
}
