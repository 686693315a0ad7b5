/* SPDX-License-Identifier: Apache-2.0 */
/* The policy of both OTLP exporters, over a transport that does as it is told. */
#include "export/network_exporter.h"

#include "../../../support/cmocka_headers.h"
#include "../../../support/log_capture.h"
#include "../../../support/otlp_frames.h"
#include "export/backoff.h"
#include "export/deadline.h"

enum { ATTEMPTS_MAX = 64 };

/* Outlives the exporter. */
typedef struct script {
  const otlp__attempt *attempts; /* the last one for all others */
  size_t attempt_count;
  size_t loads;
  size_t unloads;
  size_t made;
  size_t sizes[ATTEMPTS_MAX];
  int64_t times[ATTEMPTS_MAX];
  bool load_fails;
  bool destroyed;
} script;

typedef struct scripted_transport {
  otlp__transport base;
  script *script;
  uint8_t *body;
  size_t size;
} scripted_transport;

static bool scripted_load(otlp__transport *base, uint8_t *body, size_t size) {
  scripted_transport *self = (scripted_transport *)base;
  if (self->script->load_fails) {
    free(body);
    return false;
  }
  self->script->loads++;
  self->body = body;
  self->size = size;
  return true;
}

static void scripted_attempt(otlp__transport *base, int64_t deadline, otlp__attempt *out_attempt) {
  (void)deadline;
  scripted_transport *self = (scripted_transport *)base;
  script *told = self->script;
  size_t last = told->attempt_count - 1;
  *out_attempt = told->attempts[told->made < last ? told->made : last];
  assert_true(told->made < ATTEMPTS_MAX);
  told->sizes[told->made] = self->size;
  told->times[told->made++] = otlp__monotonic_now();
}

static void scripted_unload(otlp__transport *base) {
  scripted_transport *self = (scripted_transport *)base;
  self->script->unloads++;
  free(self->body);
}

static void scripted_cancel(otlp__transport *base) {
  (void)base;
}

static void scripted_destroy(otlp__transport *base) {
  ((scripted_transport *)base)->script->destroyed = true;
  free(base);
}

static const otlp__transport_vtable SCRIPTED = {
    .name = "scripted",
    .load = scripted_load,
    .attempt = scripted_attempt,
    .unload = scripted_unload,
    .cancel = scripted_cancel,
    .destroy = scripted_destroy,
};

static const otlp__attempt ACCEPTED = {.verdict = OTLP__ACCEPTED};
static const otlp__attempt BUSY = {
    .verdict = OTLP__RETRYABLE, .retry_after_ns = OTLP__NO_RETRY_AFTER, .message = "busy"};

static otlp_exporter *exporter_of(script *told, otlp_exporter_options options) {
  scripted_transport *transport = calloc(1, sizeof(*transport));
  transport->base.vtable = &SCRIPTED;
  transport->script = told;
  otlp_exporter *exporter = otlp__network_exporter_new(&transport->base, &options, "collector");
  assert_non_null(exporter);
  log_capture_start();
  return exporter;
}

static otlp_exporter_options quick_options(void) {
  otlp_exporter_options options = OTLP_EXPORTER_OPTIONS_INIT;
  options.retry_initial_ms = 2;
  options.retry_max_ms = 4;
  return options;
}

static otlp_result export_spans(otlp_exporter *exporter, size_t count, int64_t timeout_ms,
                                otlp_export_report *out_report) {
  test_batch batch;
  test_batch_init(&batch, count, 100, 1);
  *out_report = (otlp_export_report){0};
  otlp_result result =
      exporter->vtable->export_batch(exporter, &batch.batch, timeout_ms, out_report);
  test_batch_clean_up(&batch);
  return result;
}

/* The request must be encoded and loaded once, however often it is sent. */
static void test_retries_send_the_same(void **state) {
  (void)state;
  const otlp__attempt attempts[] = {BUSY, BUSY, ACCEPTED};
  script told = {.attempts = attempts, .attempt_count = 3};
  otlp_exporter *exporter = exporter_of(&told, quick_options());
  otlp_export_report report;
  assert_int_equal(export_spans(exporter, 5, 10000, &report), OTLP_OK);
  assert_int_equal(report.exported, 5);
  assert_int_equal(told.loads, 1);
  assert_int_equal(told.unloads, 1);
  assert_int_equal(told.made, 3);
  assert_int_equal(told.sizes[0], told.sizes[2]);
  otlp_exporter_destroy(exporter);
  assert_true(told.destroyed);
}

