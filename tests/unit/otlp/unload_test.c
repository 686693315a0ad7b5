/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shared library as a plug-in has it: loaded, used from two threads, unloaded, again and again.
 * A thread that ends after the unloading must not run code that is gone.
 */
#include "check.h"

#include <otlp/exporters.h>
#include <otlp/sdk.h>

#include <dlfcn.h>
#include <pthread.h>

/* The library's functions, found by name. */
typedef struct library {
  void *handle;
  __typeof__(otlp_tracer_provider_new) *provider_new;
  __typeof__(otlp_tracer_provider_destroy) *provider_destroy;
  __typeof__(otlp_tracer_provider_get_tracer) *get_tracer;
  __typeof__(otlp_simple_processor_new) *simple_processor_new;
  __typeof__(otlp_null_exporter_new) *null_exporter_new;
  __typeof__(otlp_span_start) *span_start;
  __typeof__(otlp_span_end) *span_end;
} library;

static void *must_find(void *handle, const char *name) {
  void *symbol = dlsym(handle, name);
  assert_non_null(symbol);
  return symbol;
}

#define FIND(member, name) (*(void **)&loaded.member = must_find(loaded.handle, name))

static library load(void) {
  library loaded = {.handle = dlopen(OTLP_LIBRARY, RTLD_NOW | RTLD_LOCAL)};
  assert_non_null(loaded.handle);
  FIND(provider_new, "otlp_tracer_provider_new");
  FIND(provider_destroy, "otlp_tracer_provider_destroy");
  FIND(get_tracer, "otlp_tracer_provider_get_tracer");
  FIND(simple_processor_new, "otlp_simple_processor_new");
  FIND(null_exporter_new, "otlp_null_exporter_new");
  FIND(span_start, "otlp_span_start");
  FIND(span_end, "otlp_span_end");
  return loaded;
}

static void make_spans(const library *otlp) {
  otlp_tracer_provider_options options = OTLP_TRACER_PROVIDER_OPTIONS_INIT;
  options.processors[0] = otlp->simple_processor_new(otlp->null_exporter_new());
  options.processor_count = 1;
  otlp_tracer_provider *provider = otlp->provider_new(&options);
  otlp_tracer *tracer = otlp->get_tracer(provider, NULL);
  for (int i = 0; i < 100; i++) {
    otlp_span *span = otlp->span_start(tracer, NULL, S("span"), NULL);
    assert_non_null(span);
    otlp->span_end(span);
  }
  otlp->provider_destroy(provider);
}

typedef struct other_thread {
  const library *otlp;
  pthread_barrier_t used;
  pthread_barrier_t unloaded;
} other_thread;

static void *use_and_outlive(void *argument) {
  other_thread *self = argument;
  make_spans(self->otlp);
  pthread_barrier_wait(&self->used);
  pthread_barrier_wait(&self->unloaded);
  return NULL;
}

/* Whatever stays behind after unloading, a callback, a thread, a key, would crash its host later.
 */
static void test_load_use_unload(void **state) {
  (void)state;
  for (int round = 0; round < 3; round++) {
    library otlp = load();
    other_thread other = {.otlp = &otlp};
    pthread_t thread;
    pthread_barrier_init(&other.used, NULL, 2);
    pthread_barrier_init(&other.unloaded, NULL, 2);
    assert_int_equal(pthread_create(&thread, NULL, use_and_outlive, &other), 0);
    make_spans(&otlp);
    pthread_barrier_wait(&other.used);
    assert_int_equal(dlclose(otlp.handle), 0);
    pthread_barrier_wait(&other.unloaded);
    pthread_join(thread, NULL);
    pthread_barrier_destroy(&other.used);
    pthread_barrier_destroy(&other.unloaded);
  }
  assert_null(dlopen(OTLP_LIBRARY, RTLD_NOW | RTLD_NOLOAD)); /* it was really gone each time */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_load_use_unload),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
