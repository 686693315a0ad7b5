/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A root counts its holds: of callers, of the call it belongs to, of every operation started in one
 * of its contexts. When the last one is gone it dies on its loop, and its arena with it;
 * not at once but when the callback under way has returned, which may still look at the arena.
 */
#include "context.h"

#include <assert.h>

#include "memory.h"

static void die(mesh__task *task) {
  mesh__root *root = MESH__CONTAINER(task, mesh__root, death);
  for (mesh__scope *scope = &root->scope; scope != NULL; scope = scope->next) {
    mesh_timer_stop(root->loop, &scope->timer);
  }
  mesh_arena *arena = root->arena;
  if (root->on_death != NULL) {
    root->on_death(root);
  }
  mesh_arena_destroy(arena);
}

static void scope_init(mesh__scope *scope, mesh__root *root) {
  scope->pending.next = &scope->pending;
  scope->pending.previous = &scope->pending;
  scope->deadline_ms = INT64_MAX;
  scope->root = root;
}

void mesh__root_init(mesh__root *root, mesh_loop *loop, mesh_arena *arena) {
  atomic_init(&root->holds, 1);
  root->loop = loop;
  root->arena = arena;
  root->death.fn = die;
  scope_init(&root->scope, root);
}

void mesh__context_init(mesh_context *context, mesh__root *root, int64_t deadline_ms) {
  context->root = root;
  context->scope = &root->scope;
  context->deadline_ms = deadline_ms;
}

void mesh__root_hold(mesh__root *root) {
  atomic_fetch_add_explicit(&root->holds, 1, memory_order_relaxed);
}

void mesh__root_release(mesh__root *root) {
  size_t before = atomic_fetch_sub_explicit(&root->holds, 1, memory_order_acq_rel);
  assert(before > 0);
  if (before == 1) {
    mesh__loop_post_task(root->loop, &root->death);
  }
}

/* A root that nobody holds is about to die: nothing of it is under way. */
static void deadline_passed(void *data) {
  mesh__scope *scope = data;
  mesh__root *root = scope->root;
  if (atomic_load_explicit(&root->holds, memory_order_acquire) == 0) {
    return;
  }
  mesh__root_hold(root); /* what is cancelled may give back the last hold */
  mesh__scope_cancel(scope, GRPC_STATUS_DEADLINE_EXCEEDED);
  mesh__root_release(root);
}

static void watch_deadline(mesh__scope *scope, int64_t deadline_ms) {
  scope->deadline_ms = deadline_ms;
  if (deadline_ms != INT64_MAX) {
    mesh_loop *loop = scope->root->loop;
    mesh_timer_start(loop, &scope->timer, deadline_ms - mesh_loop_now_ms(loop), deadline_passed,
                     scope);
  }
}

mesh_context *mesh_context_new(mesh_loop *loop, const otlp_context *parent, int64_t timeout_ms) {
  mesh_arena *arena = mesh__arena_new_in(mesh__loop_blocks(loop));
  mesh__root *root = mesh_arena_alloc(arena, sizeof *root);
  mesh_context *context = mesh_arena_alloc(arena, sizeof *context);
  mesh__root_init(root, loop, arena);
  mesh__context_init(context, root, mesh__add_ms(mesh_loop_now_ms(loop), timeout_ms));
  if (parent != NULL) {
    mesh__context_set_trace(context, parent);
  }
  watch_deadline(&root->scope, context->deadline_ms);
  return context;
}

const mesh_context *mesh_context_acquire(const mesh_context *context) {
  mesh__root_hold(context->root);
  return context;
}

void mesh_context_release(const mesh_context *context) {
  if (context != NULL) {
    mesh__root_release(context->root);
  }
}

mesh_context *mesh__context_child(const mesh_context *parent) {
  return mesh_arena_copy(parent->root->arena, parent, sizeof *parent);
}

const mesh_context *mesh_context_with_timeout(const mesh_context *parent, int64_t timeout_ms) {
  int64_t deadline_ms = mesh__add_ms(mesh_loop_now_ms(parent->root->loop), timeout_ms);
  if (deadline_ms >= parent->deadline_ms) {
    return parent;
  }
  mesh_context *child = mesh__context_child(parent);
  child->deadline_ms = deadline_ms;
  return child;
}

