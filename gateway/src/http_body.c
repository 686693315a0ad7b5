/* SPDX-License-Identifier: Apache-2.0 */
#include "http_body.h"

#include "utf8.h"

#include <upb/reflection.h>

/* Field numbers of google/api/httpbody.proto. */
enum { CONTENT_TYPE = 1, DATA = 2 };

static bool is_http_body(const upb_MessageDef *def) {
  return strcmp(upb_MessageDef_FullName(def), "google.api.HttpBody") == 0;
}

static bool is_http_body_field(const upb_FieldDef *field) {
  return upb_FieldDef_IsSubMessage(field) && !upb_FieldDef_IsRepeated(field) &&
         is_http_body(upb_FieldDef_MessageSubDef(field));
}

bool gateway_http_body_is_request(const gateway_route *route) {
  if (route->body_kind == GATEWAY_BODY_FIELD) {
    return is_http_body_field(route->body_field);
  }
  return route->body_kind == GATEWAY_BODY_WHOLE && is_http_body(route->method->input);
}

void gateway_http_body_set(gateway_target *target, const gateway_route *route,
                           gateway_text content_type, gateway_text body) {
  upb_Message *message = target->message;
  const upb_MessageDef *def = target->def;
  if (route->body_kind == GATEWAY_BODY_FIELD) {
    message = upb_Message_Mutable(message, route->body_field, target->arena).msg;
    def = upb_FieldDef_MessageSubDef(route->body_field);
  }
  upb_MessageValue type = {.str_val = gateway_utf8_is_valid(content_type) ? content_type
                                                                          : gateway_text_of("", 0)};
  upb_MessageValue data = {.str_val = body};
  upb_Message_Set(message, upb_MessageDef_FindFieldByNumber(def, CONTENT_TYPE), type,
                  target->arena);
  upb_Message_Set(message, upb_MessageDef_FindFieldByNumber(def, DATA), data, target->arena);
}

bool gateway_http_body_is_response(const gateway_route *route) {
  return route->response_field != NULL ? is_http_body_field(route->response_field)
                                       : is_http_body(route->method->output);
}

bool gateway_http_body_get(const gateway_route *route, const upb_Message *message,
                           gateway_text *out_content_type, gateway_text *out_data) {
  if (!gateway_http_body_is_response(route)) {
    return false;
  }
  const upb_MessageDef *def = route->method->output;
  if (route->response_field != NULL) {
    def = upb_FieldDef_MessageSubDef(route->response_field);
    message = upb_Message_Get(message, route->response_field).msg_val;
  }
  *out_content_type = gateway_text_of("", 0);
  *out_data = gateway_text_of("", 0);
  if (message != NULL) {
    *out_content_type =
        upb_Message_Get(message, upb_MessageDef_FindFieldByNumber(def, CONTENT_TYPE)).str_val;
    *out_data = upb_Message_Get(message, upb_MessageDef_FindFieldByNumber(def, DATA)).str_val;
  }
  return true;
}
