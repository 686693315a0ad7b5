/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Taking calls from the C core. Each loop keeps a few requests open for every method; a request
 * that was answered is opened again at once, so the memory of all of them is fixed at the start.
 */
#include <grpc/slice.h>
#include <stdlib.h>

#include "call.h"
#include "handover.h"
#include "memory.h"

/* Open requests per method and loop: enough that a burst finds one open while the loop is busy.
 * Calls beyond wait in the C core, and are not lost. */
enum { OPEN_REQUESTS = 4 };

struct mesh__accept {
  mesh__tag tag;
  mesh__server_loop *home;
  mesh__binding *binding;
  grpc_call *rpc;
  gpr_timespec deadline;
  grpc_call_details details; /* unknown methods only */
  mesh_metadata metadata;
  grpc_byte_buffer *payload;
};

static void request(mesh__accept *accept) {
  grpc_completion_queue *queue = mesh__loop_queue(accept->home->loop);
  grpc_server *core = accept->home->server->core;
  const mesh_method *method = accept->binding->method;
  accept->payload = NULL;
  mesh__metadata_init(&accept->metadata);
  MESH__HAND_OVER(&accept->tag);
  if (method == NULL) {
    grpc_server_request_call(core, &accept->rpc, &accept->details, &accept->metadata.array, queue,
                             queue, &accept->tag);
    return;
  }
  grpc_byte_buffer **payload = method->client_streaming ? NULL : &accept->payload;
  grpc_server_request_registered_call(core, accept->binding->registered, &accept->rpc,
                                      &accept->deadline, &accept->metadata.array, payload, queue,
                                      queue, &accept->tag);
}

static mesh__incoming take(mesh__accept *accept) {
  bool is_known = accept->binding->method != NULL;
  mesh__incoming incoming = {
      .home = accept->home,
      .binding = accept->binding,
      .rpc = accept->rpc,
      .metadata = accept->metadata,
      .payload = accept->payload,
      .deadline_ms =
          mesh__deadline_from_core(is_known ? accept->deadline : accept->details.deadline),
      .path = is_known ? grpc_empty_slice() : grpc_slice_ref(accept->details.method),
  };
  if (!is_known) {
    grpc_call_details_destroy(&accept->details);
    grpc_call_details_init(&accept->details);
  }
  return incoming;
}

/* Whether the loop may have one more call in flight; says so when that has changed. */
static bool has_room(mesh__server_loop *home) {
  mesh_server *server = home->server;
  int64_t now_ms = mesh_loop_now_ms(home->loop);
  bool is_full = home->calls_in_flight >= server->max_calls_in_flight;
  bool is_change = is_full ? mesh__overload_refuse(&home->overload, now_ms)
                           : mesh__overload_take(&home->overload, now_ms);
  if (is_full) {
    atomic_fetch_add_explicit(&server->refused, 1, memory_order_relaxed);
  }
  if (is_change && server->on_overload != NULL) {
    server->on_overload(&home->overload.said, server->overload_data);
  }
  return !is_full;
}

static void accepted(mesh__tag *tag, bool ok) {
  mesh__accept *accept = MESH__CONTAINER(tag, mesh__accept, tag);
  mesh__server_loop *home = accept->home;
  if (!ok) {
    /* The server is shutting down. */
    mesh__metadata_clean_up(&accept->metadata);
    mesh__server_part_end(home->server);
    return;
  }
  mesh__incoming incoming = take(accept);
  request(accept);
  if (accept->binding->is_exempt || has_room(home)) {
    mesh__call_begin(&incoming);
  } else {
    mesh__call_refuse(&incoming);
  }
  grpc_slice_unref(incoming.path);
}

static void open_requests(mesh__server_loop *home, mesh__binding *binding) {
  for (size_t i = 0; i < OPEN_REQUESTS; i++) {
    mesh__accept *accept = &home->accepts[home->accept_count++];
    accept->tag.fn = accepted;
    accept->home = home;
    accept->binding = binding;
    grpc_call_details_init(&accept->details);
    mesh__server_part_begin(home->server);
    request(accept);
  }
}

static void start_loop(mesh_server *server, mesh__server_loop *home, size_t method_count) {
  home->accepts = mesh__xcalloc((method_count + 1) * OPEN_REQUESTS, sizeof *home->accepts);
  for (mesh__binding *binding = server->bindings; binding != NULL; binding = binding->next) {
    open_requests(home, binding);
  }
  open_requests(home, &server->unknown);
}

void mesh__server_accept_start(mesh_server *server) {
  size_t method_count = 0;
  for (mesh__binding *binding = server->bindings; binding != NULL; binding = binding->next) {
    method_count++;
  }
  for (size_t i = 0; i < server->loop_count; i++) {
    start_loop(server, &server->loops[i], method_count);
  }
}

void mesh__server_accept_clean_up(mesh_server *server) {
  for (size_t i = 0; i < server->loop_count; i++) {
    mesh__server_loop *home = &server->loops[i];
    for (size_t j = 0; j < home->accept_count; j++) {
      grpc_call_details_destroy(&home->accepts[j].details);
    }
    free(home->accepts);
  }
}
