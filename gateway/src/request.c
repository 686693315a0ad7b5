/* SPDX-License-Identifier: Apache-2.0 */
#include "request.h"

#include "body_check.h"
#include "field_text.h"
#include "http_body.h"
#include "json_text.h"
#include "media_type.h"
#include "percent.h"
#include "query.h"

#include <stdio.h>
#include <stdlib.h>
#include <upb/encode.h>
#include <upb/json_decode.h>
#include <upb/reflection.h>

enum { SMALL_BODY_MAX = 2 * 1024 };

/* Where in the text upb's decoder stopped, from its "Error parsing JSON @LINE:COLUMN: WHAT".
 * Columns of the first line count from its first byte, those of others from the line end before it.
 */
static size_t error_offset(const gateway_body *body, const char *message, const char **out_what) {
  int line = 0;
  int column = 0;
  int taken = 0;
  *out_what = message;
  if (sscanf(message, "Error parsing JSON @%d:%d: %n", &line, &column, &taken) != 2 || line < 1 ||
      column < 0) {
    return body->json.size;
  }
  *out_what = message + taken;
  size_t offset = 0;
  for (size_t from = 0; line > 1; line--, from = offset + 1) {
    const char *end = memchr(body->json.data + from, '\n', body->json.size - from);
    if (end == NULL) {
      return body->json.size;
    }
    offset = (size_t)(end - body->json.data);
  }
  offset += (size_t)column;
  return offset < body->json.size ? offset : body->json.size;
}

static void blame_decoder(gateway_target *target, const gateway_body *body, const char *message) {
  const char *what = NULL;
  size_t offset = error_offset(body, message, &what);
  gateway_text path = gateway_body_path_at(body, offset, target->arena);
  gateway_problem_add_violation(target->problem, path, "%s", what);
}

static void decode_json(gateway_target *target, const gateway_body *body) {
  upb_Status status;
  upb_Status_Clear(&status);
  if (gateway_body_check(body, target->arena, target->problem) &&
      !upb_JsonDecode(body->json.data, body->json.size, target->message, body->def, body->pool, 0,
                      target->arena, &status)) {
    blame_decoder(target, body, upb_Status_ErrorMessage(&status));
  }
}

/* One value and nothing else: no "1, "other": 2", which would reach into another field. */
static bool is_one_value(gateway_text body, gateway_problem *problem) {
  gateway_json json = gateway_json_from(body);
  if (gateway_json_skip(&json, GATEWAY_JSON_DEPTH_MAX) && gateway_json_at_end(&json)) {
    return true;
  }
  gateway_problem_set(
      problem, GRPC_STATUS_INVALID_ARGUMENT, "the body is not valid JSON: %s (byte %zu)",
      json.error == NULL ? "there is something behind the value" : json.error, json.at);
  return false;
}

/* The body of a field is read as the member of an object that it is the value of, whatever its
 * type. */
static gateway_text body_as_object(const gateway_route *route, const gateway_request *request,
                                   upb_Arena *arena) {
  if (route->body_kind == GATEWAY_BODY_WHOLE) {
    return request->body;
  }
  const char *name = upb_FieldDef_JsonName(route->body_field);
  size_t size = request->body.size + strlen(name) + 5;
  char *text = gateway_arena_alloc(arena, size + 1);
  int head = snprintf(text, size + 1, "{\"%s\":", name);
  memcpy(text + head, request->body.data, request->body.size);
  text[(size_t)head + request->body.size] = '}';
  return gateway_text_of(text, (size_t)head + request->body.size + 1);
}

static void apply_body(gateway_target *target, const gateway_api *api,
                       const gateway_request *request) {
  const gateway_route *route = request->match->route;
  if (request->body.size == 0) {
    return;
  }
  if (route->body_kind == GATEWAY_BODY_NONE) {
    gateway_problem_set(target->problem, GRPC_STATUS_INVALID_ARGUMENT, "%.*s %s takes no body",
                        GATEWAY_TEXT_ARGS(route->http_method), route->template_text);
    return;
  }
  if (gateway_http_body_is_request(route)) {
    gateway_http_body_set(target, route, request->content_type, request->body);
    return;
  }
  if (request->content_type.size > 0 && !gateway_media_type_is_json(request->content_type)) {
    gateway_problem_set_http(target->problem, 415, GRPC_STATUS_INVALID_ARGUMENT,
                             "the body must be sent as Content-Type: application/json");
    return;
  }
  if (route->body_kind == GATEWAY_BODY_FIELD && !is_one_value(request->body, target->problem)) {
    return;
  }
  gateway_body body = {body_as_object(route, request, target->arena), target->def, api->pool,
                       request->memory_max};
  decode_json(target, &body);
}

