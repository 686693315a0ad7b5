/* SPDX-License-Identifier: Apache-2.0 */
/**
 * UTF-8 (RFC 3629): protobuf's `string` fields must hold nothing else, or receivers reject the
 * whole message.
 */
#ifndef OTLP_SRC_UTF8_H
#define OTLP_SRC_UTF8_H

#include <otlp/value.h>

bool otlp__utf8_is_valid(otlp_string text);

/** How many bytes the first `characters` characters of valid UTF-8 take. */
size_t otlp__utf8_prefix(otlp_string text, size_t characters);

/** The size of `text` with each byte that is no part of a character replaced by U+FFFD. */
size_t otlp__utf8_repaired_size(otlp_string text);

/** Writes the repaired text, otlp__utf8_repaired_size bytes; returns where the next byte goes. */
uint8_t *otlp__utf8_write_repaired(uint8_t *at, otlp_string text);

#endif
