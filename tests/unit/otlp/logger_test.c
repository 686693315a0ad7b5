/* SPDX-License-Identifier: Apache-2.0 */
/* Log records from emission to the exporter, decoded by protobuf-c. */
#include "check.h"

#include <otlp/exporters.h>
#include <otlp/log.h>
#include <otlp/logs.h>

#include <opentelemetry/proto/logs/v1/logs.pb-c.h>

typedef Opentelemetry__Proto__Logs__V1__LogRecord proto_record;

typedef struct logging {
  otlp_exporter *memory;
  otlp_logger_provider *provider;
  otlp_logger *logger;
  proto_record *decoded;
} logging;

static const otlp_context in_a_span = {
    .span = {.trace_id = {1, 2, 3}, .span_id = {4, 5, 6}, .trace_flags = 0x83}};

static logging start(const otlp_logger_provider_options *options) {
  otlp_logger_provider_options own = OTLP_LOGGER_PROVIDER_OPTIONS_INIT;
  own = options != NULL ? *options : own;
  logging self = {.memory = otlp_memory_exporter_new()};
  const otlp_scope scope = {.name = S("test.scope"), .version = S("1.2.3")};
  own.processors[own.processor_count++] = otlp_simple_processor_new(self.memory);
  self.provider = otlp_logger_provider_new(&own);
  assert_non_null(self.provider);
  self.logger = otlp_logger_provider_get_logger(self.provider, &scope);
  assert_true(otlp_logger_enabled(self.logger, NULL));
  return self;
}

static void forget(logging *self) {
  if (self->decoded != NULL) {
    opentelemetry__proto__logs__v1__log_record__free_unpacked(self->decoded, NULL);
    self->decoded = NULL;
  }
}

static void stop(logging *self) {
  forget(self);
  otlp_logger_provider_destroy(self->provider);
}

static const proto_record *emit(logging *self, const otlp_context *context,
                                const otlp_log_record *record) {
  size_t before = otlp_memory_exporter_count(self->memory);
  otlp_logger_emit(self->logger, context, record);
  assert_int_equal(otlp_memory_exporter_count(self->memory), before + 1);
  otlp_memory_item kept = otlp_memory_exporter_get(self->memory, before);
  forget(self);
  self->decoded = opentelemetry__proto__logs__v1__log_record__unpack(NULL, kept.message.size,
                                                                     kept.message.data);
  assert_non_null(self->decoded);
  return self->decoded;
}

/* Records would arrive without what they were given. */
static void test_every_field_is_encoded(void **state) {
  (void)state;
  logging self = start(NULL);
  const otlp_attribute attributes[] = {otlp_attribute_string("order_id", "o-1"),
                                       otlp_attribute_int("items", -2)};
  otlp_log_record record = OTLP_LOG_RECORD_INIT;
  record.time = 1700000000123456789U;
  record.observed_time = 1700000000123456790U;
  record.severity = OTLP_SEVERITY_WARN;
  record.severity_text = S("warn");
  record.body = otlp_value_text(S("order confirmed"));
  record.attributes = attributes;
  record.attribute_count = COUNT_OF(attributes);
  record.event_name = S("order.confirmed");
  const proto_record *seen = emit(&self, &in_a_span, &record);
  assert_int_equal(seen->time_unix_nano, record.time);
  assert_int_equal(seen->observed_time_unix_nano, record.observed_time);
  assert_int_equal(seen->severity_number, 13);
  assert_string_equal(seen->severity_text, "warn");
  assert_string_equal(seen->body->string_value, "order confirmed");
  assert_int_equal(seen->n_attributes, 2);
  assert_string_equal(seen->attributes[0]->key, "order_id");
  assert_string_equal(seen->attributes[0]->value->string_value, "o-1");
  assert_int_equal(seen->attributes[1]->value->int_value, -2);
  assert_string_equal(seen->event_name, "order.confirmed");
  assert_int_equal(seen->flags, 3);
  assert_int_equal(seen->trace_id.len, OTLP_TRACE_ID_SIZE);
  assert_memory_equal(seen->trace_id.data, in_a_span.span.trace_id, OTLP_TRACE_ID_SIZE);
  assert_int_equal(seen->span_id.len, OTLP_SPAN_ID_SIZE);
  assert_memory_equal(seen->span_id.data, in_a_span.span.span_id, OTLP_SPAN_ID_SIZE);
  stop(&self);
}