/* Values of a field that text can stand for. */
static bool is_same_value(const upb_FieldDef *field, upb_MessageValue a, upb_MessageValue b) {
  switch (upb_FieldDef_CType(field)) {
  case kUpb_CType_String:
  case kUpb_CType_Bytes:
    return gateway_text_equals(a.str_val, b.str_val);
  case kUpb_CType_Bool:
    return a.bool_val == b.bool_val;
  case kUpb_CType_Int64:
  case kUpb_CType_UInt64:
    return a.uint64_val == b.uint64_val;
  case kUpb_CType_Double:
    return memcmp(&a.double_val, &b.double_val, sizeof a.double_val) == 0;
  case kUpb_CType_Message:
    return false;
  default:
    return a.uint32_val == b.uint32_val;
  }
}

/* Did the body give the field? Without presence, its zero value is as good as none. */
static bool is_given_in_body(const upb_Message *message, const upb_FieldDef *field) {
  upb_MessageValue zero;
  memset(&zero, 0, sizeof zero);
  return upb_FieldDef_HasPresence(field)
             ? upb_Message_Has(message, field)
             : !is_same_value(field, upb_Message_Get(message, field), zero);
}

static const char *set_variable(gateway_target *target, const gateway_field_path *path,
                                gateway_text text) {
  const upb_FieldDef *field = gateway_field_path_leaf(path);
  upb_Message *parent = gateway_field_path_make_parent(path, target->message, target->arena);
  upb_MessageValue value;
  if (parent == NULL || gateway_field_is_excluded(parent, field)) {
    return "another field of the same oneof is set already";
  }
  const char *error = gateway_field_value_from_text(target->arena, field, text, &value);
  if (error != NULL) {
    return error;
  }
  if (is_given_in_body(parent, field) &&
      !is_same_value(field, upb_Message_Get(parent, field), value)) {
    return "the body says something else than the path";
  }
  (void)gateway_target_is_given(target, parent, field);
  upb_Message_Set(parent, field, value, target->arena);
  return NULL;
}

static void apply_path(gateway_target *target, const gateway_request *request) {
  const gateway_route *route = request->match->route;
  const gateway_path_template *path_template = &route->path_template;
  for (size_t i = 0; i < path_template->variable_count; i++) {
    const gateway_variable *variable = &path_template->variables[i];
    gateway_percent_mode mode = gateway_variable_is_multi_segment(path_template, variable)
                                    ? GATEWAY_PERCENT_PATH
                                    : GATEWAY_PERCENT_SEGMENT;
    gateway_text raw = gateway_match_variable(request->match, variable);
    gateway_text text;
    const char *error = "there is a '%' without two hex digits behind it, or a %00";
    if (gateway_percent_decode(target->arena, raw, mode, &text)) {
      error = set_variable(target, &route->variables[i], text);
    }
    if (error != NULL) {
      gateway_problem_add_violation(target->problem, variable->field_path, "%s", error);
    }
  }
}

static bool encode(gateway_target *target, gateway_text *out_bytes) {
  char *bytes = NULL;
  upb_EncodeStatus status = upb_Encode(target->message, upb_MessageDef_MiniTable(target->def), 0,
                                       target->arena, &bytes, &out_bytes->size);
  out_bytes->data = bytes;
  if (status != kUpb_EncodeStatus_Ok) {
    gateway_problem_set(target->problem, GRPC_STATUS_INVALID_ARGUMENT,
                        "the request is nested too deeply");
  }
  return status == kUpb_EncodeStatus_Ok;
}

static bool build_in(upb_Arena *arena, const gateway_api *api, const gateway_request *request,
                     gateway_problem *problem, gateway_text *out_bytes) {
  const gateway_route *route = request->match->route;
  gateway_target target;
  target.def = route->method->input;
  target.arena = arena;
  target.message = upb_Message_New(target.def, target.arena);
  target.body_field = route->body_field;
  target.problem = problem;
  target.given_count = 0;

  apply_body(&target, api, request);
  if (problem->http_status == 0 || problem->violation_count > 0) {
    apply_path(&target, request);
    if (route->body_kind == GATEWAY_BODY_WHOLE) {
      gateway_query_refuse(&target, request->query);
    } else {
      gateway_query_apply(&target, request->query);
    }
  }
  return !gateway_problem_is_set(problem) && encode(&target, out_bytes);
}

/* The message of a large body may take many times its size, and is not needed while the call waits
 * for its answer: only its bytes are kept. */
bool gateway_request_build(const gateway_api *api, const gateway_request *request,
                           gateway_problem *problem, gateway_text *out_bytes) {
  if (request->body.size <= SMALL_BODY_MAX) {
    return build_in(problem->arena, api, request, problem, out_bytes);
  }
  upb_Arena *scratch = gateway_arena_new(NULL, 0);
  bool is_built = build_in(scratch, api, request, problem, out_bytes);
  if (is_built) {
    *out_bytes = gateway_arena_copy(problem->arena, *out_bytes);
  }
  upb_Arena_Free(scratch);
  return is_built;
}
