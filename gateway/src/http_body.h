/* SPDX-License-Identifier: Apache-2.0 */
/* google.api.HttpBody: bodies that are not JSON but whatever their content type says. */
#ifndef GATEWAY_HTTP_BODY_H
#define GATEWAY_HTTP_BODY_H

#include "api.h"
#include "query.h"

/* Is the body of the route's requests an HttpBody? */
bool gateway_http_body_is_request(const gateway_route *route);

/* Is what the route answers with one? */
bool gateway_http_body_is_response(const gateway_route *route);

/* Puts the body into the request's HttpBody. */
void gateway_http_body_set(gateway_target *target, const gateway_route *route,
                           gateway_text content_type, gateway_text body);

/* If the answer of the route is an HttpBody, the parts of it; they alias `message`. */
bool gateway_http_body_get(const gateway_route *route, const upb_Message *message,
                           gateway_text *out_content_type, gateway_text *out_data);

#endif
