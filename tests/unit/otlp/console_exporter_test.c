/* SPDX-License-Identifier: Apache-2.0 */
/* Lines for people, and OTLP's JSON to the character. */
#include "check.h"

#include <otlp/exporters.h>
#include <otlp/sdk.h>

#include <math.h>

static void count_up(void *self, uint8_t *out_id, size_t size) {
  memset(out_id, 0, size);
  out_id[size - 1] = ++*(uint8_t *)self;
}

static void trace_id(void *self, uint8_t out_trace_id[OTLP_TRACE_ID_SIZE]) {
  count_up(self, out_trace_id, OTLP_TRACE_ID_SIZE);
}

static void span_id(void *self, uint8_t out_span_id[OTLP_SPAN_ID_SIZE]) {
  count_up(self, out_span_id, OTLP_SPAN_ID_SIZE);
}

/* What the console exporter writes of one span that `make` makes. To be freed. */
static char *export_one(otlp_console_format format, void (*make)(otlp_tracer *tracer)) {
  char *text = NULL;
  size_t size = 0;
  uint8_t counter = 0;
  FILE *stream = open_memstream(&text, &size);
  const otlp_attribute service = otlp_attribute_string("service.name", "shop");
  otlp_resource *resource = otlp_resource_new(&service, 1, S(""));
  otlp_tracer_provider_options options = OTLP_TRACER_PROVIDER_OPTIONS_INIT;
  options.resource = resource;
  options.id_generator = (otlp_id_generator){trace_id, span_id, &counter, false};
  options.processors[0] = otlp_simple_processor_new(otlp_console_exporter_new(stream, format));
  options.processor_count = 1;
  otlp_tracer_provider *provider = otlp_tracer_provider_new(&options);
  otlp_scope scope = {.name = S("scope"), .version = S("1")};
  make(otlp_tracer_provider_get_tracer(provider, &scope));
  otlp_stats stats;
  otlp_tracer_provider_get_stats(provider, &stats);
  assert_int_equal(stats.exported, 1);
  otlp_tracer_provider_destroy(provider);
  otlp_resource_release(resource);
  fclose(stream);
  return text;
}

static void simple_span(otlp_tracer *tracer) {
  otlp_span_options options = {.kind = OTLP_SPAN_KIND_SERVER,
                               .start_time = UINT64_C(1700000000123456789)};
  otlp_span *span = otlp_span_start(tracer, NULL, S("GET \"x\""), &options);
  otlp_span_set_string(span, "http.route", "/x");
  otlp_span_set_int(span, "n", -1);
  otlp_span_set_status(span, OTLP_STATUS_ERROR, S("broken"));
  otlp_span_end_at(span, UINT64_C(1700000000124691356));
}

/* A line has what one looks for: time, ids, kind, name, duration, status and why, attributes. */
static void test_line(void **state) {
  (void)state;
  char *text = export_one(OTLP_CONSOLE_LINES, simple_span);
  assert_string_equal(text, "2023-11-14T22:13:20.123456Z 00000000000000000000000000000001 "
                            "0000000000000002 root SERVER \"GET \\\"x\\\"\" 1.234ms ERROR "
                            "\"broken\" http.route=\"/x\" n=-1\n");
  free(text);
}

static void span_with_odd_keys(otlp_tracer *tracer) {
  otlp_span *span = otlp_span_start(tracer, NULL, S("x"), NULL);
  otlp_span_set_int(span, "a\nb", 1);
  otlp_span_set_int(span, "c d=e", 2);
  otlp_span_set_int(span, "f.g-h", 3);
  otlp_span_end(span);
}

/* A key could end the line, and begin another that nobody wrote. */
static void test_odd_keys_stay_on_the_line(void **state) {
  (void)state;
  char *text = export_one(OTLP_CONSOLE_LINES, span_with_odd_keys);
  assert_non_null(strstr(text, " UNSET \"a\\nb\"=1 \"c d=e\"=2 f.g-h=3\n"));
  assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
  free(text);
}

