/* SPDX-License-Identifier: Apache-2.0 */
/* Percent-encoding of URLs (RFC 3986, section 2.1). */
#ifndef GATEWAY_PERCENT_H
#define GATEWAY_PERCENT_H

#include "arena.h"

typedef enum gateway_percent_mode {
  GATEWAY_PERCENT_SEGMENT, /* one path segment: every escape is decoded */
  GATEWAY_PERCENT_PATH,    /* several segments: %2F stays, so that no segment falls apart
                              (google/api/http.proto, "Path template syntax") */
  GATEWAY_PERCENT_QUERY,   /* as in SEGMENT, and '+' is a space */
} gateway_percent_mode;

/* Decodes `raw`; the result is `raw` itself when there is nothing to decode. False for an escape
 * that is none ("%zz") and for %00, which no string here may hold. */
bool gateway_percent_decode(upb_Arena *arena, gateway_text raw, gateway_percent_mode mode,
                            gateway_text *out_text);

/* Encodes all but unreserved characters, and '/' too unless `keep_slash`. */
gateway_text gateway_percent_encode(upb_Arena *arena, gateway_text text, bool keep_slash);

/* True when `raw`, decoded, is `text`. Copies nothing. */
bool gateway_percent_equals(gateway_text raw, gateway_text text);

#endif
