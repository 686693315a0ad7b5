/* SPDX-License-Identifier: Apache-2.0 */
#include <otlp/log.h>

#include "env.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>

enum { MESSAGE_SIZE = 1024, LEVEL_UNKNOWN = -1 };

static const char *const level_names[] = {"none", "error", "warn", "info", "debug"};

static atomic_int current_level = LEVEL_UNKNOWN;

/* The handler and its data change together. */
static pthread_mutex_t handler_lock = PTHREAD_MUTEX_INITIALIZER;
static otlp_log_fn *current_handler;
static void *current_user_data;

static void write_to_stderr(otlp_log_level level, const char *message, void *user_data) {
  (void)user_data;
  fprintf(stderr, "otlp: %s: %s\n", level_names[level], message);
}

void otlp_set_log_handler(otlp_log_fn *handler, void *user_data) {
  pthread_mutex_lock(&handler_lock);
  current_handler = handler;
  current_user_data = user_data;
  pthread_mutex_unlock(&handler_lock);
}

void otlp_set_log_level(otlp_log_level level) {
  atomic_store(&current_level, (int)level);
}

/* The level is settled before the variable is read: reading it may itself want to warn. */
static int level_from_environment(void) {
  int unknown = LEVEL_UNKNOWN;
  if (atomic_compare_exchange_strong(&current_level, &unknown, OTLP_LOG_INFO)) {
    int named =
        otlp__env_enum("OTEL_LOG_LEVEL", level_names, sizeof(level_names) / sizeof(*level_names));
    if (named >= 0) {
      int settled = OTLP_LOG_INFO;
      atomic_compare_exchange_strong(&current_level, &settled, named);
    }
  }
  return atomic_load(&current_level);
}

bool otlp_log_enabled(otlp_log_level level) {
  int limit = atomic_load_explicit(&current_level, memory_order_relaxed);
  if (limit == LEVEL_UNKNOWN) {
    limit = level_from_environment();
  }
  return level != OTLP_LOG_NONE && (int)level <= limit;
}

/* Called without the lock, so that a handler may log, or replace itself. */
static void deliver(otlp_log_level level, const char *message) {
  pthread_mutex_lock(&handler_lock);
  otlp_log_fn *handler = current_handler != NULL ? current_handler : write_to_stderr;
  void *user_data = current_user_data;
  pthread_mutex_unlock(&handler_lock);
  handler(level, message, user_data);
}

void otlp_log(otlp_log_level level, const char *format, ...) {
  if (!otlp_log_enabled(level)) {
    return;
  }
  char message[MESSAGE_SIZE];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof(message), format, arguments);
  va_end(arguments);
  deliver(level, message);
}
