/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From path, query and body to the bytes of a request message.
 *
 * The body comes first, then the path, then the query. A path variable that the body gives as well
 * must say the same; the query may give nothing that another source has given.
 */
#ifndef GATEWAY_REQUEST_H
#define GATEWAY_REQUEST_H

#include "api.h"
#include "problem.h"

/* Everything is borrowed. */
typedef struct gateway_request {
  const gateway_match *match;
  gateway_text query;        /* behind '?', raw */
  gateway_text content_type; /* empty when there is none */
  gateway_text body;         /* with a NUL behind it that is not counted */
  size_t memory_max;         /* bytes that the decoded message may take */
} gateway_request;

/* Puts the request of the matched route together, serialized, in the problem's arena; nothing that
 * was borrowed is needed any more. False, with `problem` set, when it makes none. */
bool gateway_request_build(const gateway_api *api, const gateway_request *request,
                           gateway_problem *problem, gateway_text *out_bytes);

#endif
