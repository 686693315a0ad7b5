/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeps a number of keep-alive connections busy with one request each, for some seconds, and prints
 * what came of it: requests a second, latencies, and how many answers were not the expected one.
 */
#include "clock.h"
#include "http_reader.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_SAMPLES 2000000

typedef struct bench_connection {
  int fd;
  double sent_at;
  http_reader reader;
} bench_connection;

typedef struct load {
  const char *request;
  size_t request_size;
  struct sockaddr_in address;
  int epoll_fd;
  bench_connection *connections;
  unsigned connection_count;
  unsigned under_way;
  double end;
  uint64_t answered;
  uint64_t unexpected; /* answers that were not 2xx */
  float *latencies_ms;
} load;

static void die(const char *what) {
  fprintf(stderr, "bench-http: %s: %s\n", what, strerror(errno));
  exit(1);
}

/* Requests fit the socket's buffer, so that sending does not wait. */
static void send_request(load *running, bench_connection *connection) {
  connection->sent_at = bench_now();
  ssize_t sent = send(connection->fd, running->request, running->request_size, MSG_NOSIGNAL);
  if (sent != (ssize_t)running->request_size) {
    die("the server did not take a request");
  }
}

static void open_connection(load *running, bench_connection *connection) {
  connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const struct sockaddr *address = (const struct sockaddr *)&running->address;
  if (connection->fd < 0 || connect(connection->fd, address, sizeof(running->address)) != 0) {
    die("cannot connect");
  }
  int on = 1;
  setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
  if (epoll_ctl(running->epoll_fd, EPOLL_CTL_ADD, connection->fd, &event) != 0) {
    die("epoll_ctl");
  }
}

static void count_answer(load *running, bench_connection *connection) {
  double answered_at = bench_now();
  if (running->answered < MAX_SAMPLES) {
    running->latencies_ms[running->answered] = (float)((answered_at - connection->sent_at) * 1e3);
  }
  running->answered++;
  running->unexpected += connection->reader.status / 100 != 2;
  if (answered_at < running->end) {
    send_request(running, connection);
  } else {
    running->under_way--;
  }
}

static void read_answer(load *running, bench_connection *connection) {
  static char buffer[64 * 1024];
  ssize_t size = recv(connection->fd, buffer, sizeof(buffer), 0);
  if (size <= 0) {
    die("the server closed a connection");
  }
  switch (http_reader_take(&connection->reader, buffer, (size_t)size)) {
  case HTTP_READING_MORE:
    return;
  case HTTP_READING_ANSWER:
    count_answer(running, connection);
    return;
  case HTTP_READING_BROKEN:
    fprintf(stderr, "bench-http: not an answer we understand: %.*s\n", (int)size, buffer);
    exit(1);
  }
}

static void run(load *running) {
  struct epoll_event events[256];
  running->under_way = running->connection_count;
  for (unsigned i = 0; i < running->connection_count; i++) {
    send_request(running, &running->connections[i]);
  }
  while (running->under_way > 0) {
    int count = epoll_wait(running->epoll_fd, events, 256, 10000);
    if (count <= 0) {
      die("no answer for 10 seconds");
    }
    for (int i = 0; i < count; i++) {
      read_answer(running, events[i].data.ptr);
    }
  }
}

static int compare(const void *left, const void *right) {
  float a = *(const float *)left;
  float b = *(const float *)right;
  return (a > b) - (a < b);
}

static void report(load *running, double seconds) {
  size_t samples = running->answered < MAX_SAMPLES ? running->answered : MAX_SAMPLES;
  qsort(running->latencies_ms, samples, sizeof(float), compare);
  printf("rate %.0f answered %llu cpu_ns %.0f p50_ms %.2f p99_ms %.2f unexpected %llu\n",
         (double)running->answered / seconds, (unsigned long long)running->answered,
         bench_cpu_ns() / (double)running->answered, (double)running->latencies_ms[samples / 2],
         (double)running->latencies_ms[samples * 99 / 100],
         (unsigned long long)running->unexpected);
}

/* The request as bytes; with a body it is a POST of JSON. */
static char *make_request(const char *host, const char *path, const char *body) {
  char *request = NULL;
  int size = body == NULL ? asprintf(&request, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", path, host)
                          : asprintf(&request,
                                     "POST %s HTTP/1.1\r\nHost: %s\r\n"
                                     "Content-Type: application/json\r\n"
                                     "Content-Length: %zu\r\n\r\n%s",
                                     path, host, strlen(body), body);
  if (size < 0) {
    die("asprintf");
  }
  return request;
}

int main(int argc, char **argv) {
  if (argc != 5 && argc != 6) {
    fputs("usage: bench-http PORT PATH CONNECTIONS SECONDS [JSON_BODY]\n", stderr);
    return 2;
  }
  load running = {.connection_count = (unsigned)atoi(argv[3])};
  running.address = (struct sockaddr_in){.sin_family = AF_INET,
                                         .sin_port = htons((uint16_t)atoi(argv[1])),
                                         .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  running.request = make_request("localhost", argv[2], argc == 6 ? argv[5] : NULL);
  running.request_size = strlen(running.request);
  running.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  running.connections = calloc(running.connection_count, sizeof(bench_connection));
  running.latencies_ms = malloc(MAX_SAMPLES * sizeof(float));
  if (running.connections == NULL || running.latencies_ms == NULL) {
    die("memory");
  }
  for (unsigned i = 0; i < running.connection_count; i++) {
    open_connection(&running, &running.connections[i]);
  }
  double started = bench_now();
  running.end = started + atof(argv[4]);
  run(&running);
  report(&running, bench_now() - started);
  return running.unexpected > 0;
}