/* A collector that said when to come back must be left in peace by the next batch too. */
static void test_throttling_outlives_the_batch(void **state) {
  (void)state;
  const otlp__attempt attempts[] = {
      {.verdict = OTLP__RETRYABLE, .retry_after_ns = 120 * OTLP__NS_PER_MS, .message = "throttled"},
      ACCEPTED};
  script told = {.attempts = attempts, .attempt_count = 2};
  otlp_exporter_options options = quick_options();
  options.timeout_ms = 30;
  otlp_exporter *exporter = exporter_of(&told, options);
  otlp_export_report report;
  assert_int_equal(export_spans(exporter, 5, 10000, &report), OTLP_FAILED);
  assert_int_equal(report.dropped[OTLP_DROP_EXPORT_FAILED], 5);
  assert_int_equal(told.made, 1);
  assert_int_equal(export_spans(exporter, 5, 10000, &report), OTLP_TIMED_OUT);
  assert_int_equal(report.dropped[OTLP_DROP_EXPORT_TIMED_OUT], 5);
  assert_int_equal(told.made, 1); /* not even tried */
  while (told.made == 1) {
    export_spans(exporter, 5, 10000, &report);
  }
  assert_int_equal(report.exported, 5);
  assert_true(told.times[1] - told.times[0] >= 120 * OTLP__NS_PER_MS);
  otlp_exporter_destroy(exporter);
}

/* An attempt that the deadline cut short must not hide that the collector had refused before. */
static void test_refusals_beat_the_timeout(void **state) {
  (void)state;
  const otlp__attempt attempts[] = {BUSY, {.verdict = OTLP__RETRYABLE, .timed_out = true}};
  script told = {.attempts = attempts, .attempt_count = 2};
  otlp_exporter *exporter = exporter_of(&told, quick_options());
  otlp_export_report report;
  assert_int_equal(export_spans(exporter, 5, 40, &report), OTLP_FAILED);
  assert_int_equal(report.dropped[OTLP_DROP_EXPORT_FAILED], 5);
  assert_int_equal(export_spans(exporter, 5, 40, &report), OTLP_TIMED_OUT);
  assert_int_equal(report.dropped[OTLP_DROP_EXPORT_TIMED_OUT], 5);
  otlp_exporter_destroy(exporter);
}

/* After a success the waits must start from the first step again: 5 s without, 0.3 s with that. */
static void test_success_resets_the_backoff(void **state) {
  (void)state;
  enum { ROUNDS = 12 };
  otlp__attempt attempts[2 * ROUNDS];
  for (size_t i = 0; i < 2 * ROUNDS; i++) {
    attempts[i] = i % 2 == 0 ? BUSY : ACCEPTED;
  }
  script told = {.attempts = attempts, .attempt_count = 2 * ROUNDS};
  otlp_exporter_options options = quick_options();
  options.retry_initial_ms = 20;
  options.retry_max_ms = 60000;
  otlp_exporter *exporter = exporter_of(&told, options);
  int64_t start = otlp__monotonic_now();
  for (size_t i = 0; i < ROUNDS; i++) {
    otlp_export_report report;
    assert_int_equal(export_spans(exporter, 5, 10000, &report), OTLP_OK);
  }
  assert_in_range(otlp__monotonic_now() - start, 0, 5 * OTLP__NS_PER_S / 2);
  otlp_exporter_destroy(exporter);
}

/* The shorter of the exporter's timeout and the processor's must count. */
static void test_both_timeouts(void **state) {
  (void)state;
  script told = {.attempts = &BUSY, .attempt_count = 1};
  otlp_exporter_options options = quick_options();
  options.retry_initial_ms = options.retry_max_ms = 10;
  otlp_exporter *exporter = exporter_of(&told, options);
  otlp_export_report report;
  int64_t start = otlp__monotonic_now();
  assert_int_equal(export_spans(exporter, 5, 20, &report), OTLP_FAILED);
  assert_in_range(otlp__monotonic_now() - start, 20 * OTLP__NS_PER_MS, 5 * OTLP__NS_PER_S);
  assert_int_equal(export_spans(exporter, 5, 0, &report), OTLP_TIMED_OUT);
  assert_int_equal(report.dropped[OTLP_DROP_EXPORT_TIMED_OUT], 5);
  otlp_exporter_destroy(exporter);
}

/* A refusal must end it at once, and its reason be logged once for all that follow. */
static void test_refusal(void **state) {
  (void)state;
  const otlp__attempt refused = {.verdict = OTLP__REFUSED, .message = "no such tenant"};
  script told = {.attempts = &refused, .attempt_count = 1};
  otlp_exporter *exporter = exporter_of(&told, quick_options());
  for (size_t i = 1; i <= 4; i++) {
    otlp_export_report report;
    assert_int_equal(export_spans(exporter, 5, 10000, &report), OTLP_FAILED);
    assert_int_equal(report.dropped[OTLP_DROP_EXPORT_REJECTED], 5);
    assert_int_equal(told.made, i);
  }
  assert_int_equal(log_capture_count("no such tenant"), 1);
  assert_int_equal(log_capture_count(""), 1);
  otlp_exporter_destroy(exporter);
}

