/* SPDX-License-Identifier: Apache-2.0 */
#include "engine.h"

#include <store/handler.h>
#include <time.h>

void *store__calloc(size_t size) {
  void *memory = calloc(1, size);
  if (memory == NULL) {
    fprintf(stderr, "store: out of memory (%zu bytes)\n", size);
    abort();
  }
  return memory;
}

int64_t store__now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

otlp_unix_nanos store__now_unix_nanos(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (otlp_unix_nanos)now.tv_sec * 1000000000 + (otlp_unix_nanos)now.tv_nsec;
}

int64_t store_now_unix_ms(void) {
  return (int64_t)(store__now_unix_nanos() / 1000000);
}

mesh_arena *store__request_arena(store__request *request) {
  if (request->is_on_loop) {
    return mesh_context_arena(request->context);
  }
  if (request->arena == NULL) {
    request->arena = mesh_arena_new();
  }
  return request->arena;
}

void store__request_fail(store__request *request, const mesh_status *status) {
  request->result.is_refused = false;
  request->result.status = *status;
  request->result.status.message =
      mesh_arena_strdup(store__request_arena(request), status->message);
}

static void destroy_arena(void *arena) {
  mesh_arena_destroy(arena);
}

/* On the loop. The context, and the request with it, may be gone once it is released. */
static void finish(store__request *request) {
  const mesh_context *context = request->context;
  if (request->arena != NULL) {
    mesh_arena_defer(mesh_context_arena(context), destroy_arena, request->arena);
  }
  request->operation.done(&request->result, request->operation.data);
  mesh_context_release(context);
}

static void finish_all(void *list) {
  store__request *request = list;
  while (request != NULL) {
    store__request *next = request->next;
    finish(request);
    request = next;
  }
}

/* Takes the requests of one loop out of the list, in order. */
static store__request *split_loop(store__request **list, const mesh_loop *loop) {
  store__request *taken = NULL;
  store__request **taken_end = &taken;
  store__request **link = list;
  while (*link != NULL) {
    store__request *request = *link;
    if (request->loop != loop) {
      link = &request->next;
      continue;
    }
    *link = request->next;
    *taken_end = request;
    taken_end = &request->next;
    request->next = NULL;
  }
  return taken;
}

void store__deliver(store__request *list) {
  while (list != NULL) {
    mesh_loop *loop = list->loop;
    store__request *of_loop = split_loop(&list, loop);
    mesh_loop_post(loop, finish_all, of_loop);
  }
}
