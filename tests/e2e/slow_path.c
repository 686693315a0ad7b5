/* SPDX-License-Identifier: Apache-2.0 */
#include "slow_path.h"

#include "cmocka_headers.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 32, HELD_MAX = 65536 };

typedef struct connection {
  int client;
  int server;
  size_t held; /* bytes that wait; nothing more is read until they have left */
  int64_t due_ms;
  char bytes[HELD_MAX];
} connection;

struct slow_path {
  int listener;
  int port;
  int delay_ms;
  int stop[2]; /* a pipe */
  pthread_t thread;
  connection connections[CONNECTIONS_MAX];
  size_t count;
  struct pollfd polled[2 + 2 * CONNECTIONS_MAX]; /* stop, listener, both ends of each */
};

static int64_t now_ms(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* Adds a connection; the client's is closed at once when the server takes none. */
static void take_connection(slow_path *self) {
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)self->port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int client = accept4(self->listener, NULL, NULL, SOCK_CLOEXEC);
  int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(server, (struct sockaddr *)&address, sizeof(address)) != 0) {
    close(client);
    close(server);
    return;
  }
  connection *added = &self->connections[self->count++];
  added->client = client;
  added->server = server;
  added->held = 0;
}

static bool send_all(int fd, const char *bytes, size_t size) {
  while (size > 0) {
    ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);
    if (sent <= 0) {
      return false;
    }
    bytes += sent;
    size -= (size_t)sent;
  }
  return true;
}

static bool pass_on(const connection *self) {
  char bytes[HELD_MAX];
  ssize_t got = read(self->client, bytes, sizeof(bytes));
  return got > 0 && send_all(self->server, bytes, (size_t)got);
}

static bool hold(connection *self, int64_t until_ms) {
  ssize_t got = read(self->server, self->bytes, sizeof(self->bytes));
  self->held = got > 0 ? (size_t)got : 0;
  self->due_ms = until_ms;
  return got > 0;
}

static bool let_go(connection *self) {
  size_t size = self->held;
  self->held = 0;
  return send_all(self->client, self->bytes, size);
}

/* What there is to do for it; false when it is over. */
static bool serve_connection(const slow_path *self, connection *served,
                             const struct pollfd polled[static 2]) {
  if (served->held > 0 && now_ms() >= served->due_ms && !let_go(served)) {
    return false;
  }
  if (polled[0].revents != 0 && !pass_on(served)) {
    return false;
  }
  return polled[1].revents == 0 || hold(served, now_ms() + self->delay_ms);
}

static void close_connection(slow_path *self, size_t index) {
  close(self->connections[index].client);
  close(self->connections[index].server);
  self->connections[index] = self->connections[--self->count];
}

/* For poll: -1 when that is never. */
static int timeout_until(int64_t ms) {
  int64_t left_ms = ms - now_ms();
  if (ms == INT64_MAX) {
    return -1;
  }
  return left_ms > 0 ? (int)left_ms : 0;
}

/* Waits for the next thing to do. */
static void wait_for_work(slow_path *self) {
  int64_t next_ms = INT64_MAX;
  self->polled[0] = (struct pollfd){.fd = self->stop[0], .events = POLLIN};
  self->polled[1] =
      (struct pollfd){.fd = self->count < CONNECTIONS_MAX ? self->listener : -1, .events = POLLIN};
  for (size_t i = 0; i < self->count; i++) {
    const connection *each = &self->connections[i];
    self->polled[2 + 2 * i] = (struct pollfd){.fd = each->client, .events = POLLIN};
    self->polled[3 + 2 * i] =
        (struct pollfd){.fd = each->held > 0 ? -1 : each->server, .events = POLLIN};
    next_ms = each->held > 0 && each->due_ms < next_ms ? each->due_ms : next_ms;
  }
  poll(self->polled, 2 + 2 * self->count, timeout_until(next_ms));
}

static void *serve(void *data) {
  slow_path *self = data;
  for (wait_for_work(self); self->polled[0].revents == 0; wait_for_work(self)) {
    for (size_t i = self->count; i-- > 0;) {
      if (!serve_connection(self, &self->connections[i], &self->polled[2 + 2 * i])) {
        close_connection(self, i);
      }
    }
    if (self->polled[1].revents != 0) {
      take_connection(self);
    }
  }
  while (self->count > 0) {
    close_connection(self, self->count - 1);
  }
  return NULL;
}

slow_path *slow_path_start(int listener, int port, int delay_ms) {
  slow_path *self = calloc(1, sizeof(*self));
  assert_non_null(self);
  self->listener = listener;
  self->port = port;
  self->delay_ms = delay_ms;
  assert_int_equal(pipe(self->stop), 0);
  assert_int_equal(pthread_create(&self->thread, NULL, serve, self), 0);
  return self;
}

void slow_path_stop(slow_path *self) {
  assert_int_equal(write(self->stop[1], "x", 1), 1);
  pthread_join(self->thread, NULL);
  close(self->stop[0]);
  close(self->stop[1]);
  free(self);
}
