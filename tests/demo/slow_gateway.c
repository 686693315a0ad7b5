/* SPDX-License-Identifier: Apache-2.0 */
/*
 * slow_gateway PORT FULL DELAY_MS
 *
 * Stands in for a gateway that is slow, in the test of "load". It keeps the first requests until
 * FULL of them are under way, or for three seconds, so that whoever sends has met its bound; from
 * then on each is answered after DELAY_MS. Stock is added at once, over a connection that ends with
 * that.
 *
 * Prints "listening", and at SIGTERM the most connections and requests that it has had at one time.
 *
 * One thread, and of those who wait to be let in one a round, after what the others sent is read: a
 * connection that was closed before another was opened is never counted together with it.
 */
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_CONNECTIONS = 1000, MAX_REQUEST = 4096, PATIENCE_MS = 3000, ROUND_MS = 50 };

typedef struct connection {
  int fd;
  bool is_asking; /* its request is complete, and not yet answered */
  int64_t asked_ms;
  size_t length;
  char request[MAX_REQUEST + 1];
} connection;

typedef struct gateway {
  size_t full;
  int64_t delay_ms;
  int64_t opened_ms; /* when the first requests were let go; -1 before that */
  size_t count, most_connections;
  size_t asking, most_asking;
  connection connections[MAX_CONNECTIONS];
} gateway;

static volatile sig_atomic_t is_over;

static void end(int number) {
  (void)number;
  is_over = 1;
}

static int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void give_up(const char *what) {
  perror(what);
  exit(1);
}

static int listen_on(uint16_t port) {
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int yes = 1;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) != 0 ||
      bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 || listen(fd, 4096) != 0) {
    give_up("listening");
  }
  return fd;
}

static void let_in(gateway *self, int listener) {
  connection *new = &self->connections[self->count];
  new->fd = accept(listener, NULL, NULL);
  if (new->fd < 0) {
    give_up("accepting");
  }
  new->is_asking = false;
  new->length = 0;
  self->count++;
  if (self->count > self->most_connections) {
    self->most_connections = self->count;
  }
}

/* The last one takes its place. */
static void forget(gateway *self, connection *one) {
  close(one->fd);
  if (one->is_asking) {
    self->asking--;
  }
  self->count--;
  *one = self->connections[self->count];
}

/* True when head and body are there. */
static bool is_complete(const connection *one) {
  const char *end_of_head = strstr(one->request, "\r\n\r\n");
  const char *length = strcasestr(one->request, "\r\nContent-Length:");
  if (end_of_head == NULL) {
    return false;
  }
  size_t body = length != NULL ? strtoul(length + strlen("\r\nContent-Length:"), NULL, 10) : 0;
  return one->length >= (size_t)(end_of_head + 4 - one->request) + body;
}

static bool adds_stock(const connection *one) {
  return strstr(one->request, "/add HTTP/1.1\r\n") != NULL;
}

static void answer(connection *one, const char *header) {
  char text[128];
  int length =
      snprintf(text, sizeof(text), "HTTP/1.1 200 OK\r\n%sContent-Length: 2\r\n\r\n{}", header);
  /* Who is gone is found out by reading. */
  (void)!send(one->fd, text, (size_t)length, MSG_NOSIGNAL);
  one->is_asking = false;
  one->length = 0;
}

static void take_request(gateway *self, connection *one) {
  if (adds_stock(one)) {
    answer(one, "Connection: close\r\n");
    forget(self, one);
    return;
  }
  one->is_asking = true;
  one->asked_ms = now_ms();
  self->asking++;
  if (self->asking > self->most_asking) {
    self->most_asking = self->asking;
  }
}

static void read_from(gateway *self, connection *one) {
  ssize_t count = read(one->fd, one->request + one->length, MAX_REQUEST - one->length);
  if (count <= 0) {
    forget(self, one);
    return;
  }
  if (one->is_asking) {
    fprintf(stderr, "a second request over a connection whose first is not answered\n");
    exit(1);
  }
  one->length += (size_t)count;
  one->request[one->length] = '\0';
  if (is_complete(one)) {
    take_request(self, one);
  }
}

static bool is_due(const gateway *self, const connection *one, int64_t now) {
  int64_t since = one->asked_ms > self->opened_ms ? one->asked_ms : self->opened_ms;
  return one->is_asking && now - since >= self->delay_ms;
}

/* @return milliseconds until the next is due. */
static int answer_what_is_due(gateway *self) {
  int64_t now = now_ms();
  bool waits = false;
  for (size_t i = 0; i < self->count; i++) {
    connection *one = &self->connections[i];
    if (self->opened_ms < 0 && one->is_asking &&
        (self->asking >= self->full || now - one->asked_ms >= PATIENCE_MS)) {
      self->opened_ms = now;
    }
    if (self->opened_ms >= 0 && is_due(self, one, now)) {
      answer(one, "");
      self->asking--;
    }
    waits = waits || one->is_asking;
  }
  return waits && self->opened_ms >= 0 && self->delay_ms < ROUND_MS ? 1 : ROUND_MS;
}

static void serve_round(gateway *self, int listener, int wait_ms) {
  struct pollfd ready[MAX_CONNECTIONS + 1];
  size_t count = self->count;
  /* The listener first: what was closed before somebody came to it is seen in the same round. */
  ready[0] = (struct pollfd){listener, count < MAX_CONNECTIONS ? POLLIN : 0, 0};
  for (size_t i = 0; i < count; i++) {
    ready[i + 1] = (struct pollfd){self->connections[i].fd, POLLIN, 0};
  }
  if (poll(ready, count + 1, wait_ms) <= 0) {
    return;
  }
  for (size_t i = count; i > 0; i--) { /* backwards, as the last takes the place of who goes */
    if (ready[i].revents != 0) {
      read_from(self, &self->connections[i - 1]);
    }
  }
  if (ready[0].revents != 0) {
    let_in(self, listener);
  }
}

int main(int argc, char **argv) {
  static gateway self = {.opened_ms = -1};
  if (argc != 4) {
    fprintf(stderr, "usage: slow_gateway PORT FULL DELAY_MS\n");
    return 2;
  }
  self.full = strtoul(argv[2], NULL, 10);
  self.delay_ms = strtol(argv[3], NULL, 10);
  signal(SIGTERM, end);
  int listener = listen_on((uint16_t)atoi(argv[1]));
  printf("listening\n");
  fflush(stdout);
  while (!is_over) {
    int wait_ms = answer_what_is_due(&self);
    serve_round(&self, listener, wait_ms);
  }
  printf("%zu connections and %zu requests at most\n", self.most_connections, self.most_asking);
  return 0;
}