/* An empty record would be refused, or claim a time, a trace or a severity that there is not. */
static void test_what_is_not_given_is_left_out(void **state) {
  (void)state;
  logging self = start(NULL);
  otlp_log_record record = OTLP_LOG_RECORD_INIT;
  record.severity = (otlp_severity)25;
  const proto_record *seen = emit(&self, NULL, &record);
  assert_int_equal(seen->time_unix_nano, 0);
  assert_true(seen->observed_time_unix_nano > 1700000000000000000U); /* now */
  assert_int_equal(seen->severity_number, 0);
  assert_null(seen->body);
  assert_int_equal(seen->trace_id.len, 0);
  assert_int_equal(seen->span_id.len, 0);
  stop(&self);
}

/* Collectors would refuse the batch for one record's bytes; structured bodies would be lost. */
static void test_bodies_of_every_type(void **state) {
  (void)state;
  logging self = start(NULL);
  const int64_t integers[] = {1, -1};
  otlp_log_record record = OTLP_LOG_RECORD_INIT;
  record.body = otlp_value_text(S("caf\xe9"));
  const proto_record *seen = emit(&self, NULL, &record);
  assert_int_equal(seen->body->value_case,
                   OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_BYTES_VALUE);
  assert_int_equal(seen->body->bytes_value.len, 4);
  record.body = otlp_value_number(2.5);
  seen = emit(&self, NULL, &record);
  assert_true(seen->body->double_value == 2.5);
  record.body = otlp_value_boolean(true);
  seen = emit(&self, NULL, &record);
  assert_true(seen->body->bool_value);
  record.body = (otlp_value){.type = OTLP_VALUE_INT_ARRAY, .count = 2, .as.integers = integers};
  seen = emit(&self, NULL, &record);
  assert_int_equal(seen->body->array_value->n_values, 2);
  assert_int_equal(seen->body->array_value->values[1]->int_value, -1);
  stop(&self);
}

/* Records could grow without bound; or a long message, which is no attribute, would be cut. */
static void test_limits_hold_for_attributes_not_for_the_body(void **state) {
  (void)state;
  otlp_logger_provider_options options = OTLP_LOGGER_PROVIDER_OPTIONS_INIT;
  options.limits = (otlp_log_record_limits){2, 3};
  logging self = start(&options);
  const otlp_attribute attributes[] = {
      otlp_attribute_string("a", "first"), otlp_attribute_string("b", "12345"),
      otlp_attribute_string("a", "x"),     otlp_attribute_string("c", "beyond"),
      otlp_attribute_string("", "no key"),
  };
  otlp_log_record record = OTLP_LOG_RECORD_INIT;
  record.body = otlp_value_text(S("a long message"));
  record.attributes = attributes;
  record.attribute_count = COUNT_OF(attributes);
  const proto_record *seen = emit(&self, NULL, &record);
  assert_string_equal(seen->body->string_value, "a long message");
  assert_int_equal(seen->n_attributes, 2);
  assert_string_equal(seen->attributes[0]->value->string_value, "123");
  assert_string_equal(seen->attributes[1]->value->string_value, "x");
  assert_int_equal(seen->dropped_attributes_count, 2);
  stop(&self);
}

/* A record larger than the memory at hand would be lost. */
static void test_large_records(void **state) {
  (void)state;
  logging self = start(NULL);
  static char text[100000];
  memset(text, 'x', sizeof(text) - 1);
  otlp_log_record record = OTLP_LOG_RECORD_INIT;
  record.body = otlp_value_text(S(text));
  const proto_record *seen = emit(&self, &in_a_span, &record);
  assert_int_equal(strlen(seen->body->string_value), sizeof(text) - 1);
  stop(&self);
}

