/* SPDX-License-Identifier: Apache-2.0 */
/**
 * OTLP messages from protobuf's binary form to OTLP's JSON (OTLP specification, "JSON Protobuf
 * Encoding"): ids in hex, enums as numbers, 64-bit integers as strings, bytes in base64.
 */
#ifndef OTLP_SRC_OTLP_JSON_H
#define OTLP_SRC_OTLP_JSON_H

#include <otlp/exporter.h>

#include <stdio.h>

/** Which message the bytes are. */
typedef enum otlp__json_message {
  OTLP__JSON_RESOURCE_SPANS,
  OTLP__JSON_SCOPE_SPANS,
  OTLP__JSON_SPAN,
  OTLP__JSON_RESOURCE_LOGS,
  OTLP__JSON_SCOPE_LOGS,
  OTLP__JSON_LOG_RECORD,
} otlp__json_message;

/** Writes the message as a JSON object. */
void otlp__json_write(FILE *out, otlp__json_message kind, otlp_bytes message);

/** Writes only the members, without braces; true when there was one. For messages that are
 * completed by other means. */
bool otlp__json_write_members(FILE *out, otlp__json_message kind, otlp_bytes message);

/** Writes an AnyValue as JSON for people: the value alone, an array in brackets, null for none. */
void otlp__json_write_plain(FILE *out, otlp_bytes value);

/** Writes text as a JSON string, quotes included. */
void otlp__json_write_string(FILE *out, otlp_bytes text);

#endif
