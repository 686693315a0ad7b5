/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a server stops, by number (see DESIGN, "Shutting down"):
 *   1. Health turns NOT_SERVING.
 *   2. Listeners close; clients are told with GOAWAY.
 *   3. Calls in flight finish, up to the grace period; then they are cancelled.
 * It has drained when its parts are gone: the open requests for calls, the calls, and the C core's
 * word that its server has shut down.
 */
#include <stdlib.h>

#include "handover.h"
#include "memory.h"
#include "server.h"

void mesh__server_part_begin(mesh_server *server) {
  atomic_fetch_add_explicit(&server->parts, 1, memory_order_relaxed);
}

/* The last part is gone: nothing of the server is touched any more but by those who waited. */
static void drained(mesh__task *task) {
  mesh_server *server = MESH__CONTAINER(task, mesh_server, drained_task);
  mesh_timer_stop(server->loops[0].loop, &server->grace_timer);
  server->has_drained = true;
  mesh__drain_waiter *waiter = server->waiters;
  server->waiters = NULL;
  while (waiter != NULL) {
    mesh__drain_waiter *next = waiter->next;
    if (waiter->fn != NULL) {
      waiter->fn(waiter->data);
    }
    free(waiter);
    waiter = next;
  }
}

void mesh__server_part_end(mesh_server *server) {
  if (atomic_fetch_sub_explicit(&server->parts, 1, memory_order_acq_rel) == 1) {
    server->drained_task.fn = drained;
    mesh__loop_post_task(server->loops[0].loop, &server->drained_task);
  }
}

static void core_shut_down(mesh__tag *tag, bool ok) {
  (void)ok;
  mesh__server_part_end(MESH__CONTAINER(tag, mesh_server, shutdown_tag));
}

static void grace_ended(void *data) {
  mesh_server *server = data;
  grpc_server_cancel_all_calls(server->core);
}

static void set_grace(mesh_server *server, int64_t grace_ms) {
  mesh_loop *loop = server->loops[0].loop;
  int64_t cancel_at_ms = mesh__add_ms(mesh_loop_now_ms(loop), grace_ms);
  if (!server->is_draining || cancel_at_ms < server->cancel_at_ms) {
    server->cancel_at_ms = cancel_at_ms;
    mesh_timer_start(loop, &server->grace_timer, grace_ms, grace_ended, server);
  }
}

/* A drain on its way to the first loop. */
typedef struct drain {
  mesh_server *server;
  int64_t grace_ms;
  mesh__drain_waiter *waiter;
} drain;

static void begin(void *data) {
  drain *self = data;
  mesh_server *server = self->server;
  int64_t grace_ms = self->grace_ms;
  self->waiter->next = server->waiters;
  server->waiters = self->waiter;
  free(self);
  if (server->has_drained || !server->is_started) {
    drained(&server->drained_task);
    return;
  }
  set_grace(server, grace_ms);
  if (server->is_draining) {
    return;
  }
  server->is_draining = true;
  server->shutdown_tag.fn = core_shut_down;
  MESH__HAND_OVER(&server->shutdown_tag);
  grpc_server_shutdown_and_notify(server->core, mesh__loop_queue(server->loops[0].loop),
                                  &server->shutdown_tag);
}

void mesh_server_drain(mesh_server *server, int64_t grace_ms, void (*on_drained)(void *data),
                       void *data) {
  mesh__health_shut_down(server->health);
  if (server->reflection != NULL) {
    mesh__reflection_shut_down(server->reflection);
  }
  drain *self = mesh__xmalloc(sizeof *self);
  self->server = server;
  self->grace_ms = grace_ms;
  self->waiter = mesh__xcalloc(1, sizeof *self->waiter);
  self->waiter->fn = on_drained;
  self->waiter->data = data;
  mesh_loop_post(server->loops[0].loop, begin, self);
}
