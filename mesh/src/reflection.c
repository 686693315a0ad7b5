/* SPDX-License-Identifier: Apache-2.0 */
#include "reflection.h"

#include <assert.h>
#include <grpc/reflection/v1/reflection.mesh.h>
#include <grpc/reflection/v1alpha/reflection.mesh.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "reflection_answer.h"
#include "watchers.h"

/* Streams on one loop beyond these are refused. */
enum { MOST_STREAMS_PER_LOOP = 100 };

/* The descriptor set of google/rpc/error_details.proto and status.proto, made by the build. */
extern const unsigned char mesh__error_details_set[];
extern const size_t mesh__error_details_set_size;

struct mesh__reflection {
  /* fixed at the start */
  mesh__descriptor_index *index;
  const char **services;
  mesh__reflection_facts facts;
  mesh_method alpha_method; /* v1alpha's name, v1's messages and handler */
  mesh_service_descriptor alpha_descriptor;
  /* any thread */
  atomic_bool is_shut_down;
  mesh__watchers *watchers;
};

/* v1 and v1alpha differ in names only: v1alpha's method takes v1's messages, which are the same
 * bytes. */
static void make_alpha(mesh__reflection *reflection) {
  const mesh_service_descriptor *alpha = &grpc_reflection_v1alpha_server_reflection_descriptor;
  reflection->alpha_method = grpc_reflection_v1_server_reflection_descriptor.methods[0];
  reflection->alpha_method.path = alpha->methods[0].path;
  reflection->alpha_descriptor = *alpha;
  reflection->alpha_descriptor.methods = &reflection->alpha_method;
}

/* What failures carry: a tool that shows one asks for it by name. */
static void add_error_details(mesh__descriptor_index *index) {
  mesh_bytes set = {mesh__error_details_set, mesh__error_details_set_size};
  mesh_status status = mesh__descriptor_index_add(index, set);
  assert(mesh_status_is_ok(&status));
  (void)status;
}

mesh__reflection *mesh__reflection_new(mesh_loop *const *loops, size_t loop_count) {
  mesh__reflection *reflection = mesh__xcalloc(1, sizeof(*reflection));
  reflection->index = mesh__descriptor_index_new();
  add_error_details(reflection->index);
  reflection->watchers = mesh__watchers_new(loops, loop_count, MOST_STREAMS_PER_LOOP);
  atomic_init(&reflection->is_shut_down, false);
  make_alpha(reflection);
  return reflection;
}

void mesh__reflection_destroy(mesh__reflection *reflection) {
  if (reflection == NULL) {
    return;
  }
  mesh__watchers_destroy(reflection->watchers);
  mesh__descriptor_index_destroy(reflection->index);
  free(reflection->services);
  free(reflection);
}

mesh_status mesh__reflection_add(mesh__reflection *reflection,
                                 const mesh_service_descriptor *descriptor) {
  mesh_status status =
      mesh__descriptor_index_add(reflection->index, descriptor->file_descriptor_set);
  if (!mesh_status_is_ok(&status)) {
    return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT,
                             "the file_descriptor_set of service %s cannot be read",
                             descriptor->name);
  }
  size_t count = ++reflection->facts.service_count;
  reflection->services =
      mesh__xrealloc(reflection->services, count * sizeof(*reflection->services));
  reflection->services[count - 1] = descriptor->name;
  return mesh_status_ok();
}

static int compare_names(const void *left, const void *right) {
  return strcmp(*(const char *const *)left, *(const char *const *)right);
}

void mesh__reflection_finish(mesh__reflection *reflection) {
  mesh__descriptor_index_finish(reflection->index);
  if (reflection->facts.service_count > 0) {
    qsort(reflection->services, reflection->facts.service_count, sizeof(*reflection->services),
          compare_names);
  }
  reflection->facts.index = reflection->index;
  reflection->facts.services = reflection->services;
}

void mesh__reflection_shut_down(mesh__reflection *reflection) {
  atomic_store(&reflection->is_shut_down, true);
  mesh__watchers_wake(reflection->watchers);
}