/* Log records of traces that are not sampled are wanted all the same. */
static void test_records_do_not_depend_on_sampling(void **state) {
  (void)state;
  logging self = start(NULL);
  otlp_context not_sampled = in_a_span;
  not_sampled.span.trace_flags = 0;
  otlp_log_record record = OTLP_LOG_RECORD_INIT;
  const proto_record *seen = emit(&self, &not_sampled, &record);
  assert_int_equal(seen->trace_id.len, OTLP_TRACE_ID_SIZE);
  assert_int_equal(seen->flags, 0);
  stop(&self);
}

/* A processor that redacts: what it changes is what is exported. */
typedef struct redactor {
  otlp_processor base;
  size_t items;
} redactor;

static void redact(otlp_processor *self, otlp_log_record *record, const otlp_context *context) {
  (void)self;
  assert_non_null(context);
  record->body = otlp_value_text(S("redacted"));
  record->attribute_count = 0;
}

static void count_item(otlp_processor *self, const otlp_item *item) {
  assert_int_equal(item->signal, OTLP_SIGNAL_LOGS);
  assert_int_equal(item->frame.data[0], 0x12);
  ((redactor *)self)->items++;
}

static otlp_result at_once(otlp_processor *self, int64_t timeout_ms) {
  (void)self;
  (void)timeout_ms;
  return OTLP_OK;
}

static void keep(otlp_processor *self) {
  (void)self;
}

static const otlp_processor_vtable redacting = {.name = "redactor",
                                                .on_emit = redact,
                                                .on_item = count_item,
                                                .force_flush = at_once,
                                                .shutdown = at_once,
                                                .destroy = keep};

/* Secrets could not be taken out before records leave the process. */
static void test_processors_may_change_records(void **state) {
  (void)state;
  redactor own = {.base.vtable = &redacting};
  otlp_logger_provider_options options = OTLP_LOGGER_PROVIDER_OPTIONS_INIT;
  options.processors[options.processor_count++] = &own.base;
  logging self = start(&options);
  const otlp_attribute secret = otlp_attribute_string("password", "secret");
  otlp_log_record record = OTLP_LOG_RECORD_INIT;
  record.body = otlp_value_text(S("secret"));
  record.attributes = &secret;
  record.attribute_count = 1;
  const proto_record *seen = emit(&self, NULL, &record);
  assert_string_equal(seen->body->string_value, "redacted");
  assert_int_equal(seen->n_attributes, 0);
  assert_int_equal(own.items, 1);
  assert_text_equal(record.body.as.string, "secret"); /* the caller's own is untouched */
  stop(&self);
}

static bool wants_errors(otlp_processor *self, const otlp_log_query *query) {
  (void)self;
  return query->severity >= OTLP_SEVERITY_ERROR;
}

/* Work would be spent on records that nobody wants. */
static void test_processors_may_say_that_they_want_no_record(void **state) {
  (void)state;
  otlp_processor_vtable picky = redacting;
  picky.wants_log = wants_errors;
  redactor own = {.base.vtable = &picky};
  otlp_logger_provider_options options = OTLP_LOGGER_PROVIDER_OPTIONS_INIT;
  options.processors[options.processor_count++] = &own.base;
  otlp_logger_provider *alone = otlp_logger_provider_new(&options);
  const otlp_logger *logger = otlp_logger_provider_get_logger(alone, NULL);
  otlp_log_query query = {.context = &in_a_span, .severity = OTLP_SEVERITY_INFO};
  assert_false(otlp_logger_enabled(logger, &query));
  assert_false(otlp_logger_enabled(logger, NULL));
  query.severity = OTLP_SEVERITY_FATAL;
  assert_true(otlp_logger_enabled(logger, &query));
  otlp_logger_provider_destroy(alone);
  logging self = start(&options); /* with one that wants all */
  query.severity = OTLP_SEVERITY_INFO;
  assert_true(otlp_logger_enabled(self.logger, &query));
  stop(&self);
}

