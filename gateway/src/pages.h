/* SPDX-License-Identifier: Apache-2.0 */
/* The pages that are the gateway's own. Made once, at start. */
#ifndef GATEWAY_PAGES_H
#define GATEWAY_PAGES_H

#include "api.h"

/* GET /: name, version and links, and what is served. */
gateway_text gateway_page_start(const gateway_api *api, upb_Arena *arena);

/* GET /openapi.json: OpenAPI 3.1. */
gateway_text gateway_page_openapi(const gateway_api *api, upb_Arena *arena);

#endif
