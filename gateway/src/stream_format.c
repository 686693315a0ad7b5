/* SPDX-License-Identifier: Apache-2.0 */
#include "stream_format.h"

#include "media_type.h"

static const char *const content_types[] = {
    [GATEWAY_STREAM_ARRAY] = "application/json",
    [GATEWAY_STREAM_NDJSON] = "application/x-ndjson",
    [GATEWAY_STREAM_SSE] = "text/event-stream",
};

bool gateway_stream_format_choose(gateway_text accept, gateway_stream_format *out_format) {
  int choice =
      gateway_accept_choose(accept, content_types, sizeof content_types / sizeof content_types[0]);
  *out_format = choice < 0 ? GATEWAY_STREAM_ARRAY : (gateway_stream_format)choice;
  return choice >= 0;
}

const char *gateway_stream_format_content_type(gateway_stream_format format) {
  return content_types[format];
}

gateway_text gateway_stream_message(gateway_stream_format format, size_t index, gateway_text json,
                                    upb_Arena *arena) {
  switch (format) {
  case GATEWAY_STREAM_NDJSON:
    return gateway_arena_format(arena, "%.*s\n", GATEWAY_TEXT_ARGS(json));
  case GATEWAY_STREAM_SSE:
    return gateway_arena_format(arena, "data: %.*s\n\n", GATEWAY_TEXT_ARGS(json));
  default:
    return gateway_arena_format(arena, "%c%.*s", index == 0 ? '[' : ',', GATEWAY_TEXT_ARGS(json));
  }
}

gateway_text gateway_stream_end(gateway_stream_format format, size_t count, gateway_text error_json,
                                upb_Arena *arena) {
  bool is_error = error_json.size > 0;
  switch (format) {
  case GATEWAY_STREAM_NDJSON:
    return is_error
               ? gateway_arena_format(arena, "{\"error\":%.*s}\n", GATEWAY_TEXT_ARGS(error_json))
               : gateway_text_of("", 0);
  case GATEWAY_STREAM_SSE:
    return is_error ? gateway_arena_format(arena, "event: error\ndata: %.*s\n\n",
                                           GATEWAY_TEXT_ARGS(error_json))
                    : gateway_text_of("", 0);
  default:
    break;
  }
  const char *open = count == 0 ? "[" : "";
  if (!is_error) {
    return gateway_arena_format(arena, "%s]", open);
  }
  return gateway_arena_format(arena, "%s%s{\"error\":%.*s}]", open, count == 0 ? "" : ",",
                              GATEWAY_TEXT_ARGS(error_json));
}
