/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OTLP messages as JSON (OTLP specification, "JSON Protobuf Encoding"): the proto3 JSON mapping
 * with ids in hexadecimal and enums as numbers.
 */
#ifndef LENS_OTLP_JSON_H
#define LENS_OTLP_JSON_H

#include "schema.h"

/*
 * Writes a message of the given rule. Sub-messages that readers follow unchecked (resource, scope,
 * status, an attribute's value) are there even when empty; unknown fields are left out. `bytes` may
 * be anything: what cannot be read ends its message early.
 */
void lens_otlp_json_write(lens_buffer *out, const lens_message_rule *message, lens_bytes bytes);

#endif