/* What the console exporter writes of one log record. To be freed. */
static char *export_record(otlp_console_format format) {
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  const otlp_attribute service = otlp_attribute_string("service.name", "shop");
  otlp_resource *resource = otlp_resource_new(&service, 1, S(""));
  otlp_logger_provider_options options = OTLP_LOGGER_PROVIDER_OPTIONS_INIT;
  options.resource = resource;
  options.processors[0] = otlp_simple_processor_new(otlp_console_exporter_new(stream, format));
  options.processor_count = 1;
  otlp_logger_provider *provider = otlp_logger_provider_new(&options);
  const otlp_scope scope = {.name = S("scope")};
  const otlp_context context = {.span = {.trace_id = {1}, .span_id = {2}}};
  const otlp_attribute field = otlp_attribute_int("n", -1);
  otlp_log_record record = OTLP_LOG_RECORD_INIT;
  record.time = UINT64_C(1700000000123456789);
  record.observed_time = UINT64_C(1700000000123456790);
  record.severity = (otlp_severity)(OTLP_SEVERITY_ERROR + 1);
  record.severity_text = S("bad");
  record.body = otlp_value_text(S("it \"broke\""));
  record.attributes = &field;
  record.attribute_count = 1;
  record.event_name = S("e");
  otlp_logger_emit(otlp_logger_provider_get_logger(provider, &scope), &context, &record);
  otlp_logger_provider_destroy(provider);
  otlp_resource_release(resource);
  fclose(stream);
  return text;
}

/* Log records would be printed as if they were spans. */
static void test_line_of_a_log_record(void **state) {
  (void)state;
  char *text = export_record(OTLP_CONSOLE_LINES);
  assert_string_equal(text, "2023-11-14T22:13:20.123456Z ERROR2 01000000000000000000000000000000 "
                            "0200000000000000 event=\"e\" \"it \\\"broke\\\"\" n=-1\n");
  free(text);
}

/* LogsData, as OTLP's JSON has it. */
static void test_json_of_a_log_record(void **state) {
  (void)state;
  char *text = export_record(OTLP_CONSOLE_OTLP_JSON);
  assert_string_equal(
      text, "{\"resourceLogs\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":"
            "{\"stringValue\":\"shop\"}}]},\"scopeLogs\":[{\"scope\":{\"name\":\"scope\"},"
            "\"logRecords\":[{\"timeUnixNano\":\"1700000000123456789\","
            "\"observedTimeUnixNano\":\"1700000000123456790\",\"severityNumber\":18,"
            "\"severityText\":\"bad\",\"body\":{\"stringValue\":\"it \\\"broke\\\"\"},"
            "\"attributes\":[{\"key\":\"n\",\"value\":{\"intValue\":\"-1\"}}],\"flags\":0,"
            "\"traceId\":\"01000000000000000000000000000000\",\"spanId\":\"0200000000000000\","
            "\"eventName\":\"e\"}]}]}]}\n");
  free(text);
}

/* Ids in hex, enums as numbers, 64-bit numbers as strings. */
static void test_json(void **state) {
  (void)state;
  char *text = export_one(OTLP_CONSOLE_OTLP_JSON, simple_span);
  assert_string_equal(
      text,
      "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":"
      "{\"stringValue\":\"shop\"}}]},\"scopeSpans\":[{\"scope\":{\"name\":\"scope\",\"version\":"
      "\"1\"},\"spans\":[{\"traceId\":\"00000000000000000000000000000001\",\"spanId\":"
      "\"0000000000000002\",\"flags\":257,\"name\":\"GET \\\"x\\\"\",\"kind\":2,"
      "\"startTimeUnixNano\":\"1700000000123456789\",\"endTimeUnixNano\":\"1700000000124691356\","
      "\"attributes\":[{\"key\":\"http.route\",\"value\":{\"stringValue\":\"/x\"}},{\"key\":\"n\","
      "\"value\":{\"intValue\":\"-1\"}}],\"status\":{\"message\":\"broken\",\"code\":2}}]}]}]}\n");
  free(text);
}

