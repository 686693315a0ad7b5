/* SPDX-License-Identifier: Apache-2.0 */
/* Media types: Content-Type, and what Accept asks for (RFC 9110, sections 8.3 and 12.5.1). */
#ifndef GATEWAY_MEDIA_TYPE_H
#define GATEWAY_MEDIA_TYPE_H

#include "text.h"

/* The type of a Content-Type, "type/subtype", without parameters and white space around it. */
gateway_text gateway_media_type_essence(gateway_text content_type);

/* application/json or application/anything+json, in UTF-8 or no charset. */
bool gateway_media_type_is_json(gateway_text content_type);

/*
 * The best of `offers` ("type/subtype", the first is preferred among equals) for an Accept header:
 * its index, or -1 when none is acceptable. No header, or an empty one, accepts everything. A range
 * of more detail beats one of less, and q=0 refuses.
 */
int gateway_accept_choose(gateway_text accept, const char *const *offers, size_t offer_count);

#endif
