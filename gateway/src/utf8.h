/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 as proto3 wants it in strings (RFC 3629: no surrogates, no overlong forms). */
#ifndef GATEWAY_UTF8_H
#define GATEWAY_UTF8_H

#include "text.h"

/* The size, 1 to 4, of the character that `text` starts with, or 0 when it is not well-formed. */
size_t gateway_utf8_character_size(gateway_text text);

bool gateway_utf8_is_valid(gateway_text text);

#endif
