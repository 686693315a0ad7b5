/* SPDX-License-Identifier: Apache-2.0 */
/* The built-in samplers, samplers of the user's, and the variables that choose one. */
#include "tracing.h"

#include <otlp/log.h>
#include <otlp/trace_state.h>

#include <math.h>

static int warnings;

static void count_warnings(otlp_log_level level, const char *message, void *user_data) {
  (void)message;
  (void)user_data;
  warnings += level == OTLP_LOG_WARN ? 1 : 0;
}

/* A trace id whose right-most 7 bytes are `part` of 2^56. */
static void set_trace_id(uint8_t trace_id[OTLP_TRACE_ID_SIZE], uint64_t part) {
  memset(trace_id, 0xEE, OTLP_TRACE_ID_SIZE);
  for (int i = 0; i < 7; i++) {
    trace_id[15 - i] = (uint8_t)(part >> (8 * i));
  }
}

static otlp_context parent_of(bool is_remote, bool is_sampled) {
  otlp_context parent;
  memset(&parent, 0, sizeof(parent));
  memset(parent.span.trace_id, 1, OTLP_TRACE_ID_SIZE);
  memset(parent.span.span_id, 2, OTLP_SPAN_ID_SIZE);
  parent.span.is_remote = is_remote;
  parent.span.trace_flags = is_sampled ? OTLP_TRACE_FLAG_SAMPLED : 0;
  return parent;
}

static bool samples(const otlp_sampler *sampler, const otlp_context *parent,
                    const uint8_t *trace_id) {
  otlp_sampling_input input = {.parent = parent, .trace_id = trace_id, .name = S("span")};
  otlp_sampling_result result = {.decision = OTLP_SAMPLING_DROP};
  sampler->vtable->should_sample(sampler, &input, &result);
  return result.decision == OTLP_SAMPLING_RECORD_AND_SAMPLE;
}

/* The decision is the trace id's alone: exact at the threshold, and monotone in the ratio. */
static void test_trace_id_ratio(void **state) {
  (void)state;
  static const struct {
    double ratio;
    uint64_t part;
    bool is_sampled;
  } cases[] = {
      {0, 0, false},
      {1, (UINT64_C(1) << 56) - 1, true},
      {0.5, (UINT64_C(1) << 55) - 1, true},
      {0.5, UINT64_C(1) << 55, false},
      {0.25, (UINT64_C(1) << 54) - 1, true},
      {0.25, UINT64_C(1) << 54, false},
      {-1, 0, false},
      {7, (UINT64_C(1) << 56) - 1, true},
      {NAN, 0, false},
  };
  otlp_context root;
  memset(&root, 0, sizeof(root));
  otlp_context not_sampled = parent_of(true, false);
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    otlp_sampler *sampler = otlp_sampler_trace_id_ratio(cases[i].ratio);
    uint8_t trace_id[OTLP_TRACE_ID_SIZE];
    set_trace_id(trace_id, cases[i].part);
    assert_true(samples(sampler, &root, trace_id) == cases[i].is_sampled);
    assert_true(samples(sampler, &not_sampled, trace_id) == cases[i].is_sampled);
    otlp_sampler_destroy(sampler);
  }
}

/* Descriptions are part of the specification; viewers show them. */
static void test_descriptions(void **state) {
  (void)state;
  otlp_sampler *ratio = otlp_sampler_trace_id_ratio(0.0001);
  assert_string_equal(ratio->vtable->description(ratio), "TraceIdRatioBased{0.000100}");
  otlp_sampler *parent_based =
      otlp_sampler_parent_based(&(otlp_parent_based_options){.root = ratio});
  assert_string_equal(parent_based->vtable->description(parent_based),
                      "ParentBased{root=TraceIdRatioBased{0.000100},"
                      "remoteParentSampled=AlwaysOnSampler,"
                      "remoteParentNotSampled=AlwaysOffSampler,"
                      "localParentSampled=AlwaysOnSampler,"
                      "localParentNotSampled=AlwaysOffSampler}");
  otlp_sampler_destroy(parent_based);
  otlp_sampler_destroy(NULL);
}

/* Each of the five situations asks its own delegate. */
static void test_parent_based(void **state) {
  (void)state;
  uint8_t trace_id[OTLP_TRACE_ID_SIZE];
  set_trace_id(trace_id, 1);
  otlp_context parents[5];
  memset(parents, 0, sizeof(parents));
  parents[1] = parent_of(true, true);
  parents[2] = parent_of(true, false);
  parents[3] = parent_of(false, true);
  parents[4] = parent_of(false, false);
  static const bool by_default[5] = {true, true, false, true, false};
  otlp_sampler *defaults = otlp_sampler_parent_based(NULL);
  otlp_sampler *on = otlp_sampler_always_on();
  otlp_sampler *off = otlp_sampler_always_off();
  for (size_t chosen = 0; chosen < 5; chosen++) {
    assert_true(samples(defaults, &parents[chosen], trace_id) == by_default[chosen]);
    otlp_parent_based_options options = {off, off, off, off, off};
    otlp_sampler **delegates[5] = {
        &options.root, &options.remote_parent_sampled, &options.remote_parent_not_sampled,
        &options.local_parent_sampled, &options.local_parent_not_sampled};
    *delegates[chosen] = on;
    otlp_sampler *only_one = otlp_sampler_parent_based(&options);
    for (size_t i = 0; i < 5; i++) {
      assert_true(samples(only_one, &parents[i], trace_id) == (i == chosen));
    }
    otlp_sampler_destroy(only_one);
  }
  otlp_sampler_destroy(defaults);
}

