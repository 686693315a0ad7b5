/* SPDX-License-Identifier: Apache-2.0 */
/** Percent-coding (RFC 3986, section 2.1) as baggage, resource attributes and headers use it. */
#ifndef OTLP_SRC_PERCENT_H
#define OTLP_SRC_PERCENT_H

#include <otlp/value.h>

/**
 * Decodes into `out`, which has room for `text.length` bytes; a `%` that two hex digits do not
 * follow stays as it is.
 *
 * @param out_is_clean false when there was such a `%`. May be NULL.
 * @return how many bytes were written.
 */
size_t otlp__percent_decode(otlp_string text, char *out, bool *out_is_clean);

/** True for what may stand in baggage as it is (W3C Baggage, "baggage-octet"). */
bool otlp__is_baggage_octet(char c);

/** The size of `text` with everything but baggage-octets, and `%`, encoded. */
size_t otlp__percent_encoded_size(otlp_string text);

/** Writes that many bytes; returns where the next one goes. */
char *otlp__percent_encode(otlp_string text, char *out);

#endif
