/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Streams of messages as an HTTP body, in the format the client accepts:
 *
 *   application/json (default)   [{...},{...}]            an error is the last element,
 * {"error":{...}} application/x-ndjson         {...}\n{...}\n           an error is the last line,
 * {"error":{...}} text/event-stream            data: {...}\n\n          an error is an event of the
 * name "error"
 *
 * So every body that ends as it should is well-formed, and one that was cut is not.
 */
#ifndef GATEWAY_STREAM_FORMAT_H
#define GATEWAY_STREAM_FORMAT_H

#include "arena.h"

typedef enum gateway_stream_format {
  GATEWAY_STREAM_ARRAY,
  GATEWAY_STREAM_NDJSON,
  GATEWAY_STREAM_SSE,
} gateway_stream_format;

/* The format for an Accept header; false when none is acceptable. */
bool gateway_stream_format_choose(gateway_text accept, gateway_stream_format *out_format);

/* Its Content-Type. */
const char *gateway_stream_format_content_type(gateway_stream_format format);

/* The bytes for one message; `index` counts from 0. JSON as upb writes it has no line ends. */
gateway_text gateway_stream_message(gateway_stream_format format, size_t index, gateway_text json,
                                    upb_Arena *arena);

/* The bytes at the end, after `count` messages. `error_json` is empty when all went well. */
gateway_text gateway_stream_end(gateway_stream_format format, size_t count, gateway_text error_json,
                                upb_Arena *arena);

#endif
