/* SPDX-License-Identifier: Apache-2.0 */
/* Input: header lines. They are gathered, checked, chosen from and passed on. */
#include <stdint.h>
#include <stdlib.h>

#include "call_headers.h"
#include "framing.h"
#include "media_type.h"
#include "stream_format.h"
#include "time_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void gather(gateway_call_headers *headers, gateway_text lines) {
  gateway_text line;
  gateway_text key;
  gateway_text value;
  while (lines.size > 0) {
    gateway_text_split(lines, '\n', &line, &lines);
    gateway_text_split(line, ':', &key, &value);
    gateway_call_headers_add(headers, key, value);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  upb_Arena *arena = gateway_arena_new(NULL, 0);
  gateway_problem problem;
  gateway_call_headers headers;
  gateway_stream_format format;
  gateway_time time;
  otlp_string value;
  memset(&headers, 0, sizeof headers);
  gateway_problem_init(&problem, arena);
  gather(&headers, gateway_text_of((const char *)data, size));
  gateway_framing_check(&headers, gateway_text_of("/", 1), "HTTP/1.1", &problem);
  gateway_call_headers_check(&headers, &problem);
  int64_t timeout_ms = gateway_call_headers_timeout_ms(&headers, 1000, &problem);
  if (timeout_ms < 1 || timeout_ms > 1000) {
    abort();
  }
  gateway_text accept = gateway_call_headers_get(&headers, GATEWAY_HEADER_ACCEPT);
  (void)gateway_stream_format_choose(accept, &format);
  (void)gateway_media_type_is_json(gateway_call_headers_get(&headers, GATEWAY_HEADER_CONTENT_TYPE));
  (void)gateway_timestamp_from_text(accept, &time);
  (void)gateway_duration_from_text(accept, &time);
  for (size_t i = 0;
       gateway_call_headers_carry(&headers, otlp_string_from("tracestate"), i, &value); i++) {}
  upb_Arena_Free(arena);
  return 0;
}
