/* SPDX-License-Identifier: Apache-2.0 */
/* Collects what the SDK logs, so that tests can count it. One at a time in a process. */
#ifndef TESTS_SUPPORT_LOG_CAPTURE_H
#define TESTS_SUPPORT_LOG_CAPTURE_H

#include <otlp/log.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { LOG_CAPTURE_MAX = 64 };

static struct {
  pthread_mutex_t lock;
  char lines[LOG_CAPTURE_MAX][512];
  size_t count;
} log_captured = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void log_capture_take(otlp_log_level level, const char *message, void *user_data) {
  (void)level;
  (void)user_data;
  pthread_mutex_lock(&log_captured.lock);
  if (log_captured.count < LOG_CAPTURE_MAX) {
    snprintf(log_captured.lines[log_captured.count], sizeof(log_captured.lines[0]), "%s", message);
  }
  log_captured.count++;
  pthread_mutex_unlock(&log_captured.lock);
}

static inline void log_capture_start(void) {
  log_captured.count = 0;
  otlp_set_log_handler(log_capture_take, NULL);
}

/* How many lines had `part` in them; "" counts all. */
static inline size_t log_capture_count(const char *part) {
  size_t found = 0;
  pthread_mutex_lock(&log_captured.lock);
  for (size_t i = 0; i < log_captured.count && i < LOG_CAPTURE_MAX; i++) {
    found += strstr(log_captured.lines[i], part) != NULL;
  }
  pthread_mutex_unlock(&log_captured.lock);
  return found;
}

#endif
