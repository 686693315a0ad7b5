/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program on otlp alone: jobs are submitted, carried to a worker, done, and summed up. Each job
 * is a trace that goes through both hands; the summary links to all of them.
 */
#include <otlp/baggage.h>
#include <otlp/sdk.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADERS_MAX = 4, JOBS = 2 };

typedef struct header {
  char *name;
  char *value;
} header;

/* What travels: a text, and headers as any queue's messages have them. */
typedef struct job {
  const char *text;
  header headers[HEADERS_MAX];
  size_t header_count;
} job;

/* ---- the carrier ---- */

/* An otlp_string has no NUL at its end. */
static char *copy_text(otlp_string text) {
  char *copy = calloc(1, text.length + 1);
  if (copy == NULL) {
    abort();
  }
  memcpy(copy, text.data, text.length);
  return copy;
}

static void set_header(void *carrier, otlp_string key, otlp_string value) {
  job *self = carrier;
  if (self->header_count < HEADERS_MAX) {
    self->headers[self->header_count++] = (header){copy_text(key), copy_text(value)};
  }
}

/* Each header is there once, so there is no second value. */
static bool get_header(const void *carrier, otlp_string key, size_t index, otlp_string *out_value) {
  const job *self = carrier;
  for (size_t i = 0; index == 0 && i < self->header_count; i++) {
    const header *each = &self->headers[i];
    if (strlen(each->name) == key.length && memcmp(each->name, key.data, key.length) == 0) {
      *out_value = otlp_string_from(each->value);
      return true;
    }
  }
  return false;
}

static void job_clean_up(job *self) {
  for (size_t i = 0; i < self->header_count; i++) {
    free(self->headers[i].name);
    free(self->headers[i].value);
  }
}

/* ---- the one who has work ---- */

static void submit(const otlp_setup *sdk, otlp_tracer *tracer, job *submitted) {
  otlp_span_options options = {.kind = OTLP_SPAN_KIND_PRODUCER};
  otlp_span *span = otlp_span_start(tracer, NULL, otlp_string_from("submit"), &options);
  otlp_context inside = otlp_context_with_span(NULL, span);
  otlp_baggage_entry tenant = {.key = otlp_string_from("tenant"),
                               .value = otlp_string_from("blue")};
  otlp_baggage *baggage = otlp_baggage_set(NULL, &tenant);
  inside.baggage = baggage;
  otlp_propagators_inject(&sdk->propagators, &inside, set_header, submitted);
  otlp_baggage_release(baggage);
  otlp_span_end(span);
}

/* ---- the one who does it ---- */

static void read_part(otlp_tracer *tracer, const otlp_context *parent, const char *text) {
  otlp_span *span = otlp_span_start(tracer, parent, otlp_string_from("read"), NULL);
  const int64_t sizes[] = {640, 480};
  otlp_value value = {.type = OTLP_VALUE_INT_ARRAY, .count = 2, .as.integers = sizes};
  otlp_span_set_attribute(span, otlp_string_from("image.size"), value);
  if (strcmp(text, "broken") == 0) {
    otlp_string message = otlp_string_from("no image in it");
    otlp_span_record_exception(span, otlp_string_from("format_error"), message);
    otlp_span_set_string(span, "error.type", "format_error");
    otlp_span_set_status(span, OTLP_STATUS_ERROR, message);
  }
  otlp_span_end(span);
}

static void work_on(const otlp_setup *sdk, otlp_tracer *tracer, const job *received) {
  otlp_context sender = otlp_propagators_extract(&sdk->propagators, get_header, received);
  otlp_attribute attributes[] = {otlp_attribute_string("job.text", received->text)};
  otlp_span_options options = {
      .kind = OTLP_SPAN_KIND_CONSUMER, .attributes = attributes, .attribute_count = 1};
  otlp_span *span = otlp_span_start(tracer, &sender, otlp_string_from("work"), &options);
  otlp_baggage_entry tenant;
  if (otlp_baggage_get(sender.baggage, otlp_string_from("tenant"), &tenant)) {
    otlp_span_set_attribute(span, otlp_string_from("job.tenant"), otlp_value_text(tenant.value));
  }
  otlp_context inside = otlp_context_with_span(&sender, span);
  read_part(tracer, &inside, received->text);
  otlp_attribute details[] = {otlp_attribute_int("attempt", 1)};
  otlp_span_add_event(span, otlp_string_from("done"), 0, details, 1);
  otlp_span_end(span);
  otlp_context_clean_up(&sender);
}

/* ---- what belongs to many traces ---- */

static void sum_up(const otlp_setup *sdk, otlp_tracer *tracer, const job *jobs) {
  otlp_span *span = otlp_span_start(tracer, NULL, otlp_string_from("sum up"), NULL);
  for (size_t i = 0; i < JOBS; i++) {
    otlp_context sender = otlp_propagators_extract(&sdk->propagators, get_header, &jobs[i]);
    otlp_link link = {.context = sender.span};
    otlp_span_add_link(span, &link);
    otlp_context_clean_up(&sender);
  }
  otlp_span_end(span);
}

/* ---- the program ---- */

static void print_counters(const otlp_setup *sdk) {
  otlp_stats stats;
  otlp_tracer_provider_get_stats(sdk->provider, &stats);
  fprintf(stderr, "%llu spans started, %llu exported, %llu dropped\n",
          (unsigned long long)stats.started, (unsigned long long)stats.exported,
          (unsigned long long)otlp_stats_dropped(&stats));
  for (int reason = 0; reason < OTLP_DROP_REASON_COUNT; reason++) {
    if (stats.dropped[reason] > 0) {
      fprintf(stderr, "  %s: %llu\n", otlp_drop_reason_name((otlp_drop_reason)reason),
              (unsigned long long)stats.dropped[reason]);
    }
  }
}

static void run(const otlp_setup *sdk) {
  otlp_scope scope = {.name = otlp_string_from("sample.jobs"), .version = otlp_string_from("0.1")};
  otlp_tracer *tracer = otlp_tracer_provider_get_tracer(sdk->provider, &scope);
  job jobs[JOBS] = {{.text = "portrait"}, {.text = "broken"}};
  for (size_t i = 0; i < JOBS; i++) {
    submit(sdk, tracer, &jobs[i]);
    work_on(sdk, tracer, &jobs[i]);
  }
  sum_up(sdk, tracer, jobs);
  for (size_t i = 0; i < JOBS; i++) {
    job_clean_up(&jobs[i]);
  }
}

int main(void) {
  otlp_setup_options options = OTLP_SETUP_OPTIONS_INIT;
  options.service_name = otlp_string_from("jobs");
  options.service_version = otlp_string_from("0.1");
  otlp_setup sdk;
  if (otlp_setup_from_environment(&options, &sdk) != OTLP_OK) {
    fputs("jobs: tracing is not complete\n", stderr); /* the log says why; the work goes on */
  }
  run(&sdk);
  if (otlp_tracer_provider_force_flush(sdk.provider, 1000) != OTLP_OK) {
    fputs("jobs: not all spans have left\n", stderr);
  }
  otlp_tracer_provider_shutdown(sdk.provider, 5000); /* five seconds at most, whatever happens */
  print_counters(&sdk);
  otlp_setup_clean_up(&sdk, 0); /* nothing is left to wait for */
  return 0;
}
