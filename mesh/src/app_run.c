/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Running, and stopping in the numbered order of mesh/app.h. The main thread runs the first loop,
 * where the shutdown is steered from; a thread of its own waits for signals and posts them there.
 */
#include <mesh/env.h>
#include <mesh/log.h>
#include <stdlib.h>
#include <unistd.h>

#include "app.h"
#include "log_writer.h"
#include "loop.h"
#include "memory.h"

/* For a part that does not keep to the grace period. */
enum { OVERDUE_MS = 5000 };

static void add_hook(mesh__app_hook **list, mesh__app_hook values) {
  mesh__app_hook *hook = mesh__xmalloc(sizeof *hook);
  *hook = values;
  hook->next = *list;
  *list = hook;
}

void mesh_app_on_stop(mesh_app *app, void (*fn)(void *data), void *data) {
  add_hook(&app->stop_hooks, (mesh__app_hook){.stop = fn, .data = data});
}

void mesh_app_on_drain(mesh_app *app, void (*begin)(mesh_app *app, void *data), void *data) {
  add_hook(&app->drain_hooks, (mesh__app_hook){.drain = begin, .data = data});
}

/* ---- steps 1 to 3, on the first loop ---- */

void mesh_app_drained(mesh_app *app) {
  if (--app->parts_draining > 0) {
    return;
  }
  mesh_timer_stop(app->loops[0], &app->overdue);
  for (size_t i = 0; i < app->loop_count; i++) {
    mesh_loop_stop(app->loops[i]);
  }
}

static void server_drained(void *data) {
  mesh_app_drained(data);
}

static void overdue(void *data) {
  mesh_app *app = data;
  const otlp_attribute field = otlp_attribute_int("parts", (int64_t)app->parts_draining);
  mesh_log(MESH_LOG_ERROR, NULL, "did not drain in time, giving up", &field, 1);
  mesh__log_flush();
  _exit(EXIT_FAILURE);
}

static void begin_shutdown(void *data) {
  mesh_app *app = data;
  const otlp_attribute field = otlp_attribute_int("grace_ms", app->grace_ms);
  mesh_log(MESH_LOG_INFO, NULL, "stopping", &field, 1);
  mesh_timer_start(app->loops[0], &app->overdue, app->grace_ms + OVERDUE_MS, overdue, app);
  app->parts_draining = 1; /* ours, until all have begun */
  if (app->server != NULL) {
    app->parts_draining++;
    mesh_server_drain(app->server, app->grace_ms, server_drained, app);
  }
  for (mesh__app_hook *hook = app->drain_hooks; hook != NULL; hook = hook->next) {
    app->parts_draining++;
    hook->drain(app, hook->data);
  }
  mesh_app_drained(app);
}

/* ---- signals ---- */

static void *wait_for_signals(void *data) {
  mesh_app *app = data;
  int signal_number;
  sigwait(&app->signals, &signal_number);
  /* The run may be over, and this thread to be cancelled, before the post has returned: not in the
   * middle of it. */
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
  mesh_loop_post(app->loops[0], begin_shutdown, app);
  pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
  sigwait(&app->signals, &signal_number);
  mesh__log_flush();
  _exit(128 + signal_number);
}

/* ---- the run ---- */

static void *run_loop(void *loop) {
  mesh_loop_run(loop);
  return NULL;
}

static void start_thread(pthread_t *thread, void *(*fn)(void *data), void *data) {
  if (pthread_create(thread, NULL, fn, data) != 0) {
    mesh_log(MESH_LOG_ERROR, NULL, "cannot start a thread", NULL, 0);
    mesh__log_flush();
    abort();
  }
}

static void run_loops(mesh_app *app) {
  app->threads = mesh__xcalloc(app->loop_count, sizeof *app->threads);
  for (size_t i = 1; i < app->loop_count; i++) {
    start_thread(&app->threads[i], run_loop, app->loops[i]);
  }
  mesh_loop_run(app->loops[0]);
  for (size_t i = 1; i < app->loop_count; i++) {
    pthread_join(app->threads[i], NULL);
  }
  free(app->threads);
}

static void log_listening(const mesh_app *app) {
  const otlp_attribute fields[] = {
      otlp_attribute_string("address", app->address),
      otlp_attribute_int("port", mesh_server_port(app->server)),
  };
  mesh_log(MESH_LOG_INFO, NULL, "listening", fields, 2);
}

static int64_t left_ms(int64_t deadline) {
  int64_t left = deadline - mesh__clock_ms();
  return left > 0 ? left : 0;
}

/* Step 4. */
static void run_stop_hooks(mesh_app *app) {
  for (mesh__app_hook *hook = app->stop_hooks; hook != NULL; hook = hook->next) {
    hook->stop(hook->data);
  }
}

/* A tenth of the time is for the last records. */
static int64_t first_flush_ms(const mesh_app *app) {
  return app->flush_ms - app->flush_ms / 10;
}

static void *flush_logs(void *data) {
  const mesh_app *app = data;
  otlp_logger_provider_force_flush(app->otlp.logger_provider, first_flush_ms(app));
  return NULL;
}

/* Spans and log records side by side: a collector of the one that hangs takes no time from the
 * other. */
static void flush_both(mesh_app *app) {
  pthread_t logs;
  start_thread(&logs, flush_logs, app);
  otlp_tracer_provider_shutdown(app->otlp.provider, first_flush_ms(app));
  pthread_join(logs, NULL);
}

/* Step 5. The last log record says how it went. */
static void flush_telemetry(mesh_app *app) {
  int64_t deadline = mesh__clock_ms() + app->flush_ms;
  if (app->has_otlp) {
    flush_both(app);
  }
  mesh__app_log_balance(app, (mesh__clock_ms() - app->began_ms) / 1000);
  if (app->has_otlp) {
    otlp_logger_provider_shutdown(app->otlp.logger_provider, left_ms(deadline));
  }
}

static void log_no_start(const mesh_status *why) {
  const otlp_attribute field = otlp_attribute_string("error", why->message);
  mesh_log(MESH_LOG_ERROR, NULL, "cannot start", &field, 1);
}

int mesh_app_run(mesh_app *app) {
  app->began_ms = mesh__clock_ms();
  if (app->server != NULL) {
    mesh_status status = mesh_server_start(app->server);
    if (!mesh_status_is_ok(&status)) {
      log_no_start(&status);
      run_stop_hooks(app);
      return EXIT_FAILURE;
    }
    log_listening(app);
  }
  start_thread(&app->waiter, wait_for_signals, app);
  run_loops(app);
  run_stop_hooks(app);
  flush_telemetry(app);
  pthread_cancel(app->waiter);
  pthread_join(app->waiter, NULL);
  return EXIT_SUCCESS;
}

int mesh_app_main(const mesh_app_options *options, mesh_status (*start)(mesh_app *app)) {
  mesh_log_configure(mesh_env_text("SERVICE_NAME", options->name), MESH_LOG_INFO);
  mesh_app *app = NULL;
  mesh_status status = mesh_app_new(options, &app);
  if (!mesh_status_is_ok(&status)) {
    log_no_start(&status);
    return EXIT_FAILURE;
  }
  status = start(app);
  int exit_code = EXIT_FAILURE;
  if (mesh_status_is_ok(&status)) {
    exit_code = mesh_app_run(app);
  } else {
    log_no_start(&status);
    run_stop_hooks(app);
  }
  mesh_app_destroy(app);
  return exit_code;
}
