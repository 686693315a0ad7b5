/* SPDX-License-Identifier: Apache-2.0 */
#include "raw_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../support/cmocka_headers.h"
#include "export/deadline.h"
#include "export/gate.h"

enum { CONNECTIONS_MAX = 64 };

struct raw_server {
  int listener;
  int port;
  int stop[2]; /* a pipe */
  const char *answer;
  size_t answer_size;
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t heard;
  bool has_heard;                            /* guarded by lock */
  struct pollfd polled[2 + CONNECTIONS_MAX]; /* stop, listener, connections */
  nfds_t count;
};

static int bind_loopback(int *out_port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof(address);
  assert_true(fd >= 0);
  assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
  assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
  *out_port = ntohs(address.sin_port);
  return fd;
}

static void answer_connection(raw_server *self, nfds_t index) {
  char ignored[65536];
  ssize_t got = read(self->polled[index].fd, ignored, sizeof(ignored));
  if (got > 0) {
    pthread_mutex_lock(&self->lock);
    self->has_heard = true;
    pthread_cond_broadcast(&self->heard);
    pthread_mutex_unlock(&self->lock);
  }
  if (got > 0 && self->answer == NULL) {
    return;
  }
  for (size_t sent = 0; got > 0 && sent < self->answer_size;) {
    ssize_t now =
        send(self->polled[index].fd, self->answer + sent, self->answer_size - sent, MSG_NOSIGNAL);
    if (now <= 0) {
      break;
    }
    sent += (size_t)now;
  }
  close(self->polled[index].fd);
  self->polled[index] = self->polled[--self->count];
}

static void *serve(void *user_data) {
  raw_server *self = user_data;
  while (poll(self->polled, self->count, -1) >= 0 && self->polled[0].revents == 0) {
    for (nfds_t i = self->count; i-- > 2;) {
      if (self->polled[i].revents != 0) {
        answer_connection(self, i);
      }
    }
    if (self->polled[1].revents != 0 && self->count < 2 + CONNECTIONS_MAX) {
      int fd = accept(self->listener, NULL, NULL);
      self->polled[self->count++] = (struct pollfd){.fd = fd, .events = POLLIN};
    }
  }
  for (nfds_t i = 2; i < self->count; i++) {
    close(self->polled[i].fd);
  }
  return NULL;
}

raw_server *raw_server_start(const char *answer, size_t size) {
  raw_server *self = calloc(1, sizeof(*self));
  self->answer = answer;
  self->answer_size = size;
  self->listener = bind_loopback(&self->port);
  assert_int_equal(listen(self->listener, 64), 0);
  assert_int_equal(pipe(self->stop), 0);
  self->polled[0] = (struct pollfd){.fd = self->stop[0], .events = POLLIN};
  self->polled[1] = (struct pollfd){.fd = self->listener, .events = POLLIN};
  self->count = 2;
  pthread_mutex_init(&self->lock, NULL);
  otlp__cond_init_monotonic(&self->heard);
  assert_int_equal(pthread_create(&self->thread, NULL, serve, self), 0);
  return self;
}

void raw_server_stop(raw_server *self) {
  assert_int_equal(write(self->stop[1], "x", 1), 1);
  pthread_join(self->thread, NULL);
  close(self->listener);
  close(self->stop[0]);
  close(self->stop[1]);
  pthread_cond_destroy(&self->heard);
  pthread_mutex_destroy(&self->lock);
  free(self);
}

void raw_server_wait_bytes(raw_server *self) {
  struct timespec limit = otlp__timespec_of(otlp__monotonic_now() + 20 * OTLP__NS_PER_S);
  int error = 0;
  pthread_mutex_lock(&self->lock);
  while (!self->has_heard && error == 0) {
    error = pthread_cond_timedwait(&self->heard, &self->lock, &limit);
  }
  pthread_mutex_unlock(&self->lock);
  assert_int_equal(error, 0);
}

int raw_server_port(const raw_server *self) {
  return self->port;
}

/* Bound and never listened on, for as long as the process runs: nobody else can get it. */
int unused_port(void) {
  static int port;
  if (port == 0) {
    bind_loopback(&port);
  }
  return port;
}