static void rich_span(otlp_tracer *tracer) {
  otlp_span_options options = {.start_time = 1};
  otlp_span *span = otlp_span_start(tracer, NULL, S("s"), &options);
  static const int64_t integers[] = {1, 2};
  otlp_value array = {.type = OTLP_VALUE_INT_ARRAY, .count = 2, .as.integers = integers};
  otlp_value bytes = otlp_value_text(S("\xFF\xFE"));
  otlp_span_set_attribute(span, S("array"), array);
  otlp_span_set_attribute(span, S("bytes"), bytes);
  otlp_span_set_attribute(span, S("empty"), (otlp_value){.type = OTLP_VALUE_EMPTY});
  otlp_span_set_bool(span, "no", false);
  otlp_span_set_bool(span, "yes", true);
  otlp_span_set_double(span, "half", 0.5);
  otlp_span_set_double(span, "nan", NAN);
  otlp_span_set_double(span, "inf", -INFINITY);
  otlp_span_set_string(span, "control", "\x01\n\\");
  otlp_span_add_event(span, S("event"), 7, NULL, 0);
  otlp_link link = {.context = otlp_span_get_context(span)};
  otlp_span_add_link(span, &link);
  otlp_span_end_at(span, 2);
}

static void assert_contains(const char *text, const char *part) {
  if (strstr(text, part) == NULL) {
    fail_msg("no %s in %s", part, text);
  }
}

/* Every kind of value, and the nested messages. */
static void test_json_of_everything(void **state) {
  (void)state;
  char *text = export_one(OTLP_CONSOLE_OTLP_JSON, rich_span);
  assert_contains(text, "{\"key\":\"array\",\"value\":{\"arrayValue\":{\"values\":[{\"intValue\":"
                        "\"1\"},{\"intValue\":\"2\"}]}}}");
  assert_contains(text, "{\"key\":\"bytes\",\"value\":{\"bytesValue\":\"//4=\"}}");
  assert_contains(text, "{\"key\":\"empty\",\"value\":{}}");
  assert_contains(text, "{\"key\":\"no\",\"value\":{\"boolValue\":false}}");
  assert_contains(text, "{\"key\":\"yes\",\"value\":{\"boolValue\":true}}");
  assert_contains(text, "{\"doubleValue\":0.5}");
  assert_contains(text, "{\"doubleValue\":\"NaN\"}");
  assert_contains(text, "{\"doubleValue\":\"-Infinity\"}");
  assert_contains(text, "\"\\u0001\\n\\\\\"");
  assert_contains(text, "\"events\":[{\"timeUnixNano\":\"7\",\"name\":\"event\"}]");
  assert_contains(text, "\"links\":[{\"traceId\":\"00000000000000000000000000000001\",\"spanId\":"
                        "\"0000000000000002\",\"flags\":257}]");
  free(text);
}

/* In a line for people values stand as they are, and events by name. */
static void test_line_of_everything(void **state) {
  (void)state;
  char *text = export_one(OTLP_CONSOLE_LINES, rich_span);
  assert_contains(text, " UNSET array=[1,2] bytes=\"//4=\" empty=null no=false yes=true half=0.5 "
                        "nan=\"NaN\" inf=\"-Infinity\" control=\"\\u0001\\n\\\\\" "
                        "events=[\"event\"]\n");
  free(text);
}

static void full_stream_span(otlp_tracer *tracer) {
  otlp_span_end(otlp_span_start(tracer, NULL, S("s"), NULL));
}

/* A stream that takes no more: the spans count as dropped, nothing else happens. */
static void test_a_full_stream(void **state) {
  (void)state;
  FILE *full = fopen("/dev/full", "w");
  assert_non_null(full);
  otlp_tracer_provider_options options = OTLP_TRACER_PROVIDER_OPTIONS_INIT;
  options.processors[0] =
      otlp_simple_processor_new(otlp_console_exporter_new(full, OTLP_CONSOLE_LINES));
  options.processor_count = 1;
  otlp_tracer_provider *provider = otlp_tracer_provider_new(&options);
  full_stream_span(otlp_tracer_provider_get_tracer(provider, NULL));
  otlp_stats stats;
  otlp_tracer_provider_get_stats(provider, &stats);
  assert_int_equal(stats.dropped[OTLP_DROP_EXPORT_FAILED], 1);
  assert_int_equal(stats.export_errors, 1);
  otlp_tracer_provider_destroy(provider);
  fclose(full);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_line),
      cmocka_unit_test(test_odd_keys_stay_on_the_line),
      cmocka_unit_test(test_json),
      cmocka_unit_test(test_line_of_a_log_record),
      cmocka_unit_test(test_json_of_a_log_record),
      cmocka_unit_test(test_json_of_everything),
      cmocka_unit_test(test_line_of_everything),
      cmocka_unit_test(test_a_full_stream),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
