/* SPDX-License-Identifier: Apache-2.0 */
/* Servers from inside: what they serve, on which loops, and how they stop. */
#ifndef MESH__SERVER_H
#define MESH__SERVER_H

#include <grpc/grpc_security.h>
#include <mesh/server.h>
#include <stdatomic.h>

#include "chain.h"
#include "context.h"
#include "health.h"
#include "overload.h"
#include "reflection.h"

/* A method on a server. */
typedef struct mesh__binding {
  const mesh_method *method; /* NULL: whatever is not registered */
  mesh_service service;
  void *registered; /* the C core's handle */
  bool is_exempt;   /* from the limit of calls in flight: health must answer under load */
  struct mesh__binding *next;
} mesh__binding;

typedef struct mesh__accept mesh__accept;

/* The part of a server that belongs to one loop. */
typedef struct mesh__server_loop {
  mesh_server *server;
  mesh_loop *loop;
  size_t calls_in_flight; /* without the exempt ones, as what follows */
  size_t calls_in_flight_max;
  uint64_t calls_started;
  uint64_t calls_ended[GRPC_STATUS_UNAUTHENTICATED + 1];
  mesh__overload overload;
  mesh__accept *accepts;
  size_t accept_count;
} mesh__server_loop;

/* Who wants to know that the server has drained. */
typedef struct mesh__drain_waiter {
  struct mesh__drain_waiter *next;
  void (*fn)(void *data);
  void *data;
} mesh__drain_waiter;

struct mesh_server {
  /* fixed at the start */
  grpc_server *core;
  mesh__binding *bindings;
  mesh__binding unknown;
  mesh__chain chain;
  mesh__health *health;
  mesh__reflection *reflection; /* NULL: disabled */
  mesh__server_loop *loops;
  size_t loop_count;
  size_t max_calls_in_flight;
  void (*on_overload)(const mesh_overload *overload, void *data); /* NULL: nobody asks */
  void *overload_data;
  grpc_server_credentials *credentials;
  char *address;
  int port;
  char telemetry_address[256]; /* server.address of its spans */
  /* the first loop's */
  mesh__tag shutdown_tag;
  mesh_timer grace_timer;
  int64_t cancel_at_ms;
  bool is_draining;
  bool has_drained;
  bool is_started;
  mesh__drain_waiter *waiters;
  mesh__task drained_task;
  /* any thread: what must end before the server has drained: calls, accepts, the C core's server */
  atomic_size_t parts;
  _Atomic uint64_t refused;
};

/* Adds a service of the server's own, whose calls are not limited in number. */
MESH_MUST_USE mesh_status mesh__server_add_own(mesh_server *server, mesh_service service);

/* Asks the C core for calls, on every loop. */
void mesh__server_accept_start(mesh_server *server);
void mesh__server_accept_clean_up(mesh_server *server);

void mesh__server_part_begin(mesh_server *server);
void mesh__server_part_end(mesh_server *server);

#endif
