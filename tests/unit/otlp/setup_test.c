/* SPDX-License-Identifier: Apache-2.0 */
/* One call from the OTEL_* variables to a provider. No network: nothing is exported over it here.
 */
#include "tracing.h"

#include <otlp/log.h>

#include <stdio.h>

static const char *const variables[] = {
    "OTEL_SDK_DISABLED",        "OTEL_TRACES_EXPORTER",        "OTEL_PROPAGATORS",
    "OTEL_RESOURCE_ATTRIBUTES", "OTEL_SERVICE_NAME",           "OTEL_TRACES_SAMPLER",
    "OTEL_TRACES_SAMPLER_ARG",  "OTEL_SPAN_EVENT_COUNT_LIMIT", "OTEL_LOGS_EXPORTER",
};

static char last_message[256];
static int messages;

static void remember(otlp_log_level level, const char *message, void *user_data) {
  (void)level;
  (void)user_data;
  messages++;
  snprintf(last_message, sizeof(last_message), "%s", message);
}

static int clear_environment(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT_OF(variables); i++) {
    unsetenv(variables[i]);
  }
  messages = 0;
  otlp_set_log_handler(remember, NULL);
  setenv("OTEL_TRACES_EXPORTER", "none", 1);
  return 0;
}

/* A set-up with a memory exporter in front, so that spans and their resource can be seen. */
static otlp_exporter *set_up(otlp_setup_options options, otlp_setup *out_sdk) {
  otlp_exporter *memory = otlp_memory_exporter_new();
  options.processors[0] = otlp_simple_processor_new(memory);
  options.processor_count = 1;
  assert_int_equal(otlp_setup_from_environment(&options, out_sdk), OTLP_OK);
  return memory;
}

static Opentelemetry__Proto__Trace__V1__ResourceSpans *export_one(otlp_setup *sdk,
                                                                  otlp_exporter *memory) {
  otlp_tracer *tracer = otlp_tracer_provider_get_tracer(sdk->provider, NULL);
  otlp_span *span = otlp_span_start(tracer, NULL, S("span"), NULL);
  otlp_span_add_event(span, S("event"), 0, NULL, 0);
  otlp_span_end(span);
  assert_int_equal(otlp_memory_exporter_count(memory), 1);
  otlp_memory_item kept = otlp_memory_exporter_get(memory, 0);
  return opentelemetry__proto__trace__v1__resource_spans__unpack(NULL, kept.resource.size,
                                                                 kept.resource.data);
}

static void assert_service_name(otlp_setup_options options, const char *expected) {
  otlp_setup sdk;
  otlp_exporter *memory = set_up(options, &sdk);
  Opentelemetry__Proto__Trace__V1__ResourceSpans *seen = export_one(&sdk, memory);
  assert_non_null(seen);
  assert_string_equal(
      tracing_attribute(seen->resource->attributes, seen->resource->n_attributes, "service.name")
          ->string_value,
      expected);
  opentelemetry__proto__trace__v1__resource_spans__free_unpacked(seen, NULL);
  assert_int_equal(otlp_setup_clean_up(&sdk, 1000), OTLP_OK);
}

/* Who names the service: the code's attribute, the environment, the code's default, the program. */
static void test_service_name_precedence(void **state) {
  (void)state;
  otlp_setup_options options = OTLP_SETUP_OPTIONS_INIT;
  assert_service_name(options, "unknown_service:test-unit-otlp-setup");
  options.service_name = S("from-code");
  assert_service_name(options, "from-code");
  setenv("OTEL_RESOURCE_ATTRIBUTES", "service.name=from-attributes,a=b", 1);
  assert_service_name(options, "from-attributes");
  setenv("OTEL_SERVICE_NAME", "from-variable", 1);
  assert_service_name(options, "from-variable");
  const otlp_attribute attribute = otlp_attribute_string("service.name", "insisted-on");
  options.attributes = &attribute;
  options.attribute_count = 1;
  assert_service_name(options, "insisted-on");
}