/* A sampler of the user's that sees everything, adds attributes and changes the trace state. */
static void sample_and_tell(const otlp_sampler *self, const otlp_sampling_input *input,
                            otlp_sampling_result *out_result) {
  (void)self;
  static const otlp_attribute added = {{"sampler.rate", 12}, {OTLP_VALUE_INT, 1, {.integer = 7}}};
  assert_text_equal(input->name, "span");
  assert_int_equal(input->kind, OTLP_SPAN_KIND_SERVER);
  assert_int_equal(input->attribute_count, 1);
  assert_int_equal(input->link_count, 1);
  assert_text_equal(otlp_trace_state_text(out_result->trace_state), "a=1");
  out_result->decision = OTLP_SAMPLING_RECORD_AND_SAMPLE;
  out_result->attributes = &added;
  out_result->attribute_count = 1;
  out_result->trace_state = otlp_trace_state_set(out_result->trace_state, S("s"), S("1"));
  out_result->owns_trace_state = true;
}

static const char *describe(const otlp_sampler *self) {
  (void)self;
  return "custom";
}

static void keep(otlp_sampler *self) {
  (void)self;
}

static void test_a_custom_sampler(void **state) {
  (void)state;
  static const otlp_sampler_vtable vtable = {sample_and_tell, describe, keep};
  otlp_sampler custom = {&vtable};
  otlp_tracer_provider_options options = tracing_options();
  options.sampler = &custom;
  tracing t = tracing_start(&options);
  otlp_context parent = parent_of(true, false);
  otlp_trace_state *trace_state = otlp_trace_state_parse(S("a=1"));
  parent.span.trace_state = trace_state;
  const otlp_attribute attribute = otlp_attribute_int("n", 1);
  otlp_link link = {.context = parent.span};
  otlp_span_options start = {.kind = OTLP_SPAN_KIND_SERVER,
                             .attributes = &attribute,
                             .attribute_count = 1,
                             .links = &link,
                             .link_count = 1};
  otlp_span_end(otlp_span_start(t.tracer, &parent, S("span"), &start));
  const proto_span *seen = tracing_span(&t, 0);
  assert_string_equal(seen->trace_state, "s=1,a=1");
  assert_int_equal(seen->flags & 1, 1);
  assert_true(tracing_attribute(seen->attributes, seen->n_attributes, "sampler.rate")->int_value ==
              7);
  otlp_trace_state_release(trace_state);
  tracing_stop(&t);
}

/* The variables, the default, and what makes no sense. */
static void test_environment(void **state) {
  (void)state;
  static const struct {
    const char *name;
    const char *argument;
    const char *description;
    int warnings;
  } cases[] = {
      {"", "", "ParentBased{root=AlwaysOnSampler", 0},
      {"always_on", "", "AlwaysOnSampler", 0},
      {"ALWAYS_OFF", "", "AlwaysOffSampler", 0},
      {"traceidratio", "0.25", "TraceIdRatioBased{0.250000}", 0},
      {"traceidratio", "", "TraceIdRatioBased{1.000000}", 0},
      {"traceidratio", "1", "TraceIdRatioBased{1.000000}", 0},
      {"traceidratio", "0", "TraceIdRatioBased{0.000000}", 0},
      {"traceidratio", "1.5", "TraceIdRatioBased{1.000000}", 1},
      {"traceidratio", "-0.1", "TraceIdRatioBased{1.000000}", 1},
      {"traceidratio", "half", "TraceIdRatioBased{1.000000}", 1},
      {"traceidratio", "nan", "TraceIdRatioBased{1.000000}", 1},
      {"parentbased_always_on", "", "ParentBased{root=AlwaysOnSampler", 0},
      {"parentbased_always_off", "", "ParentBased{root=AlwaysOffSampler", 0},
      {"parentbased_traceidratio", "0.5", "ParentBased{root=TraceIdRatioBased{0.500000}", 0},
      {"jaeger_remote", "", "ParentBased{root=AlwaysOnSampler", 1},
  };
  otlp_set_log_handler(count_warnings, NULL);
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    warnings = 0;
    setenv("OTEL_TRACES_SAMPLER", cases[i].name, 1);
    setenv("OTEL_TRACES_SAMPLER_ARG", cases[i].argument, 1);
    otlp_sampler *sampler = otlp_sampler_from_environment();
    const char *description = sampler->vtable->description(sampler);
    assert_int_equal(strncmp(description, cases[i].description, strlen(cases[i].description)), 0);
    assert_int_equal(warnings, cases[i].warnings);
    otlp_sampler_destroy(sampler);
  }
  otlp_set_log_handler(NULL, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_trace_id_ratio), cmocka_unit_test(test_descriptions),
      cmocka_unit_test(test_parent_based),   cmocka_unit_test(test_a_custom_sampler),
      cmocka_unit_test(test_environment),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
