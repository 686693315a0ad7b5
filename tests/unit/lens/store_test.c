/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"
#include "store.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define MEBIBYTE ((size_t)1024 * 1024)

static lens_ingest_result ingest(lens_store *store, const sample_span *spans, size_t count) {
  lens_buffer request = sample_request(spans, count);
  lens_ingest_result result = lens_store_ingest(store, lens_buffer_bytes(&request));
  lens_buffer_clean_up(&request);
  return result;
}

/* The names of a trace's spans, in order. */
static void assert_trace(lens_store *store, uint64_t id, const char *names) {
  lens_buffer bytes = {0};
  lens_buffer seen = {0};
  assert_true(lens_store_trace(store, sample_trace_id(id), &bytes));
  Opentelemetry__Proto__Trace__V1__TracesData *traces = sample_unpack(lens_buffer_bytes(&bytes));
  for (size_t i = 0; i < traces->n_resource_spans; i++) {
    const Opentelemetry__Proto__Trace__V1__ScopeSpans *scope =
        traces->resource_spans[i]->scope_spans[0];
    for (size_t j = 0; j < scope->n_spans; j++) {
      lens_buffer_add_text(&seen, scope->spans[j]->name);
    }
  }
  assert_bytes_equal(&seen, names);
  sample_free(traces);
  lens_buffer_clean_up(&seen);
  lens_buffer_clean_up(&bytes);
}

static bool has_trace(lens_store *store, uint64_t id) {
  lens_buffer bytes = {0};
  bool has = lens_store_trace(store, sample_trace_id(id), &bytes);
  lens_buffer_clean_up(&bytes);
  return has;
}

/* Spans of one trace that come one batch after the other would make several traces. */
static void late_spans_join_their_trace(void **state) {
  (void)state;
  lens_store *store = lens_store_new(MEBIBYTE);
  static const sample_span early[] = {{.service = "a", .name = "A", .trace = 1, .id = 1},
                                      {.service = "a", .name = "X", .trace = 2, .id = 1}};
  static const sample_span late[] = {{.service = "b", .name = "B", .trace = 1, .id = 2},
                                     {.service = "a", .name = "C", .trace = 1, .id = 3}};
  assert_int_equal(ingest(store, early, 2).kept, 2);
  assert_int_equal(ingest(store, late, 2).kept, 2);
  assert_trace(store, 1, "ACB");
  assert_trace(store, 2, "X");
  assert_false(has_trace(store, 3));
  lens_store_destroy(store);
}

/* An exporter that sends again what had arrived would double every span of the batch. */
static void what_is_sent_again_is_kept_once(void **state) {
  (void)state;
  lens_store *store = lens_store_new(MEBIBYTE);
  static const sample_span spans[] = {{.name = "A", .trace = 1, .id = 1, .kind = 3},
                                      {.name = "B", .trace = 1, .id = 1, .kind = 2},
                                      {.name = "C", .trace = 2, .id = 1, .kind = 3}};
  ingest(store, spans, 3);
  lens_ingest_result again = ingest(store, spans, 3);
  assert_int_equal(again.kept, 0);
  assert_int_equal(again.duplicates, 3);
  assert_trace(store, 1, "AB");
  assert_int_equal(lens_store_read_stats(store).spans_duplicate, 3);
  lens_store_destroy(store);
}

/* One bad span would cost the good ones of its batch, or be kept where no one finds it. */
static void spans_without_ids_are_rejected_alone(void **state) {
  (void)state;
  lens_store *store = lens_store_new(MEBIBYTE);
  static const sample_span spans[] = {{.name = "A", .trace = 1, .id = 1},
                                      {.name = "B", .trace = 0, .id = 2},
                                      {.name = "C", .trace = 1, .id = 0}};
  lens_ingest_result result = ingest(store, spans, 3);
  assert_int_equal(result.kept, 1);
  assert_int_equal(result.invalid_ids, 2);
  assert_trace(store, 1, "A");
  lens_store_destroy(store);
}