/* What every resource must have, and what the detectors add. */
static void test_the_resource_is_complete(void **state) {
  (void)state;
  static const char *const keys[] = {
      "service.name",
      "service.version",
      "service.instance.id",
      "telemetry.sdk.name",
      "telemetry.sdk.language",
      "telemetry.sdk.version",
      "process.pid",
      "host.name",
  };
  otlp_setup_options options = OTLP_SETUP_OPTIONS_INIT;
  options.service_version = S("9.9");
  otlp_setup sdk;
  otlp_exporter *memory = set_up(options, &sdk);
  Opentelemetry__Proto__Trace__V1__ResourceSpans *seen = export_one(&sdk, memory);
  for (size_t i = 0; i < COUNT_OF(keys); i++) {
    tracing_attribute(seen->resource->attributes, seen->resource->n_attributes, keys[i]);
  }
  assert_true(strlen(seen->schema_url) > 0);
  opentelemetry__proto__trace__v1__resource_spans__free_unpacked(seen, NULL);
  otlp_setup_clean_up(&sdk, 1000);
}

/* OTEL_SDK_DISABLED: nothing records, the processors given are freed, contexts still travel. */
static void test_disabled(void **state) {
  (void)state;
  setenv("OTEL_SDK_DISABLED", "True", 1);
  otlp_setup_options options = OTLP_SETUP_OPTIONS_INIT;
  options.processors[0] = otlp_simple_processor_new(otlp_null_exporter_new());
  options.processor_count = 1;
  otlp_setup sdk;
  assert_int_equal(otlp_setup_from_environment(&options, &sdk), OTLP_OK);
  assert_null(sdk.provider);
  assert_int_equal(sdk.propagators.count, 2);
  assert_int_equal(otlp_setup_clean_up(&sdk, 1000), OTLP_OK);
}

/* No exporter and no processor: the same, by other means. */
static void test_exporter_none(void **state) {
  (void)state;
  otlp_setup sdk;
  assert_int_equal(otlp_setup_from_environment(NULL, &sdk), OTLP_OK);
  otlp_tracer *tracer = otlp_tracer_provider_get_tracer(sdk.provider, NULL);
  assert_false(otlp_tracer_enabled(tracer));
  assert_int_equal(messages, 0);
  otlp_setup_clean_up(&sdk, 1000);
}

/* The default exporter is made without a connection: a program starts without a collector. */
static void test_exporter_otlp_is_the_default(void **state) {
  (void)state;
  unsetenv("OTEL_TRACES_EXPORTER");
  otlp_setup sdk;
  assert_int_equal(otlp_setup_from_environment(NULL, &sdk), OTLP_OK);
  assert_true(otlp_tracer_enabled(otlp_tracer_provider_get_tracer(sdk.provider, NULL)));
  assert_int_equal(otlp_setup_clean_up(&sdk, 1000), OTLP_OK);
}

/* Unknown exporters are warned about by name and ignored; known ones next to them are used. */
static void test_unknown_exporters_are_ignored(void **state) {
  (void)state;
  setenv("OTEL_TRACES_EXPORTER", "zipkin, CONSOLE", 1);
  otlp_setup sdk;
  assert_int_equal(otlp_setup_from_environment(NULL, &sdk), OTLP_OK);
  assert_int_equal(messages, 1);
  assert_non_null(strstr(last_message, "zipkin"));
  assert_true(otlp_tracer_enabled(otlp_tracer_provider_get_tracer(sdk.provider, NULL)));
  otlp_setup_clean_up(&sdk, 1000);
}

/* A variable that names nothing known must be as good as unset, or a typo costs all spans. */
static void test_a_typo_means_the_default(void **state) {
  (void)state;
  setenv("OTEL_TRACES_EXPORTER", "oltp,", 1);
  otlp_setup sdk;
  assert_int_equal(otlp_setup_from_environment(NULL, &sdk), OTLP_OK);
  assert_int_equal(messages, 1);
  assert_true(otlp_tracer_enabled(otlp_tracer_provider_get_tracer(sdk.provider, NULL)));
  otlp_setup_clean_up(&sdk, 1000);
}

