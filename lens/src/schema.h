/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OTLP's messages as tables (opentelemetry-proto 1.x, trace.proto, logs.proto and common.proto):
 * what the check of a request and the JSON mapping both walk by.
 */
#ifndef LENS_SCHEMA_H
#define LENS_SCHEMA_H

#include "wire.h"

/* Messages nested deeper than this are refused, as protobuf's own parsers do. */
#define LENS_MAX_DEPTH 100

/* No message of OTLP has a field number as high as this. */
#define LENS_MAX_FIELDS 17

typedef enum lens_kind {
  LENS_KIND_NONE, /* no such field */
  LENS_KIND_STRING,
  LENS_KIND_BASE64, /* bytes, as proto3 JSON has them */
  LENS_KIND_HEX,    /* bytes of an id, as OTLP/JSON has them */
  LENS_KIND_BOOL,
  LENS_KIND_INT64,  /* varint, signed */
  LENS_KIND_NUMBER, /* varint of an enum or uint32 */
  LENS_KIND_FIXED64,
  LENS_KIND_FIXED32,
  LENS_KIND_DOUBLE,
  LENS_KIND_MESSAGE,
} lens_kind;

typedef struct lens_message_rule lens_message_rule;

typedef struct lens_field_rule {
  const char *name; /* in JSON */
  const lens_message_rule *message;
  lens_kind kind;
  bool is_repeated;
  bool is_always; /* written even when it is absent: readers follow it without a check */
} lens_field_rule;

struct lens_message_rule {
  const lens_field_rule *fields; /* by number; fields[0] is none */
  size_t count;
  bool is_oneof; /* the last field set is the only one */
};

extern const lens_message_rule lens_traces_data_rule; /* ExportTraceServiceRequest has its shape */
extern const lens_message_rule lens_logs_data_rule;   /* as has ExportLogsServiceRequest */
extern const lens_message_rule lens_resource_rule;
extern const lens_message_rule lens_span_rule;

/* The rule for a field, or NULL when it is unknown or not of the wire type that the rule asks for
 * (which protobuf takes for unknown too). */
const lens_field_rule *lens_rule_for(const lens_message_rule *message, const lens_field *field);

/* True when `bytes` is a well-formed message of this rule, all the way down, and not too deep. */
bool lens_schema_check(const lens_message_rule *message, lens_bytes bytes);

#endif