/* Half of a request that is no request would be kept. */
static void a_malformed_request_leaves_nothing_behind(void **state) {
  (void)state;
  lens_store *store = lens_store_new(MEBIBYTE);
  static const sample_span spans[] = {{.name = "A", .trace = 1, .id = 1}};
  lens_buffer request = sample_request(spans, 1);
  lens_buffer_add_text(&request, "\x0a\x05x");
  assert_true(lens_store_ingest(store, lens_buffer_bytes(&request)).is_malformed);
  assert_false(has_trace(store, 1));
  lens_store_stats stats = lens_store_read_stats(store);
  assert_int_equal(stats.requests_malformed, 1);
  assert_int_equal(stats.spans_kept, 0);
  lens_buffer_clean_up(&request);
  lens_store_destroy(store);
}

/* Memory would grow for ever, or new traces be lost instead of old ones. */
static void the_oldest_traces_make_room(void **state) {
  (void)state;
  lens_store *store = lens_store_new(MEBIBYTE / 4);
  char name[512];
  memset(name, 'x', sizeof(name) - 1);
  name[sizeof(name) - 1] = '\0';
  for (uint64_t i = 1; i <= 2000; i++) {
    sample_span span = {.service = "a", .name = name, .trace = i, .id = i};
    assert_int_equal(ingest(store, &span, 1).kept, 1);
    assert_true(lens_store_read_stats(store).bytes <= MEBIBYTE / 4);
  }
  lens_store_stats stats = lens_store_read_stats(store);
  assert_int_equal(stats.traces + stats.traces_evicted, 2000);
  assert_int_equal(stats.spans + stats.spans_evicted, 2000);
  assert_true(stats.traces > 100);
  assert_true(has_trace(store, 2000));
  assert_true(has_trace(store, 2000 - stats.traces + 1));
  assert_false(has_trace(store, 2000 - stats.traces));
  lens_store_destroy(store);
}

/* Resources that no span refers to any more would stay for ever. */
static void evicted_traces_take_their_resources_along(void **state) {
  (void)state;
  lens_store *store = lens_store_new(MEBIBYTE / 4);
  char service[1024];
  for (uint64_t i = 1; i <= 1000; i++) {
    snprintf(service, sizeof(service), "%0900u", (unsigned)i);
    sample_span span = {.service = service, .trace = i, .id = i};
    ingest(store, &span, 1);
    assert_true(lens_store_read_stats(store).bytes <= MEBIBYTE / 4);
  }
  assert_true(has_trace(store, 1000));
  lens_store_destroy(store);
}

/* The service of a trace with spans of only one. */
static void assert_service(lens_store *store, uint64_t id, const char *service) {
  lens_buffer bytes = {0};
  assert_true(lens_store_trace(store, sample_trace_id(id), &bytes));
  Opentelemetry__Proto__Trace__V1__TracesData *traces = sample_unpack(lens_buffer_bytes(&bytes));
  assert_int_equal(traces->n_resource_spans, 1);
  const Opentelemetry__Proto__Resource__V1__Resource *resource =
      traces->resource_spans[0]->resource;
  assert_string_equal(resource->attributes[0]->value->string_value, service);
  sample_free(traces);
  lens_buffer_clean_up(&bytes);
}

/* The service of the nth trace: every third is of the same one, others change from time to time. */
static void name_service(uint64_t number, char *out, size_t size) {
  snprintf(out, size, "%u", (unsigned)(number % 3 * (number / 50)));
}

/* A trace would lose its resource to the eviction of others, or get another's. */
static void resources_stay_as_long_as_their_spans(void **state) {
  (void)state;
  lens_store *store = lens_store_new(MEBIBYTE / 16);
  for (uint64_t i = 1; i <= 3000; i++) {
    char service[32];
    name_service(i, service, sizeof(service));
    sample_span span = {.service = service, .name = "n", .trace = i, .id = i};
    ingest(store, &span, 1);
    assert_service(store, i, service);
    uint64_t oldest = i - lens_store_read_stats(store).traces + 1;
    name_service(oldest, service, sizeof(service));
    assert_service(store, oldest, service);
  }
  assert_true(lens_store_read_stats(store).traces_evicted > 2000);
  lens_store_destroy(store);
}