/* Loggers would multiply with every look-up, and batches with them. */
static void test_one_logger_per_scope(void **state) {
  (void)state;
  logging self = start(NULL);
  const otlp_scope same = {.name = S("test.scope"), .version = S("1.2.3")};
  const otlp_scope other = {.name = S("other")};
  assert_ptr_equal(otlp_logger_provider_get_logger(self.provider, &same), self.logger);
  assert_ptr_not_equal(otlp_logger_provider_get_logger(self.provider, &other), self.logger);
  otlp_log_record record = OTLP_LOG_RECORD_INIT;
  emit(&self, NULL, &record);
  otlp_memory_item kept = otlp_memory_exporter_get(self.memory, 0);
  Opentelemetry__Proto__Logs__V1__ScopeLogs *scope =
      opentelemetry__proto__logs__v1__scope_logs__unpack(NULL, kept.scope.size, kept.scope.data);
  assert_string_equal(scope->scope->name, "test.scope");
  opentelemetry__proto__logs__v1__scope_logs__free_unpacked(scope, NULL);
  stop(&self);
}

/* What is lost could not be told from what was never there. */
static void test_counters_and_shutdown(void **state) {
  (void)state;
  logging self = start(NULL);
  otlp_log_record record = OTLP_LOG_RECORD_INIT;
  emit(&self, NULL, &record);
  emit(&self, NULL, &record);
  otlp_stats stats;
  otlp_logger_provider_get_stats(self.provider, &stats);
  assert_int_equal(stats.started, 2);
  assert_int_equal(stats.exported, 2);
  assert_int_equal(otlp_stats_dropped(&stats), 0);
  assert_int_equal(otlp_logger_provider_force_flush(self.provider, 1000), OTLP_OK);
  assert_int_equal(otlp_logger_provider_shutdown(self.provider, 1000), OTLP_OK);
  assert_int_equal(otlp_logger_provider_shutdown(self.provider, 1000), OTLP_FAILED);
  assert_false(otlp_logger_enabled(self.logger, NULL));
  otlp_logger_emit(self.logger, NULL, &record);
  assert_int_equal(otlp_memory_exporter_count(self.memory), 2);
  stop(&self);
}

/* A program without logging set up would crash. */
static void test_nothing_set_up(void **state) {
  (void)state;
  otlp_log_record record = OTLP_LOG_RECORD_INIT;
  otlp_stats stats;
  otlp_logger *logger = otlp_logger_provider_get_logger(NULL, NULL);
  assert_false(otlp_logger_enabled(logger, NULL));
  otlp_logger_emit(logger, &in_a_span, &record);
  otlp_logger_provider_get_stats(NULL, &stats);
  assert_int_equal(stats.started, 0);
  assert_int_equal(otlp_logger_provider_force_flush(NULL, 0), OTLP_OK);
  assert_int_equal(otlp_logger_provider_shutdown(NULL, 0), OTLP_OK);
  otlp_logger_provider_destroy(NULL);
}

/* The specification's variables would be ignored. */
static void test_limits_from_the_environment(void **state) {
  (void)state;
  otlp_log_record_limits limits = otlp_log_record_limits_from_environment();
  assert_int_equal(limits.attribute_count, 128);
  assert_int_equal(limits.attribute_value_length, UINT32_MAX);
  setenv("OTEL_ATTRIBUTE_COUNT_LIMIT", "7", 1);
  setenv("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "8", 1);
  setenv("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", "9", 1);
  limits = otlp_log_record_limits_from_environment();
  assert_int_equal(limits.attribute_count, 7);
  assert_int_equal(limits.attribute_value_length, 9);
  setenv("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", "0", 1);
  limits = otlp_log_record_limits_from_environment();
  assert_int_equal(limits.attribute_count, 0);
}

static void be_silent(otlp_log_level level, const char *message, void *data) {
  (void)level;
  (void)message;
  (void)data;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_field_is_encoded),
      cmocka_unit_test(test_what_is_not_given_is_left_out),
      cmocka_unit_test(test_bodies_of_every_type),
      cmocka_unit_test(test_limits_hold_for_attributes_not_for_the_body),
      cmocka_unit_test(test_large_records),
      cmocka_unit_test(test_records_do_not_depend_on_sampling),
      cmocka_unit_test(test_processors_may_change_records),
      cmocka_unit_test(test_processors_may_say_that_they_want_no_record),
      cmocka_unit_test(test_one_logger_per_scope),
      cmocka_unit_test(test_counters_and_shutdown),
      cmocka_unit_test(test_nothing_set_up),
      cmocka_unit_test(test_limits_from_the_environment),
  };
  otlp_set_log_handler(be_silent, NULL);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
