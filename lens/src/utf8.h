/* SPDX-License-Identifier: Apache-2.0 */
/* Reading text that may not be valid UTF-8: what comes over the network is not ours to trust. */
#ifndef LENS_UTF8_H
#define LENS_UTF8_H

#include "bytes.h"

/* What stands for a byte that is not UTF-8 (Unicode 3.9, "U+FFFD substitution"). */
#define LENS_REPLACEMENT "\xef\xbf\xbd"

/* Bytes of the character at the start of `text`, which is not empty; 0 when it is not valid UTF-8
 * (RFC 3629: shortest form, no surrogates, at most U+10FFFF). */
size_t lens_utf8_size(lens_bytes text);

#endif