const mesh_context *mesh_context_with_metadata(const mesh_context *parent, const char *key,
                                               mesh_bytes value) {
  mesh_arena *arena = parent->root->arena;
  mesh__context_entry *entry = mesh_arena_alloc(arena, sizeof *entry);
  entry->next = parent->metadata;
  entry->key = mesh_arena_strdup(arena, key);
  entry->value.data = mesh_arena_copy(arena, value.data, value.size);
  entry->value.size = value.size;
  mesh_context *child = mesh__context_child(parent);
  child->metadata = entry;
  return child;
}

const mesh_context *mesh_context_detached(const mesh_context *parent, int64_t timeout_ms) {
  mesh__root *root = parent->root;
  mesh__scope *scope = mesh_arena_alloc(root->arena, sizeof *scope);
  scope_init(scope, root);
  scope->next = root->scope.next;
  root->scope.next = scope;
  mesh_context *child = mesh__context_child(parent);
  child->scope = scope;
  child->deadline_ms = mesh__add_ms(mesh_loop_now_ms(root->loop), timeout_ms);
  watch_deadline(scope, child->deadline_ms);
  return child;
}

void mesh__pending_remove(mesh__pending *pending) {
  if (pending->next == NULL) {
    return;
  }
  pending->previous->next = pending->next;
  pending->next->previous = pending->previous;
  pending->next = NULL;
  pending->previous = NULL;
}

void mesh__scope_add(mesh__scope *scope, mesh__pending *pending) {
  if (scope->is_cancelled) {
    pending->cancel(pending, scope->reason);
    return;
  }
  pending->next = &scope->pending;
  pending->previous = scope->pending.previous;
  pending->previous->next = pending;
  scope->pending.previous = pending;
}

void mesh__scope_cancel(mesh__scope *scope, grpc_status_code reason) {
  if (scope->is_cancelled) {
    return;
  }
  scope->is_cancelled = true;
  scope->reason = reason;
  while (scope->pending.next != &scope->pending) {
    mesh__pending *first = scope->pending.next;
    mesh__pending_remove(first);
    first->cancel(first, reason);
  }
}

void mesh_context_cancel(const mesh_context *context) {
  mesh__root *root = context->root;
  mesh__root_hold(root); /* what is cancelled may give back the last hold */
  mesh__scope_cancel(context->scope, GRPC_STATUS_CANCELLED);
  mesh__root_release(root);
}

bool mesh_context_is_cancelled(const mesh_context *context) {
  return context->scope->is_cancelled ||
         mesh_loop_now_ms(context->root->loop) >= context->deadline_ms;
}

/* A function to call on cancellation. */
typedef struct on_cancel {
  mesh__pending pending;
  void (*fn)(void *data);
  void *data;
} on_cancel;

static void call_on_cancel(mesh__pending *pending, grpc_status_code reason) {
  (void)reason;
  on_cancel *self = MESH__CONTAINER(pending, on_cancel, pending);
  self->fn(self->data);
}

void mesh_context_on_cancel(const mesh_context *context, void (*fn)(void *data), void *data) {
  on_cancel *self = mesh_arena_alloc(context->root->arena, sizeof *self);
  self->pending.cancel = call_on_cancel;
  self->fn = fn;
  self->data = data;
  mesh__scope_add(context->scope, &self->pending);
}

mesh_loop *mesh_context_loop(const mesh_context *context) {
  return context->root->loop;
}

mesh_arena *mesh_context_arena(const mesh_context *context) {
  return context->root->arena;
}

int64_t mesh_context_remaining_ms(const mesh_context *context) {
  if (context->deadline_ms == MESH_NO_TIMEOUT) {
    return MESH_NO_TIMEOUT;
  }
  int64_t remaining_ms = context->deadline_ms - mesh_loop_now_ms(context->root->loop);
  return remaining_ms > 0 ? remaining_ms : 0;
}