/* A warning that rejects nothing must be logged, once, and cost nothing. */
static void test_warning_without_rejection(void **state) {
  (void)state;
  const otlp__attempt warning = {.verdict = OTLP__ACCEPTED, .message = "deprecated field"};
  script told = {.attempts = &warning, .attempt_count = 1};
  otlp_exporter *exporter = exporter_of(&told, quick_options());
  for (int i = 0; i < 3; i++) {
    otlp_export_report report;
    assert_int_equal(export_spans(exporter, 5, 10000, &report), OTLP_OK);
    assert_int_equal(report.exported, 5);
  }
  assert_int_equal(log_capture_count("deprecated field"), 1);
  otlp_exporter_destroy(exporter);
}

/* A collector that claims to have rejected more than it got must not break the sums. */
static void test_absurd_rejection(void **state) {
  (void)state;
  const otlp__attempt absurd = {.verdict = OTLP__ACCEPTED, .rejected_items = 1000000};
  script told = {.attempts = &absurd, .attempt_count = 1};
  otlp_exporter *exporter = exporter_of(&told, quick_options());
  otlp_export_report report;
  assert_int_equal(export_spans(exporter, 5, 10000, &report), OTLP_OK);
  assert_int_equal(report.exported, 0);
  assert_int_equal(report.dropped[OTLP_DROP_EXPORT_REJECTED], 5);
  otlp_exporter_destroy(exporter);
}

/* Want of memory must cost the spans of that request only, counted. */
static void test_no_memory(void **state) {
  (void)state;
  script told = {.attempts = &ACCEPTED, .attempt_count = 1, .load_fails = true};
  otlp_exporter *exporter = exporter_of(&told, quick_options());
  otlp_export_report report;
  assert_int_equal(export_spans(exporter, 5, 10000, &report), OTLP_FAILED);
  assert_int_equal(report.dropped[OTLP_DROP_NO_MEMORY], 5);
  told.load_fails = false;
  assert_int_equal(export_spans(exporter, 5, 10000, &report), OTLP_OK);
  otlp_exporter_destroy(exporter);
}

/* Of a batch in several requests each must be judged by itself. */
static void test_split_batch(void **state) {
  (void)state;
  const otlp__attempt attempts[] = {
      ACCEPTED, {.verdict = OTLP__REFUSED, .message = "bad"}, ACCEPTED};
  script told = {.attempts = attempts, .attempt_count = 3};
  otlp_exporter_options options = quick_options();
  options.max_request_bytes = 250; /* two spans */
  otlp_exporter *exporter = exporter_of(&told, options);
  otlp_export_report report;
  assert_int_equal(export_spans(exporter, 6, 10000, &report), OTLP_FAILED);
  assert_int_equal(told.made, 3);
  assert_int_equal(report.exported, 4);
  assert_int_equal(report.dropped[OTLP_DROP_EXPORT_REJECTED], 2);
  otlp_exporter_destroy(exporter);
}

/* Recovery must be told, with what it cost, when it has lasted for a moment. */
static void test_recovery_is_logged(void **state) {
  (void)state;
  const otlp__attempt attempts[] = {{.verdict = OTLP__REFUSED, .message = "bad"}, ACCEPTED};
  script told = {.attempts = attempts, .attempt_count = 2};
  otlp_exporter *exporter = exporter_of(&told, quick_options());
  otlp_export_report report;
  export_spans(exporter, 5, 10000, &report);
  int64_t start = otlp__monotonic_now();
  while (log_capture_count("takes spans again; 5 were lost") == 0) {
    told.made = 1;
    assert_int_equal(export_spans(exporter, 5, 10000, &report), OTLP_OK);
    assert_true(otlp__monotonic_now() - start < 10 * OTLP__NS_PER_S);
  }
  assert_true(otlp__monotonic_now() - start >= OTLP__NS_PER_S / 2);
  assert_int_equal(log_capture_count(""), 2);
  otlp_exporter_destroy(exporter);
}

/* What servers say must not break the log's lines. */
static void test_messages_are_cleaned(void **state) {
  (void)state;
  otlp__attempt attempt;
  otlp__attempt_say(&attempt, "%s", "one\ntwo\x1b[31m\x7f");
  assert_string_equal(attempt.message, "one two [31m ");
  char endless[1000];
  memset(endless, 'x', sizeof(endless));
  otlp__attempt_say(&attempt, "%.*s", (int)sizeof(endless), endless);
  assert_int_equal(strlen(attempt.message), OTLP__ATTEMPT_MESSAGE_SIZE - 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_retries_send_the_same),
      cmocka_unit_test(test_throttling_outlives_the_batch),
      cmocka_unit_test(test_refusals_beat_the_timeout),
      cmocka_unit_test(test_success_resets_the_backoff),
      cmocka_unit_test(test_both_timeouts),
      cmocka_unit_test(test_refusal),
      cmocka_unit_test(test_warning_without_rejection),
      cmocka_unit_test(test_absurd_rejection),
      cmocka_unit_test(test_no_memory),
      cmocka_unit_test(test_split_batch),
      cmocka_unit_test(test_recovery_is_logged),
      cmocka_unit_test(test_messages_are_cleaned),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
