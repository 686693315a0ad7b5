/* SPDX-License-Identifier: Apache-2.0 */
/* Log records in, those of a trace out. */
#include "log_store.h"
#include "sample.h"

#include <opentelemetry/proto/logs/v1/logs.pb-c.h>

#include <stdio.h>
#include <string.h>

typedef Opentelemetry__Proto__Logs__V1__LogRecord proto_record;
typedef Opentelemetry__Proto__Logs__V1__LogsData proto_logs;

/* A request with one record of `service` that says `text`; trace 0 is no trace. */
static lens_buffer request_of(const char *service, uint64_t trace, const char *text) {
  Opentelemetry__Proto__Common__V1__AnyValue name =
      OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__INIT;
  name.value_case = OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_STRING_VALUE;
  name.string_value = (char *)(uintptr_t)service;
  Opentelemetry__Proto__Common__V1__KeyValue attribute =
      OPENTELEMETRY__PROTO__COMMON__V1__KEY_VALUE__INIT;
  attribute.key = (char *)(uintptr_t) "service.name";
  attribute.value = &name;
  Opentelemetry__Proto__Common__V1__KeyValue *attributes = &attribute;
  Opentelemetry__Proto__Resource__V1__Resource resource =
      OPENTELEMETRY__PROTO__RESOURCE__V1__RESOURCE__INIT;
  resource.n_attributes = 1;
  resource.attributes = &attributes;
  Opentelemetry__Proto__Common__V1__AnyValue body = name;
  body.string_value = (char *)(uintptr_t)text;
  proto_record record = OPENTELEMETRY__PROTO__LOGS__V1__LOG_RECORD__INIT;
  record.body = &body;
  record.trace_id.data = (uint8_t *)(uintptr_t)sample_trace_id(trace);
  record.trace_id.len = trace > 0 ? LENS_TRACE_ID_SIZE : 0;
  proto_record *records = &record;
  Opentelemetry__Proto__Logs__V1__ScopeLogs scope =
      OPENTELEMETRY__PROTO__LOGS__V1__SCOPE_LOGS__INIT;
  scope.n_log_records = 1;
  scope.log_records = &records;
  Opentelemetry__Proto__Logs__V1__ScopeLogs *scopes = &scope;
  Opentelemetry__Proto__Logs__V1__ResourceLogs logs =
      OPENTELEMETRY__PROTO__LOGS__V1__RESOURCE_LOGS__INIT;
  logs.resource = &resource;
  logs.n_scope_logs = 1;
  logs.scope_logs = &scopes;
  Opentelemetry__Proto__Logs__V1__ResourceLogs *resources = &logs;
  proto_logs data = OPENTELEMETRY__PROTO__LOGS__V1__LOGS_DATA__INIT;
  data.n_resource_logs = 1;
  data.resource_logs = &resources;
  lens_buffer out = {0};
  opentelemetry__proto__logs__v1__logs_data__pack(
      &data,
      lens_buffer_extend(&out, opentelemetry__proto__logs__v1__logs_data__get_packed_size(&data)));
  return out;
}

static lens_log_result ingest(lens_log_store *store, const char *service, uint64_t trace,
                              const char *text) {
  lens_buffer request = request_of(service, trace, text);
  lens_log_result result = lens_log_store_ingest(store, lens_buffer_bytes(&request));
  lens_buffer_clean_up(&request);
  return result;
}

/* What was logged about a trace would be gone, mixed up, or of another service. */
static void test_records_of_a_trace(void **state) {
  (void)state;
  lens_log_store *store = lens_log_store_new((size_t)1 << 20);
  assert_int_equal(ingest(store, "gateway", 1, "one").kept, 1);
  assert_int_equal(ingest(store, "order", 2, "other").kept, 1);
  assert_int_equal(ingest(store, "order", 1, "two").kept, 1);
  assert_int_equal(ingest(store, "order", 0, "of no trace").kept, 1);
  lens_buffer out = {0};
  assert_true(lens_log_store_trace(store, sample_trace_id(1), &out));
  proto_logs *logs = opentelemetry__proto__logs__v1__logs_data__unpack(NULL, out.size, out.data);
  assert_non_null(logs);
  static const char *const services[] = {"gateway", "order"};
  static const char *const texts[] = {"one", "two"};
  assert_int_equal(logs->n_resource_logs, 2);
  for (size_t i = 0; i < 2; i++) {
    const Opentelemetry__Proto__Logs__V1__ResourceLogs *resource = logs->resource_logs[i];
    assert_string_equal(resource->resource->attributes[0]->value->string_value, services[i]);
    assert_string_equal(resource->scope_logs[0]->log_records[0]->body->string_value, texts[i]);
  }
  opentelemetry__proto__logs__v1__logs_data__free_unpacked(logs, NULL);
  lens_buffer_clean_up(&out);
  assert_false(lens_log_store_trace(store, sample_trace_id(3), &out));
  lens_log_store_destroy(store);
}

/* Memory would grow with every line that is logged, or the latest lines be the ones that go. */
static void test_the_oldest_make_room(void **state) {
  (void)state;
  enum { MANY = 5000, BYTES = 64 * 1024 };
  lens_log_store *store = lens_log_store_new(BYTES);
  char text[64];
  for (uint64_t i = 1; i <= MANY; i++) {
    snprintf(text, sizeof(text), "record %u", (unsigned)i);
    ingest(store, i % 2 == 0 ? "gateway" : "order", i, text);
    assert_true(lens_log_store_read_stats(store).bytes <= BYTES);
  }
  lens_log_stats stats = lens_log_store_read_stats(store);
  assert_int_equal(stats.kept, MANY);
  assert_int_equal(stats.records + stats.evicted, MANY);
  assert_in_range(stats.records, 100, MANY - 1);
  lens_buffer out = {0};
  assert_false(lens_log_store_trace(store, sample_trace_id(1), &out));
  assert_true(lens_log_store_trace(store, sample_trace_id(MANY), &out));
  assert_bytes_contain(&out, "record 5000");
  lens_buffer_clean_up(&out);
  lens_log_store_destroy(store);
}

/* One record could push out all others. */
static void test_a_huge_record_is_rejected(void **state) {
  (void)state;
  static char text[20000];
  memset(text, 'x', sizeof(text) - 1);
  lens_log_store *store = lens_log_store_new((size_t)64 * 1024);
  lens_log_result result = ingest(store, "order", 1, text);
  assert_int_equal(result.kept, 0);
  assert_int_equal(result.too_large, 1);
  assert_int_equal(lens_log_store_read_stats(store).rejected, 1);
  lens_log_store_destroy(store);
}

/* Half a request would be kept, or what cannot be read be given back. */
static void test_what_is_malformed_leaves_nothing(void **state) {
  (void)state;
  lens_log_store *store = lens_log_store_new((size_t)1 << 20);
  lens_buffer request = request_of("order", 1, "text");
  for (size_t size = 1; size < request.size; size++) {
    lens_log_result result = lens_log_store_ingest(store, (lens_bytes){request.data, size});
    assert_true(result.is_malformed);
    assert_int_equal(result.kept, 0);
  }
  assert_int_equal(lens_log_store_read_stats(store).records, 0);
  lens_buffer_clean_up(&request);
  lens_log_store_destroy(store);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_records_of_a_trace),
      cmocka_unit_test(test_the_oldest_make_room),
      cmocka_unit_test(test_a_huge_record_is_rejected),
      cmocka_unit_test(test_what_is_malformed_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
