/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the bytes of a response message to what the HTTP client gets: JSON with the fields' own
 * names and with zero values, one field of it (response_body), or the raw content of a
 * google.api.HttpBody.
 */
#ifndef GATEWAY_RESPONSE_H
#define GATEWAY_RESPONSE_H

#include "api.h"
#include "problem.h"

typedef struct gateway_response {
  gateway_text content_type; /* empty for an HttpBody that names none */
  gateway_text body;
  gateway_text location; /* empty when there is none */
} gateway_response;

/* Renders `bytes`, a serialized message of the route's method; the result is in the problem's
 * arena, the content of an HttpBody in `bytes`. False, with `problem` INTERNAL, when it is no such
 * message, or has no JSON form (an Any of an unknown type, a duration between -1s and 0s). */
bool gateway_response_render(const gateway_api *api, const gateway_route *route, gateway_text bytes,
                             gateway_problem *problem, gateway_response *out_response);

typedef enum gateway_json_fields {
  GATEWAY_JSON_ALL_FIELDS, /* those of zero value too */
  GATEWAY_JSON_SET_FIELDS,
} gateway_json_fields;

typedef struct gateway_json_source {
  const upb_DefPool *pool;
  const upb_MessageDef *def;
  const upb_Message *message;
  gateway_json_fields fields;
} gateway_json_source;

/* A message as JSON; false, with the reason in its place, when it has no JSON form. Messages that
 * may hold an Any have to be checked (json_form.h) before. */
bool gateway_json_encode(const gateway_json_source *source, upb_Arena *arena,
                         gateway_text *out_json);

#endif
