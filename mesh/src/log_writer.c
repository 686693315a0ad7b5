/* SPDX-License-Identifier: Apache-2.0 */
#include "log_writer.h"

#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
  BUFFER_SIZE = 128 * 1024, /* a burst of some hundred lines */
  GATHER_MS = 10,
  PATIENCE_MS = 1000, /* with a reader that does not read */
};

static struct {
  pthread_mutex_t writing; /* held while text goes out, taken before `lock` */
  pthread_mutex_t lock;    /* guards what follows */
  pthread_cond_t changed;
  char *text; /* NULL: not started */
  size_t size;
  bool is_stopping;
  pthread_t thread;
} gathered = {.writing = PTHREAD_MUTEX_INITIALIZER,
              .lock = PTHREAD_MUTEX_INITIALIZER,
              .changed = PTHREAD_COND_INITIALIZER};

static char *spare; /* the other buffer; guarded by `writing` */
static atomic_ulong lost_lines;
static atomic_ulong lost_in_all;

static void lose(void) {
  atomic_fetch_add_explicit(&lost_in_all, 1, memory_order_relaxed);
  atomic_fetch_add_explicit(&lost_lines, 1, memory_order_relaxed);
}

unsigned long mesh__log_take_lost(void) {
  return atomic_load_explicit(&lost_lines, memory_order_relaxed) == 0
             ? 0
             : atomic_exchange_explicit(&lost_lines, 0, memory_order_relaxed);
}

unsigned long mesh__log_lost_in_all(void) {
  return atomic_load_explicit(&lost_in_all, memory_order_relaxed);
}

/* Whether stderr is a file on a disk, which takes any text at once, and in one piece. */
static bool is_file(void) {
  struct stat status;
  return fstat(STDERR_FILENO, &status) == 0 && S_ISREG(status.st_mode);
}

/* Whether a write of at most PIPE_BUF bytes would not wait. */
static bool can_write(int wait_ms) {
  struct pollfd descriptor = {.fd = STDERR_FILENO, .events = POLLOUT};
  return poll(&descriptor, 1, wait_ms) == 1 && (descriptor.revents & POLLOUT) != 0;
}

/* As many whole lines as a pipe takes at once; no line is longer than that. */
static size_t next_piece(const char *text, size_t size) {
  if (size <= PIPE_BUF) {
    return size;
  }
  const char *end = memrchr(text, '\n', PIPE_BUF);
  return end != NULL ? (size_t)(end + 1 - text) : PIPE_BUF;
}

static void lose_all(const char *text, size_t size) {
  for (size_t i = 0; i < size; i++) {
    if (text[i] == '\n') {
      lose();
    }
  }
}

static void write_all(const char *text, size_t size) {
  bool takes_all = size > 0 && is_file();
  while (size > 0) {
    size_t piece = takes_all ? size : next_piece(text, size);
    bool is_ready = takes_all || can_write(PATIENCE_MS);
    if (!is_ready || write(STDERR_FILENO, text, piece) != (ssize_t)piece) {
      lose_all(text, size);
      return;
    }
    text += piece;
    size -= piece;
  }
}

void mesh__log_flush(void) {
  pthread_mutex_lock(&gathered.writing);
  pthread_mutex_lock(&gathered.lock);
  char *text = gathered.text;
  size_t size = gathered.size;
  if (text != NULL) {
    gathered.text = spare;
    gathered.size = 0;
    spare = text;
  }
  pthread_mutex_unlock(&gathered.lock);
  write_all(text, size);
  pthread_mutex_unlock(&gathered.writing);
}

static struct timespec gather_until(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  time.tv_nsec += GATHER_MS * 1000000;
  if (time.tv_nsec >= 1000000000) {
    time.tv_sec++;
    time.tv_nsec -= 1000000000;
  }
  return time;
}

/* Waits for a line, and then a moment for more. @return false when it is time to stop. */
static bool wait_for_lines(void) {
  pthread_mutex_lock(&gathered.lock);
  while (gathered.size == 0 && !gathered.is_stopping) {
    pthread_cond_wait(&gathered.changed, &gathered.lock);
  }
  struct timespec until = gather_until();
  int timed_out = 0;
  while (gathered.size < BUFFER_SIZE / 2 && !gathered.is_stopping && timed_out == 0) {
    timed_out = pthread_cond_timedwait(&gathered.changed, &gathered.lock, &until);
  }
  bool goes_on = !gathered.is_stopping;
  pthread_mutex_unlock(&gathered.lock);
  return goes_on;
}

static void *run(void *unused) {
  (void)unused;
  while (wait_for_lines()) {
    mesh__log_flush();
  }
  return NULL;
}

void mesh__log_start(void) {
  char *text = malloc(BUFFER_SIZE);
  spare = malloc(BUFFER_SIZE);
  pthread_mutex_lock(&gathered.lock);
  gathered.is_stopping = false;
  gathered.text = text;
  pthread_mutex_unlock(&gathered.lock);
  if (text == NULL || spare == NULL || pthread_create(&gathered.thread, NULL, run, NULL) != 0) {
    abort();
  }
}

void mesh__log_stop(void) {
  pthread_mutex_lock(&gathered.lock);
  bool was_started = gathered.text != NULL;
  gathered.is_stopping = true;
  pthread_cond_signal(&gathered.changed);
  pthread_mutex_unlock(&gathered.lock);
  if (!was_started) {
    return;
  }
  pthread_join(gathered.thread, NULL);
  mesh__log_flush();
  pthread_mutex_lock(&gathered.lock);
  free(gathered.text);
  gathered.text = NULL;
  pthread_mutex_unlock(&gathered.lock);
  free(spare);
  spare = NULL;
}

/* @return false when lines are not gathered now. */
static bool gather(otlp_string line) {
  pthread_mutex_lock(&gathered.lock);
  bool is_started = gathered.text != NULL;
  if (is_started && line.length > BUFFER_SIZE - gathered.size) {
    lose();
  } else if (is_started) {
    size_t before = gathered.size;
    memcpy(gathered.text + before, line.data, line.length);
    gathered.size += line.length;
    if (before == 0 || (before < BUFFER_SIZE / 2 && gathered.size >= BUFFER_SIZE / 2)) {
      pthread_cond_signal(&gathered.changed);
    }
  }
  pthread_mutex_unlock(&gathered.lock);
  return is_started;
}

void mesh__log_write(otlp_string line) {
  if (gather(line)) {
    return;
  }
  if (!can_write(0) || write(STDERR_FILENO, line.data, line.length) != (ssize_t)line.length) {
    lose();
  }
}
