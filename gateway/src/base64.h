/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 (RFC 4648). */
#ifndef GATEWAY_BASE64_H
#define GATEWAY_BASE64_H

#include "arena.h"

/* True for what gateway_base64_decode takes. */
bool gateway_base64_is_valid(gateway_text text);

/* Decodes either alphabet, padded or not. False for anything else. */
bool gateway_base64_decode(upb_Arena *arena, gateway_text text, gateway_text *out_bytes);

/* Encodes with the standard alphabet, padded. */
gateway_text gateway_base64_encode(upb_Arena *arena, gateway_text bytes);

#endif
