/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"
#include "media_type.h"
#include "stream_format.h"

/* JSON under another name would be refused, or something else taken for JSON. */
static void test_is_json(void **state) {
  (void)state;
  static const char *const yes[] = {"application/json",
                                    "Application/JSON",
                                    "application/json; charset=utf-8",
                                    "application/json;charset=\"UTF-8\"",
                                    "application/merge-patch+json",
                                    "application/json;x=y"};
  static const char *const no[] = {"",
                                   "text/plain",
                                   "application/x-www-form-urlencoded",
                                   "application/json; charset=latin1",
                                   "application/jsonp",
                                   "text/json+json",
                                   "application/xml"};
  for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
    assert_true(gateway_media_type_is_json(text(yes[i])));
  }
  for (size_t i = 0; i < sizeof no / sizeof no[0]; i++) {
    assert_false(gateway_media_type_is_json(text(no[i])));
  }
}

/* Clients would get a stream in a format they did not ask for. */
static void test_stream_formats(void **state) {
  (void)state;
  static const struct {
    const char *accept;
    gateway_stream_format format;
  } cases[] = {
      {"", GATEWAY_STREAM_ARRAY},
      {"*/*", GATEWAY_STREAM_ARRAY},
      {"application/*", GATEWAY_STREAM_ARRAY},
      {"application/x-ndjson", GATEWAY_STREAM_NDJSON},
      {"text/event-stream", GATEWAY_STREAM_SSE},
      {"text/*", GATEWAY_STREAM_SSE},
      {"TEXT/Event-Stream", GATEWAY_STREAM_SSE},
      {"application/json;q=0.5, application/x-ndjson", GATEWAY_STREAM_NDJSON},
      {"application/json;q=0.5, application/x-ndjson;q=0.4", GATEWAY_STREAM_ARRAY},
      {"text/html, application/x-ndjson;q=0.9, */*;q=0.1", GATEWAY_STREAM_NDJSON},
      {"*/*, application/json;q=0", GATEWAY_STREAM_NDJSON},
      {"application/json; q=0.25 ,text/event-stream ; q=0.75", GATEWAY_STREAM_SSE},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    gateway_stream_format format = GATEWAY_STREAM_ARRAY;
    assert_true(gateway_stream_format_choose(text(cases[i].accept), &format));
    assert_int_equal(format, cases[i].format);
  }
}

/* 406 would not be answered where it is due. */
static void test_not_acceptable(void **state) {
  (void)state;
  static const char *const cases[] = {
      "text/html", "application/json;q=0", "image/*, application/xml", "application/x-ndjson;q=0.0",
      "*/*;q=0",   "application/json;q=x"};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    gateway_stream_format format;
    assert_false(gateway_stream_format_choose(text(cases[i]), &format));
  }
}

static gateway_text stream(upb_Arena *arena, gateway_stream_format format, size_t count,
                           const char *error) {
  gateway_text body = text("");
  for (size_t i = 0; i < count; i++) {
    gateway_text part = gateway_stream_message(format, i, text("{\"n\":1}"), arena);
    body =
        gateway_arena_format(arena, "%.*s%.*s", GATEWAY_TEXT_ARGS(body), GATEWAY_TEXT_ARGS(part));
  }
  gateway_text end = gateway_stream_end(format, count, text(error), arena);
  return gateway_arena_format(arena, "%.*s%.*s", GATEWAY_TEXT_ARGS(body), GATEWAY_TEXT_ARGS(end));
}

/* A finished stream, empty, whole or failed, would not parse in its own format. */
static void test_stream_bodies(void **state) {
  upb_Arena *arena = ((gateway_fixture *)*state)->arena;
  assert_text_equal(stream(arena, GATEWAY_STREAM_ARRAY, 0, ""), "[]");
  assert_text_equal(stream(arena, GATEWAY_STREAM_ARRAY, 2, ""), "[{\"n\":1},{\"n\":1}]");
  assert_text_equal(stream(arena, GATEWAY_STREAM_ARRAY, 1, "{}"), "[{\"n\":1},{\"error\":{}}]");
  assert_text_equal(stream(arena, GATEWAY_STREAM_ARRAY, 0, "{}"), "[{\"error\":{}}]");
  assert_text_equal(stream(arena, GATEWAY_STREAM_NDJSON, 0, ""), "");
  assert_text_equal(stream(arena, GATEWAY_STREAM_NDJSON, 2, "{}"),
                    "{\"n\":1}\n{\"n\":1}\n{\"error\":{}}\n");
  assert_text_equal(stream(arena, GATEWAY_STREAM_SSE, 1, ""), "data: {\"n\":1}\n\n");
  assert_text_equal(stream(arena, GATEWAY_STREAM_SSE, 1, "{}"),
                    "data: {\"n\":1}\n\nevent: error\ndata: {}\n\n");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_is_json),
      cmocka_unit_test(test_stream_formats),
      cmocka_unit_test(test_not_acceptable),
      fixture_test(test_stream_bodies),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
