/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libmicrohttpd in front of one bare call: an HTTP thread that starts the call, and the queue's
 * thread that hands its end back. Results go onto a stack, and who finds it empty wakes the HTTP
 * thread.
 */
#include "bare.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

/* As the gateway has it by default. */
enum { CONNECTION_MEMORY = 20 * 1024 };

static const char BODY[] =
    "{\"product_id\":\"demo-product\",\"name\":\"Demo Product\",\"price\":29.99,"
    "\"available\":100,\"reserved\":0}";

typedef struct gateway {
  bare_client backend;
  struct MHD_Daemon *daemon;
  struct MHD_Response *response;
  _Atomic(struct exchange *) results;
  int event_fd;
} gateway;

typedef struct exchange {
  bare_call call;
  gateway *gateway;
  struct MHD_Connection *connection;
  struct exchange *next;
  bool is_called;
} exchange;

static volatile bool stopping;

static void on_signal(int number) {
  (void)number;
  stopping = true;
}

/* On the queue's thread. */
static void on_reply(void *data) {
  exchange *done = data;
  gateway *self = done->gateway;
  exchange *head = atomic_load(&self->results);
  do {
    done->next = head;
  } while (!atomic_compare_exchange_weak(&self->results, &head, done));
  if (head == NULL && eventfd_write(self->event_fd, 1) != 0) {
    bare_die("no event");
  }
}

static void take_results(gateway *self) {
  eventfd_t count;
  (void)eventfd_read(self->event_fd, &count);
  exchange *done = atomic_exchange(&self->results, NULL);
  while (done != NULL) {
    exchange *next = done->next;
    MHD_resume_connection(done->connection);
    done = next;
  }
}

/* Is called with the head, with the body, which counts for nothing, behind it, and when resumed. */
static enum MHD_Result handle(void *data, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *body,
                              size_t *body_size, void **state) {
  (void)url;
  (void)method;
  (void)version;
  (void)body;
  gateway *self = data;
  exchange *at_hand = *state;
  if (at_hand == NULL) {
    *state = at_hand = calloc(1, sizeof *at_hand);
    at_hand->gateway = self;
    at_hand->connection = connection;
  } else if (*body_size != 0) {
    *body_size = 0;
  } else if (!at_hand->is_called) {
    at_hand->is_called = true;
    MHD_suspend_connection(connection);
    bare_call_start(&self->backend, &at_hand->call, on_reply, at_hand);
  } else {
    return MHD_queue_response(connection, MHD_HTTP_OK, self->response);
  }
  return MHD_YES;
}

static void completed(void *data, struct MHD_Connection *connection, void **state,
                      enum MHD_RequestTerminationCode how) {
  (void)data;
  (void)connection;
  (void)how;
  free(*state);
}

static int open_socket(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof address;
  int listening = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (bind(listening, (struct sockaddr *)&address, size) != 0 || listen(listening, 1024) != 0 ||
      getsockname(listening, (struct sockaddr *)&address, &size) != 0) {
    bare_die("no port to serve on");
  }
  printf("port %d\n", ntohs(address.sin_port));
  fflush(stdout);
  return listening;
}

static void *poll_queue(void *data) {
  gateway *self = data;
  bare_run(self->backend.queue, &stopping);
  return NULL;
}

static void poll_http(gateway *self) {
  int epoll_fd = MHD_get_daemon_info(self->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
  struct pollfd fds[] = {{epoll_fd, POLLIN, 0}, {self->event_fd, POLLIN, 0}};
  while (!stopping) {
    MHD_UNSIGNED_LONG_LONG wait_ms = 0;
    bool has_work = MHD_get_timeout(self->daemon, &wait_ms) == MHD_YES && wait_ms == 0;
    (void)poll(fds, 2, has_work ? 0 : 100);
    if (fds[1].revents != 0) {
      take_results(self);
    }
    (void)MHD_run(self->daemon);
  }
}

void bare_gateway(const char *target) {
  gateway self = {.event_fd = eventfd(0, EFD_NONBLOCK)};
  pthread_t thread;
  signal(SIGTERM, on_signal);
  self.backend = bare_client_new(grpc_completion_queue_create_for_next(NULL), target);
  self.response = MHD_create_response_from_buffer(sizeof BODY - 1, (void *)(uintptr_t)BODY,
                                                  MHD_RESPMEM_PERSISTENT);
  MHD_add_response_header(self.response, "Content-Type", "application/json");
  self.daemon = MHD_start_daemon(
      MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, handle, &self,
      MHD_OPTION_LISTEN_SOCKET, open_socket(), MHD_OPTION_NOTIFY_COMPLETED, completed, NULL,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
      MHD_OPTION_CONNECTION_MEMORY_INCREMENT, (size_t)4096, MHD_OPTION_END);
  if (self.daemon == NULL || pthread_create(&thread, NULL, poll_queue, &self) != 0) {
    bare_die("the gateway could not be started");
  }
  poll_http(&self);
  pthread_join(thread, NULL);
}
