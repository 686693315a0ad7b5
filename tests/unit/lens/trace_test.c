/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"
#include "trace.h"

#include <stdlib.h>
#include <string.h>

/* A trace and what it needs, filled by walking a request. */
typedef struct fixture {
  lens_labels labels;
  lens_tape tape;
  lens_trace *trace;
  lens_label *resource;
  lens_label *scopes[256]; /* of all spans */
  size_t scope_count;
} fixture;

static void enter_resource(void *self, const lens_origin *origin) {
  fixture *fix = self;
  lens_labels_release(&fix->labels, fix->resource);
  fix->resource = lens_labels_resource(&fix->labels, origin);
}

static void enter_scope(void *self, const lens_origin *origin) {
  fixture *fix = self;
  assert_true(fix->scope_count < COUNT_OF(fix->scopes));
  fix->scopes[fix->scope_count++] = lens_labels_scope(&fix->labels, fix->resource, origin);
}

static void take_span(void *self, lens_bytes bytes) {
  fixture *fix = self;
  lens_span_view view = lens_span_view_of(bytes);
  lens_new_span span = {bytes, &view, fix->scopes[fix->scope_count - 1], view.span_id.data[7]};
  lens_trace_add(fix->trace, &fix->tape, &span);
}

static void fill(fixture *fix, const sample_span *spans, size_t count) {
  lens_buffer request = sample_request(spans, count);
  lens_visitor visitor = {enter_resource, enter_scope, take_span, fix};
  lens_otlp_walk(lens_buffer_bytes(&request), &visitor);
  lens_buffer_clean_up(&request);
}

static int set_up(void **state) {
  fixture *fix = lens_alloc(sizeof(*fix));
  lens_labels_init(&fix->labels, 1);
  lens_tape_init(&fix->tape, 4096);
  fix->trace = lens_trace_new(&fix->tape, sample_trace_id(1));
  *state = fix;
  return 0;
}

static int tear_down(void **state) {
  fixture *fix = *state;
  for (size_t i = 0; i < fix->scope_count; i++) {
    lens_labels_release(&fix->labels, fix->scopes[i]);
  }
  lens_labels_release(&fix->labels, fix->resource);
  lens_labels_clean_up(&fix->labels);
  lens_tape_clean_up(&fix->tape);
  free(fix);
  return 0;
}

/* Spans of one service that came in several requests would be scattered over many resources. */
static void spans_are_grouped_by_service_in_order_of_arrival(void **state) {
  fixture *fix = *state;
  static const sample_span spans[] = {{.service = "a", .name = "1", .trace = 1, .id = 1},
                                      {.service = "b", .name = "2", .trace = 1, .id = 2},
                                      {.service = "a", .name = "3", .trace = 1, .id = 3},
                                      {.service = "b", .name = "4", .trace = 1, .id = 4}};
  fill(fix, spans, COUNT_OF(spans));
  lens_buffer out = {0};
  lens_trace_encode(fix->trace, &out);
  Opentelemetry__Proto__Trace__V1__TracesData *traces = sample_unpack(lens_buffer_bytes(&out));
  assert_int_equal(traces->n_resource_spans, 2);
  for (size_t i = 0; i < 2; i++) {
    const Opentelemetry__Proto__Trace__V1__ResourceSpans *group = traces->resource_spans[i];
    assert_string_equal(group->resource->attributes[0]->value->string_value, i == 0 ? "a" : "b");
    assert_int_equal(group->n_scope_spans, 1);
    assert_string_equal(group->scope_spans[0]->scope->name, "sample");
    assert_int_equal(group->scope_spans[0]->n_spans, 2);
    assert_string_equal(group->scope_spans[0]->spans[0]->name, i == 0 ? "1" : "2");
    assert_string_equal(group->scope_spans[0]->spans[1]->name, i == 0 ? "3" : "4");
  }
  sample_free(traces);
  lens_buffer_clean_up(&out);
}