/* ---- a stream ---- */

/* One call, in its arena: a request, its response, and then the next request. It always waits for
 * one or the other, so it hears of a client that has gone. */
typedef struct reflection_stream {
  mesh__watcher watcher;
  mesh__reflection *reflection;
  mesh__reflection_asker asker;
  mesh_call *call;
  bool is_sending;
  bool has_ended;
} reflection_stream;

static void end_stream(reflection_stream *stream, const mesh_status *status) {
  if (stream->has_ended) {
    return;
  }
  stream->has_ended = true;
  mesh__watchers_remove(&stream->watcher);
  if (mesh_status_is_ok(status)) {
    mesh_call_finish(stream->call);
  } else {
    mesh_call_fail_with(stream->call, status);
  }
}

static void on_request(const mesh_status *status,
                       const Grpc__Reflection__V1__ServerReflectionRequest *request, void *data);

/* An idle stream waits for the client, unless the server waits for it. */
static void go_on(reflection_stream *stream) {
  if (atomic_load(&stream->reflection->is_shut_down)) {
    mesh_status status = mesh_status_error(GRPC_STATUS_UNAVAILABLE, "the server is shutting down");
    end_stream(stream, &status);
  }
}

static void on_sent(bool ok, void *data) {
  reflection_stream *stream = data;
  stream->is_sending = false;
  if (!ok) {
    mesh_status status = mesh_status_error(GRPC_STATUS_CANCELLED, "the client has gone");
    end_stream(stream, &status);
    return;
  }
  go_on(stream);
  if (!stream->has_ended) {
    grpc_reflection_v1_server_reflection_info_receive(stream->call, on_request, stream);
  }
}

static void on_request(const mesh_status *status,
                       const Grpc__Reflection__V1__ServerReflectionRequest *request, void *data) {
  reflection_stream *stream = data;
  if (stream->has_ended) {
    return;
  }
  if (request == NULL) {
    end_stream(stream, status);
    return;
  }
  mesh_arena *scratch = mesh_arena_new(); /* not the call's: a stream may go on for long */
  stream->is_sending = true;
  grpc_reflection_v1_server_reflection_info_send(
      stream->call, mesh__reflection_answer(&stream->asker, request, scratch), on_sent, stream);
  mesh_arena_destroy(scratch);
}

static void on_wake(mesh__watcher *watcher) {
  reflection_stream *stream = MESH__CONTAINER(watcher, reflection_stream, watcher);
  if (!stream->is_sending) {
    go_on(stream);
  }
}

static void server_reflection_info(mesh_call *call, void *self) {
  mesh__reflection *reflection = self;
  const mesh_context *context = mesh_call_context(call);
  mesh_arena *arena = mesh_call_arena(call);
  reflection_stream *stream = mesh_arena_alloc(arena, sizeof(*stream));
  stream->watcher.on_wake = on_wake;
  stream->reflection = reflection;
  stream->call = call;
  stream->asker.facts = &reflection->facts;
  stream->asker.sent =
      mesh_arena_alloc(arena, mesh__descriptor_index_count(reflection->index) * sizeof(bool));
  if (!mesh__watchers_add(reflection->watchers, mesh_context_loop(context), &stream->watcher)) {
    mesh_call_fail(call, GRPC_STATUS_RESOURCE_EXHAUSTED, "too many reflection streams");
    return;
  }
  go_on(stream);
  if (!stream->has_ended) {
    grpc_reflection_v1_server_reflection_info_receive(call, on_request, stream);
  }
}

static const grpc_reflection_v1_server_reflection handlers = {.server_reflection_info =
                                                                  server_reflection_info};

void mesh__reflection_services(mesh__reflection *reflection,
                               mesh_service out_services[MESH__REFLECTION_SERVICES]) {
  out_services[0] = grpc_reflection_v1_server_reflection_bind(&handlers, reflection);
  out_services[1] = out_services[0];
  out_services[1].descriptor = &reflection->alpha_descriptor;
}