/* One runaway trace would push out all the others. */
static void a_trace_takes_at_most_an_eighth(void **state) {
  (void)state;
  lens_store *store = lens_store_new(MEBIBYTE / 4);
  static const sample_span other = {.name = "other", .trace = 7, .id = 1};
  ingest(store, &other, 1);
  size_t rejected = 0;
  for (uint64_t i = 1; i <= 1000; i++) {
    sample_span span = {.name = "span of a long trace", .trace = 1, .id = i};
    rejected += ingest(store, &span, 1).too_large;
  }
  assert_true(rejected > 0 && rejected < 1000);
  assert_int_equal(lens_store_read_stats(store).spans_rejected, rejected);
  assert_true(has_trace(store, 7));
  lens_store_destroy(store);
}

static void see(void *self, const lens_trace_summary *summary) {
  lens_buffer_add_format(
      self, "%u:%.*s:%.*s:%d:%u-%u:%zu/%zu ", summary->id.data[15], (int)summary->root_service.size,
      (const char *)summary->root_service.data, (int)summary->root_name.size,
      (const char *)summary->root_name.data, summary->has_root, (unsigned)summary->start_unix_nanos,
      (unsigned)summary->duration_nanos, summary->span_count, summary->error_count);
}

/* The list would miss traces, or describe them wrongly. */
static void lists_the_latest_first(void **state) {
  (void)state;
  lens_store *store = lens_store_new(MEBIBYTE);
  static const sample_span spans[] = {
      {.service = "a", .name = "A", .trace = 1, .id = 1, .start = 10, .end = 30},
      {.service = "b", .name = "B", .trace = 2, .id = 2, .parent = 8, .start = 5, .end = 3},
      {.service = "b", .name = "C", .trace = 1, .id = 3, .parent = 1, .end = 35, .status_code = 2},
      {.service = "a", .name = "D", .trace = 3, .id = 4}};
  ingest(store, spans, COUNT_OF(spans));
  lens_buffer all = {0}, some = {0}, first = {0};
  lens_store_list(store, 10, (lens_bytes){0}, see, &all);
  lens_store_list(store, 10, lens_bytes_of("b"), see, &some);
  lens_store_list(store, 1, (lens_bytes){0}, see, &first);
  assert_bytes_equal(&all, "3:a:D:1:0-0:1/0 2:b:B:0:5-0:1/0 1:a:A:1:0-35:2/1 ");
  assert_bytes_equal(&some, "2:b:B:0:5-0:1/0 1:a:A:1:0-35:2/1 ");
  assert_bytes_equal(&first, "3:a:D:1:0-0:1/0 ");
  lens_buffer_clean_up(&all);
  lens_buffer_clean_up(&some);
  lens_buffer_clean_up(&first);
  lens_store_destroy(store);
}

static void *read_all_the_time(void *data) {
  lens_store *store = data;
  for (uint64_t i = 0; i < 300; i++) {
    lens_buffer seen = {0};
    lens_store_list(store, 5, lens_bytes_of("a"), see, &seen);
    lens_store_trace(store, (const uint8_t[LENS_TRACE_ID_SIZE]){[15] = 1}, &seen);
    lens_store_read_stats(store);
    lens_buffer_clean_up(&seen);
  }
  return NULL;
}

/* A page that is asked for while spans come in would read what is being changed (the thread
 * sanitizer sees it). */
static void threads_may_use_it_at_once(void **state) {
  (void)state;
  lens_store *store = lens_store_new(MEBIBYTE / 8);
  pthread_t reader;
  assert_int_equal(pthread_create(&reader, NULL, read_all_the_time, store), 0);
  for (uint64_t i = 1; i <= 2000; i++) {
    sample_span span = {.service = "a", .name = "n", .trace = i % 200 + 1, .id = i};
    ingest(store, &span, 1);
  }
  pthread_join(reader, NULL);
  lens_store_destroy(store);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(late_spans_join_their_trace),
      cmocka_unit_test(what_is_sent_again_is_kept_once),
      cmocka_unit_test(spans_without_ids_are_rejected_alone),
      cmocka_unit_test(a_malformed_request_leaves_nothing_behind),
      cmocka_unit_test(the_oldest_traces_make_room),
      cmocka_unit_test(evicted_traces_take_their_resources_along),
      cmocka_unit_test(resources_stay_as_long_as_their_spans),
      cmocka_unit_test(a_trace_takes_at_most_an_eighth),
      cmocka_unit_test(lists_the_latest_first),
      cmocka_unit_test(threads_may_use_it_at_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
