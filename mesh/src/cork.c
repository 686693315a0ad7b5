/* SPDX-License-Identifier: Apache-2.0 */
#include "cork.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

/*
 * A connection. The descriptor is the C core's, which does not tell when it closes it; a duplicate
 * would keep the closed socket in the core's epoll set. So each is looked at right before it is
 * corked: the cookie tells a socket from the next one with its number. What a loop has corked it
 * uncorks, whatever has become of it in between.
 */
typedef struct connection {
  int fd;
  uint64_t cookie;
} connection;

static struct {
  pthread_mutex_t lock;
  size_t count;
  connection items[MESH__CORK_CONNECTIONS_MAX];
} connections = {.lock = PTHREAD_MUTEX_INITIALIZER};

static bool set_cork(int fd, int is_on) {
  return setsockopt(fd, IPPROTO_TCP, TCP_CORK, &is_on, sizeof is_on) == 0;
}

/* 0 where there is no socket. */
static uint64_t cookie_of(int fd) {
  uint64_t cookie = 0;
  socklen_t size = sizeof cookie;
  return getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &size) == 0 ? cookie : 0;
}

static bool is_open(const connection *self) {
  return cookie_of(self->fd) == self->cookie;
}

/* With the lock held. */
static void forget_closed(void) {
  for (size_t i = connections.count; i-- > 0;) {
    if (!is_open(&connections.items[i])) {
      connections.items[i] = connections.items[--connections.count];
    }
  }
}

/* Unix sockets have no cork. */
static void add_connection(int fd) {
  connection added = {fd, cookie_of(fd)};
  if (added.cookie == 0 || !set_cork(fd, 0)) {
    return;
  }
  pthread_mutex_lock(&connections.lock);
  forget_closed();
  if (connections.count < MESH__CORK_CONNECTIONS_MAX) {
    connections.items[connections.count++] = added;
  }
  pthread_mutex_unlock(&connections.lock);
}

static size_t copy_connections(connection out_items[MESH__CORK_CONNECTIONS_MAX]) {
  pthread_mutex_lock(&connections.lock);
  size_t count = connections.count;
  memcpy(out_items, connections.items, count * sizeof *out_items);
  pthread_mutex_unlock(&connections.lock);
  return count;
}

void mesh__cork_put(mesh__cork *cork) {
  connection items[MESH__CORK_CONNECTIONS_MAX];
  size_t count = copy_connections(items);
  cork->count = 0;
  for (size_t i = 0; i < count; i++) {
    if (is_open(&items[i]) && set_cork(items[i].fd, 1)) {
      cork->fds[cork->count++] = items[i].fd;
    }
  }
}

void mesh__cork_pull(mesh__cork *cork) {
  for (size_t i = 0; i < cork->count; i++) {
    (void)set_cork(cork->fds[i], 0);
  }
  cork->count = 0;
}

/* ---- the C core's side, as in the sources of its version 29 (gRPC 1.51) ---- */

static const char CORE_VERSION[] = "29.";

typedef enum socket_usage { CLIENT_CONNECTION, SERVER_LISTENER, SERVER_CONNECTION } socket_usage;

typedef struct socket_info {
  int fd;
  socket_usage usage;
} socket_info;

typedef struct mutator mutator;

typedef struct mutator_vtable {
  bool (*mutate)(int fd, mutator *self); /* before there was a usage */
  int (*compare)(mutator *a, mutator *b);
  void (*destroy)(mutator *self);
  bool (*mutate_with_usage)(const socket_info *info, mutator *self);
} mutator_vtable;

struct mutator {
  const mutator_vtable *vtable;
  intptr_t references;
};

static int compare(mutator *a, mutator *b) {
  return (a > b) - (a < b);
}

static void destroy(mutator *self) {
  (void)self; /* there is always our own reference */
}

static bool mutate(const socket_info *info, mutator *self) {
  (void)self;
  if (info->usage != SERVER_LISTENER) {
    add_connection(info->fd);
  }
  return true;
}

static const mutator_vtable VTABLE = {NULL, compare, destroy, mutate};
static mutator the_mutator = {&VTABLE, 1};

static void *copy_pointer(void *pointer) {
  return pointer;
}

static void drop_pointer(void *pointer) {
  (void)pointer;
}

static int compare_pointers(void *a, void *b) {
  return compare(a, b);
}

static bool is_of_known_core(void) {
  return strncmp(grpc_version_string(), CORE_VERSION, strlen(CORE_VERSION)) == 0;
}

static bool is_enabled = true;

void mesh__cork_set_enabled(bool enabled) {
  is_enabled = enabled;
}

void mesh__cork_add_arg(mesh__channel_args *args) {
  static const grpc_arg_pointer_vtable vtable = {copy_pointer, drop_pointer, compare_pointers};
  if (is_enabled && is_of_known_core()) {
    mesh__channel_args_add_pointer(args, GRPC_ARG_SOCKET_MUTATOR, &the_mutator, &vtable);
  }
}