/* The sampler and the limits of the environment are the provider's. */
static void test_sampler_and_limits_are_used(void **state) {
  (void)state;
  setenv("OTEL_SPAN_EVENT_COUNT_LIMIT", "0", 1);
  otlp_setup_options options = OTLP_SETUP_OPTIONS_INIT;
  otlp_setup sdk;
  otlp_exporter *memory = set_up(options, &sdk);
  Opentelemetry__Proto__Trace__V1__ResourceSpans *resource = export_one(&sdk, memory);
  opentelemetry__proto__trace__v1__resource_spans__free_unpacked(resource, NULL);
  otlp_memory_item kept = otlp_memory_exporter_get(memory, 0);
  proto_span *seen =
      opentelemetry__proto__trace__v1__span__unpack(NULL, kept.message.size, kept.message.data);
  assert_int_equal(seen->dropped_events_count, 1);
  opentelemetry__proto__trace__v1__span__free_unpacked(seen, NULL);
  otlp_setup_clean_up(&sdk, 1000);

  setenv("OTEL_TRACES_SAMPLER", "always_off", 1);
  memory = set_up(options, &sdk);
  otlp_tracer *tracer = otlp_tracer_provider_get_tracer(sdk.provider, NULL);
  otlp_span *span = otlp_span_start(tracer, NULL, S("span"), NULL);
  assert_false(otlp_span_is_recording(span));
  otlp_span_end(span);
  otlp_setup_clean_up(&sdk, 1000);
}

/* Every program would start to send its log, or none could. */
static void test_log_records_leave_only_when_asked_for(void **state) {
  (void)state;
  otlp_setup sdk;
  assert_int_equal(otlp_setup_from_environment(NULL, &sdk), OTLP_OK);
  assert_null(sdk.logger_provider);
  assert_int_equal(otlp_setup_clean_up(&sdk, 1000), OTLP_OK);
  setenv("OTEL_LOGS_EXPORTER", "otlp", 1);
  assert_int_equal(otlp_setup_from_environment(NULL, &sdk), OTLP_OK);
  assert_true(
      otlp_logger_enabled(otlp_logger_provider_get_logger(sdk.logger_provider, NULL), NULL));
  assert_int_equal(otlp_setup_clean_up(&sdk, 1000), OTLP_OK);
  assert_null(sdk.logger_provider);
  setenv("OTEL_SDK_DISABLED", "true", 1);
  assert_int_equal(otlp_setup_from_environment(NULL, &sdk), OTLP_OK);
  assert_null(sdk.logger_provider);
  assert_int_equal(messages, 0);
}

/* A mistyped exporter would silently mean none. */
static void test_an_unknown_logs_exporter_is_named(void **state) {
  (void)state;
  otlp_setup sdk;
  setenv("OTEL_LOGS_EXPORTER", "syslog", 1);
  assert_int_equal(otlp_setup_from_environment(NULL, &sdk), OTLP_OK);
  assert_null(sdk.logger_provider);
  assert_non_null(strstr(last_message, "OTEL_LOGS_EXPORTER: 'syslog'"));
  otlp_setup_clean_up(&sdk, 1000);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(test_service_name_precedence, clear_environment),
      cmocka_unit_test_setup(test_the_resource_is_complete, clear_environment),
      cmocka_unit_test_setup(test_disabled, clear_environment),
      cmocka_unit_test_setup(test_exporter_none, clear_environment),
      cmocka_unit_test_setup(test_exporter_otlp_is_the_default, clear_environment),
      cmocka_unit_test_setup(test_unknown_exporters_are_ignored, clear_environment),
      cmocka_unit_test_setup(test_a_typo_means_the_default, clear_environment),
      cmocka_unit_test_setup(test_sampler_and_limits_are_used, clear_environment),
      cmocka_unit_test_setup(test_log_records_leave_only_when_asked_for, clear_environment),
      cmocka_unit_test_setup(test_an_unknown_logs_exporter_is_named, clear_environment),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
