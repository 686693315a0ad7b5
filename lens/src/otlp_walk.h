/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walking the items of OTLP bytes, spans or log records: an ExportTraceServiceRequest or an
 * ExportLogsServiceRequest as it arrives, or the TracesData that lens gives back (they all have one
 * shape). Nothing is decoded into objects: a span stays the
 * bytes it is, and a view points at what we need of it.
 */
#ifndef LENS_OTLP_WALK_H
#define LENS_OTLP_WALK_H

#include "wire.h"

#define LENS_TRACE_ID_SIZE 16
#define LENS_SPAN_ID_SIZE 8

/* The service.name of a resource that has none (semantic conventions, "Service"). */
#define LENS_UNKNOWN_SERVICE "unknown_service"

/* A Resource or an InstrumentationScope, with the schema URL of the message around it. */
typedef struct lens_origin {
  lens_bytes message;
  lens_bytes schema_url;
} lens_origin;

/* The fields of an origin within the message around it: their size, and writing them. */
size_t lens_origin_size(const lens_origin *origin);
void lens_origin_add(lens_buffer *out, const lens_origin *origin);

/* What the walk calls, in the order of the bytes: resource, then its scopes, each with its items.
 */
typedef struct lens_visitor {
  void (*resource)(void *self, const lens_origin *resource); /* optional */
  void (*scope)(void *self, const lens_origin *scope);       /* optional */
  void (*item)(void *self, lens_bytes item);                 /* required: a Span or a LogRecord */
  void *self;
} lens_visitor;

/* Visits everything. What cannot be read ends its message early: check the bytes before
 * (lens_schema_check) where that matters. */
void lens_otlp_walk(lens_bytes data, const lens_visitor *visitor);

/* What lens itself wants to know of a span; the rest stays in its bytes. */
typedef struct lens_span_view {
  lens_bytes trace_id;
  lens_bytes span_id;
  lens_bytes parent_span_id; /* empty for a root */
  lens_bytes name;
  lens_bytes status_message;
  uint64_t start_unix_nanos;
  uint64_t end_unix_nanos;
  uint32_t kind;        /* a SpanKind */
  uint32_t status_code; /* a StatusCode */
  bool has_status;      /* the message is there, if only empty */
} lens_span_view;

#define LENS_STATUS_ERROR 2

lens_span_view lens_span_view_of(lens_bytes span);

/* True when its ids are of the right size and not zero: others belong to no trace (OTLP
 * trace.proto, "An ID with all zeroes is considered invalid"). */
bool lens_span_view_has_ids(const lens_span_view *view);

/* The attribute `key` of a span or resource, whose attributes are field `attributes_field` (9 and
 * 1): its AnyValue. False when there is none. */
bool lens_attribute(lens_bytes message, uint32_t attributes_field, const char *key,
                    lens_bytes *out_any_value);
#define LENS_SPAN_ATTRIBUTES 9
#define LENS_RESOURCE_ATTRIBUTES 1

/* The text of an AnyValue that is a string; empty for other types. */
lens_bytes lens_any_value_text(lens_bytes any_value);

/* True when an AnyValue is an integer. */
bool lens_any_value_int(lens_bytes any_value, int64_t *out_number);

/* The service.name of a Resource, or LENS_UNKNOWN_SERVICE. */
lens_bytes lens_resource_service(lens_bytes resource);

#endif
