/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is it clear where a request ends and whom it is for? What a proxy in front and this server could
 * understand in two ways is refused, as a second request might hide in the first (RFC 9112,
 * sections 3.2, 5.1, 6.1, 6.3 and 11.2). After such a request nothing else is read from its
 * connection.
 */
#ifndef GATEWAY_FRAMING_H
#define GATEWAY_FRAMING_H

#include "call_headers.h"

/* Sets the problem, 400 or 501, when it is not. `version` is "HTTP/1.1" or the like. */
void gateway_framing_check(const gateway_call_headers *headers, gateway_text url,
                           const char *version, gateway_problem *problem);

#endif
