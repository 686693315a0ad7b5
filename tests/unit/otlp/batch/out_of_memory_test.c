/* SPDX-License-Identifier: Apache-2.0 */
/* Every allocation of the batch processor fails once; spans may be lost, but not uncounted. */
#include <otlp/batch_processor.h>
#include <otlp/exporters.h>

#include "../../../support/cmocka_headers.h"
#include "../../../support/log_capture.h"
#include "../../../support/otlp_frames.h"
#include "../failing_malloc.h"

enum { SPANS = 40, LARGE = 20000 };

static void end_span(otlp_processor *processor, uint64_t number, size_t size) {
  static uint8_t frame[LARGE + 6];
  size_t frame_size = test_write_frame(frame, number, size);
  otlp_item span = {
      .frame = {frame, frame_size},
      .message = {frame + frame_size - size, size},
      .resource = &test_resource,
      .scope = &test_scopes[number % 2],
      .context = {.trace_flags = OTLP_TRACE_FLAG_SAMPLED},
  };
  processor->vtable->on_item(processor, &span);
}

/* Makes, uses and destroys a processor; returns how many allocations that took. */
static size_t run(size_t failing, otlp_stats *out_stats) {
  *out_stats = (otlp_stats){0};
  otlp_exporter *exporter = otlp_null_exporter_new();
  otlp_batch_processor_options options = OTLP_BATCH_PROCESSOR_OPTIONS_INIT;
  options.schedule_delay_ms = 3600 * 1000;
  failing_malloc_set(failing);
  otlp_processor *processor = otlp_batch_processor_new(exporter, &options);
  if (processor == NULL) {
    out_stats->exported = SPANS; /* nothing was promised */
    return failing_malloc_count();
  }
  for (uint64_t i = 0; i < SPANS; i++) {
    end_span(processor, i, i % 10 == 9 ? LARGE : 100);
    if (i % 8 == 7) {
      processor->vtable->force_flush(processor, 10000);
    }
  }
  processor->vtable->shutdown(processor, 10000);
  processor->vtable->add_stats(processor, out_stats);
  size_t count = failing_malloc_count();
  failing_malloc_set(0);
  otlp_processor_destroy(processor);
  return count;
}

/* Want of memory in a host program must not become a crash or a leak in it, nor a silent loss. */
static void test_every_allocation(void **state) {
  (void)state;
  otlp_stats stats;
  size_t needed = run(0, &stats);
  assert_int_equal(stats.exported, SPANS);
  assert_in_range(needed, 5, 100);
  for (size_t failing = 1; failing <= needed; failing++) {
    run(failing, &stats);
    assert_int_equal(stats.exported + stats.dropped[OTLP_DROP_NO_MEMORY], SPANS);
  }
}

/* In steady state the queue must live on the memory it has. */
static void test_steady_state_allocates_nothing(void **state) {
  (void)state;
  otlp_batch_processor_options options = OTLP_BATCH_PROCESSOR_OPTIONS_INIT;
  options.schedule_delay_ms = 3600 * 1000;
  otlp_processor *processor = otlp_batch_processor_new(otlp_null_exporter_new(), &options);
  for (int round = 0; round < 20; round++) {
    failing_malloc_set(0);
    for (uint64_t i = 0; i < 500; i++) {
      end_span(processor, i, 300);
    }
    processor->vtable->force_flush(processor, 10000);
    assert_true(round == 0 || failing_malloc_count() == 0);
  }
  otlp_processor_destroy(processor);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_allocation),
      cmocka_unit_test(test_steady_state_allocates_nothing),
  };
  log_capture_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