/* Grafana's data source crashes on a span without a status. */
static void a_span_always_has_a_status(void **state) {
  fixture *fix = *state;
  static const sample_span spans[] = {
      {.service = "a", .name = "none", .trace = 1, .id = 1},
      {.service = "a", .name = "set", .trace = 1, .id = 2, .status_code = 1}};
  fill(fix, spans, COUNT_OF(spans));
  lens_buffer out = {0};
  lens_trace_encode(fix->trace, &out);
  Opentelemetry__Proto__Trace__V1__TracesData *traces = sample_unpack(lens_buffer_bytes(&out));
  Opentelemetry__Proto__Trace__V1__Span **got = traces->resource_spans[0]->scope_spans[0]->spans;
  assert_non_null(got[0]->status);
  assert_int_equal(got[0]->status->code, 0);
  assert_int_equal(got[1]->status->code, 1);
  sample_free(traces);
  lens_buffer_clean_up(&out);
}

/* The list would show a trace under the name of any of its spans. */
static void the_root_is_the_earliest_without_parent_else_the_earliest(void **state) {
  fixture *fix = *state;
  static const sample_span spans[] = {
      {.service = "a", .trace = 1, .id = 1, .parent = 9, .start = 50, .end = 60},
      {.service = "a", .trace = 1, .id = 2, .parent = 9, .start = 40, .end = 90},
      {.service = "a", .trace = 1, .id = 3, .start = 45, .end = 70, .status_code = 2},
      {.service = "a", .trace = 1, .id = 4, .start = 42, .end = 70},
      {.service = "a", .trace = 1, .id = 5, .parent = 4, .start = 10, .end = 70}};
  static const uint8_t expected[] = {1, 2, 3, 4, 4};
  for (size_t i = 0; i < COUNT_OF(spans); i++) {
    fill(fix, &spans[i], 1);
    const lens_span *root = fix->trace->root;
    lens_span_view view = lens_span_view_of((lens_bytes){root->bytes, root->size});
    assert_int_equal(view.span_id.data[LENS_SPAN_ID_SIZE - 1], expected[i]);
    assert_int_equal(fix->trace->has_root, i >= 2);
  }
  assert_int_equal(fix->trace->start_unix_nanos, 10);
  assert_int_equal(fix->trace->end_unix_nanos, 90);
  assert_int_equal(fix->trace->span_count, 5);
  assert_int_equal(fix->trace->error_count, 1);
}

/* A span that comes again would be there twice. */
static void a_key_is_there_once(void **state) {
  fixture *fix = *state;
  static const sample_span spans[] = {{.service = "a", .trace = 1, .id = 1},
                                      {.service = "a", .trace = 1, .id = 1}};
  fill(fix, spans, COUNT_OF(spans));
  assert_int_equal(fix->trace->span_count, 1);
}

/* A trace could take the whole store unseen. */
static void memory_counts_every_span(void **state) {
  fixture *fix = *state;
  size_t before = fix->trace->memory;
  size_t spans_size = 0;
  for (uint64_t i = 1; i <= 200; i++) {
    sample_span span = {.service = "a", .name = "n", .trace = 1, .id = i};
    fill(fix, &span, 1);
    spans_size += sizeof(lens_span) + fix->trace->last->size;
  }
  size_t keys_size = fix->trace->keys.slot_count * sizeof(uint64_t);
  assert_true(fix->trace->memory - before >= spans_size + keys_size);
  assert_int_equal(fix->trace->memory, fix->tape.taken);
}

/* A filter by service would miss traces, or find others. */
static void knows_its_services(void **state) {
  fixture *fix = *state;
  static const sample_span spans[] = {{.service = "a", .trace = 1, .id = 1},
                                      {.service = "b", .trace = 1, .id = 2}};
  fill(fix, spans, COUNT_OF(spans));
  assert_true(lens_trace_has_service(fix->trace, lens_bytes_of("b")));
  assert_false(lens_trace_has_service(fix->trace, lens_bytes_of("c")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(spans_are_grouped_by_service_in_order_of_arrival),
      TEST(a_span_always_has_a_status),
      TEST(the_root_is_the_earliest_without_parent_else_the_earliest),
      TEST(a_key_is_there_once),
      TEST(memory_counts_every_span),
      TEST(knows_its_services),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
