/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Field values as text: what stands in paths and query parameters.
 *
 * The forms are those of proto3 JSON without its quotes: decimal integers, JSON numbers and "NaN",
 * "Infinity", "-Infinity", "true" and "false", enums by name or number, base64 of either alphabet;
 * of messages google.protobuf.Timestamp ("2026-01-02T03:04:05.5Z"), Duration ("1.5s"), FieldMask
 * ("a,b.c") and the wrappers.
 */
#ifndef GATEWAY_FIELD_TEXT_H
#define GATEWAY_FIELD_TEXT_H

#include "arena.h"

#include <upb/def.h>
#include <upb/message_value.h>

/* Can values of this field (or its elements) be written as text? */
bool gateway_field_has_text_form(const upb_FieldDef *field);

/* The value of one element that `text` stands for. NULL, or what is wrong ("is not a 32-bit
 * integer"), static. Strings may alias `text`. */
const char *gateway_field_value_from_text(upb_Arena *arena, const upb_FieldDef *field,
                                          gateway_text text, upb_MessageValue *out_value);

/* The grammars alone, which JSON bodies are held to as well. */
bool gateway_text_is_integer(gateway_text text);        /* -?[0-9]+ */
bool gateway_text_is_json_number(gateway_text text);    /* RFC 8259, section 6 */
bool gateway_text_is_special_number(gateway_text text); /* "NaN", "Infinity", "-Infinity" */

#endif
