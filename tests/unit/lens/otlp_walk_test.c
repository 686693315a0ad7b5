/* SPDX-License-Identifier: Apache-2.0 */
#include "otlp_walk.h"
#include "sample.h"

#include <string.h>

/* What a walk saw, as text. */
static void see_resource(void *self, const lens_origin *resource) {
  lens_bytes service = lens_resource_service(resource->message);
  lens_buffer_add_format(self, "[%.*s", (int)service.size, (const char *)service.data);
  lens_buffer_add_format(self, "%.*s]", (int)resource->schema_url.size,
                         (const char *)resource->schema_url.data);
}

static void see_scope(void *self, const lens_origin *scope) {
  lens_buffer_add_format(self, "(%zu)", scope->message.size);
}

static void see_span(void *self, lens_bytes span) {
  lens_span_view view = lens_span_view_of(span);
  lens_buffer_add_format(self, "%.*s ", (int)view.name.size, (const char *)view.name.data);
}

/* Spans would be attributed to the wrong service, or be left out. */
static void visits_resources_scopes_and_spans_in_order(void **state) {
  (void)state;
  static const sample_span spans[] = {{.service = "a", .name = "one", .trace = 1, .id = 1},
                                      {.service = "a", .name = "two", .trace = 1, .id = 2},
                                      {.service = NULL, .name = "three", .trace = 1, .id = 3}};
  lens_buffer request = sample_request(spans, COUNT_OF(spans));
  lens_buffer seen = {0};
  lens_visitor visitor = {see_resource, see_scope, see_span, &seen};
  lens_otlp_walk(lens_buffer_bytes(&request), &visitor);
  assert_bytes_equal(&seen, "[a](8)one two [unknown_service](8)three ");
  lens_buffer_clean_up(&seen);
  lens_buffer_clean_up(&request);
}

/* A resource that stands behind its spans (fields come in any order) would be missed. */
static void order_of_fields_does_not_matter(void **state) {
  (void)state;
  static const char traces[] = "\x0a\x22"
                               "\x1a\x01u"                 /* schema_url */
                               "\x12\x05\x12\x03\x2a\x01s" /* a span "s" */
                               "\x0a\x16\x0a\x14\x0a\x0cservice.name\x12\x04\x0a\x02me";
  lens_buffer seen = {0};
  lens_visitor visitor = {see_resource, NULL, see_span, &seen};
  lens_otlp_walk((lens_bytes){(const uint8_t *)traces, sizeof(traces) - 1}, &visitor);
  assert_bytes_equal(&seen, "[meu]s ");
  lens_buffer_clean_up(&seen);
}

static void keep_view(void *self, lens_bytes span) {
  *(lens_span_view *)self = lens_span_view_of(span);
}

static lens_span_view view_of(const sample_span *sample, lens_buffer *request) {
  lens_span_view view = {0};
  lens_visitor visitor = {.item = keep_view, .self = &view};
  *request = sample_request(sample, 1);
  lens_otlp_walk(lens_buffer_bytes(request), &visitor);
  return view;
}

/* The tree and the list would show wrong names, times, kinds or states. */
static void view_has_the_fields_of_the_span(void **state) {
  (void)state;
  static const sample_span sample = {"a", "POST /", 1, 2, 3, 40, 50, 2, 2, "bad", "k", "v", 0};
  lens_buffer request;
  lens_span_view view = view_of(&sample, &request);
  assert_true(lens_span_view_has_ids(&view));
  assert_int_equal(view.trace_id.data[15], 1);
  assert_int_equal(view.span_id.data[7], 2);
  assert_int_equal(view.parent_span_id.data[7], 3);
  assert_true(lens_bytes_equal(view.name, lens_bytes_of("POST /")));
  assert_int_equal(view.start_unix_nanos, 40);
  assert_int_equal(view.end_unix_nanos, 50);
  assert_int_equal(view.kind, 2);
  assert_true(view.has_status);
  assert_int_equal(view.status_code, LENS_STATUS_ERROR);
  assert_true(lens_bytes_equal(view.status_message, lens_bytes_of("bad")));
  lens_buffer_clean_up(&request);
}

/* Spans that belong to no trace would be kept. */
static void ids_are_of_the_right_size_and_not_zero(void **state) {
  (void)state;
  static const uint8_t id[17] = {1};
  static const uint8_t zeros[16] = {0};
  const struct {
    lens_bytes trace_id, span_id;
    bool is_valid;
  } cases[] = {
      {{id, 16}, {id, 8}, true},  {{zeros, 16}, {id, 8}, false}, {{id, 16}, {zeros, 8}, false},
      {{id, 15}, {id, 8}, false}, {{id, 17}, {id, 8}, false},    {{id, 16}, {id, 7}, false},
      {{id, 16}, {id, 9}, false}, {{NULL, 0}, {id, 8}, false},   {{id, 16}, {NULL, 0}, false},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    lens_span_view view = {.trace_id = cases[i].trace_id, .span_id = cases[i].span_id};
    assert_int_equal(lens_span_view_has_ids(&view), cases[i].is_valid);
  }
}

static void find_code(void *self, lens_bytes span) {
  lens_bytes value = {0};
  assert_false(lens_attribute(span, LENS_SPAN_ATTRIBUTES, "cod", &value));
  assert_true(lens_attribute(span, LENS_SPAN_ATTRIBUTES, "code", &value));
  assert_true(lens_any_value_int(value, self));
  assert_int_equal(lens_any_value_text(value).size, 0);
}

/* The status column would miss the code, or show another attribute's value. */
static void finds_attributes_by_key(void **state) {
  (void)state;
  static const sample_span sample = {.trace = 1, .id = 1, .key = "code", .number = -404};
  lens_buffer request = sample_request(&sample, 1);
  int64_t number = 0;
  lens_visitor visitor = {.item = find_code, .self = &number};
  lens_otlp_walk(lens_buffer_bytes(&request), &visitor);
  assert_int_equal(number, -404);
  lens_buffer_clean_up(&request);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(visits_resources_scopes_and_spans_in_order),
      cmocka_unit_test(order_of_fields_does_not_matter),
      cmocka_unit_test(view_has_the_fields_of_the_span),
      cmocka_unit_test(ids_are_of_the_right_size_and_not_zero),
      cmocka_unit_test(finds_attributes_by_key),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
