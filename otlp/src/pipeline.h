/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What providers of all signals are made of: a resource, the scopes that were handed out, and the
 * processors that items go through.
 *
 * Threads: safe anywhere once made; init and clean_up are the owner's.
 */
#ifndef OTLP_SRC_PIPELINE_H
#define OTLP_SRC_PIPELINE_H

#include <otlp/sdk.h>

#include <pthread.h>
#include <stdatomic.h>

/** A scope that was handed out: the first member of tracers and loggers. Lives as long as the
 * pipeline. */
typedef struct otlp__scope_node {
  otlp_encoded_scope scope; /* also what tells scopes apart; bytes follow the whole object */
  struct otlp__scope_node *next;
} otlp__scope_node;

typedef struct otlp__pipeline {
  /* Set when made, read by all. */
  otlp_encoded_resource resource;
  otlp_processor *processors[OTLP_PROCESSORS_MAX];
  size_t processor_count;

  /* Written by the shutdown only. */
  atomic_bool is_shut_down;

  pthread_mutex_t scopes_lock;
  otlp__scope_node *scopes; /* guarded by scopes_lock */
} otlp__pipeline;

/**
 * Makes a pipeline out of all-zero memory.
 *
 * @param resource NULL means the default merged with the environment's.
 * @param processors taken over, also on failure; NULL ones are left out.
 * @return false when memory is short; to be cleaned up all the same.
 */
bool otlp__pipeline_init(otlp__pipeline *pipeline, const otlp_resource *resource,
                         otlp_processor *const *processors, size_t processor_count);

/** Shuts down without waiting if that was not done; destroys the processors. */
void otlp__pipeline_clean_up(otlp__pipeline *pipeline);

/**
 * The object of a scope: the one there is, or a copy of `made` with its node filled in.
 *
 * @param made starts with an otlp__scope_node; `size` bytes in all.
 * @return NULL when memory is short.
 */
otlp__scope_node *otlp__pipeline_get_scope(otlp__pipeline *pipeline, const otlp_scope *scope,
                                           const void *made, size_t size);

/** The new object alone, without a pipeline; to be freed. NULL when memory is short. */
otlp__scope_node *otlp__scope_node_new(const otlp_scope *scope, const void *made, size_t size);

/** Completes the item, and hands it to every processor in order. */
void otlp__pipeline_hand_over(otlp__pipeline *pipeline, otlp_item *item);

/** Every processor in turn, within `timeout_ms` in all. A second shutdown fails. */
otlp_result otlp__pipeline_force_flush(otlp__pipeline *pipeline, int64_t timeout_ms);
otlp_result otlp__pipeline_shutdown(otlp__pipeline *pipeline, int64_t timeout_ms);

/** Adds the processors' numbers. */
void otlp__pipeline_add_stats(otlp__pipeline *pipeline, otlp_stats *stats);

/** True when items can go somewhere. */
static inline bool otlp__pipeline_is_open(otlp__pipeline *pipeline) {
  return pipeline->processor_count > 0 &&
         !atomic_load_explicit(&pipeline->is_shut_down, memory_order_relaxed);
}

/** The resource as the fields of a ResourceSpans or a ResourceLogs; `data` is NULL when memory is
 * short. To be freed. */
otlp_bytes otlp__resource_encode(const otlp_resource *resource);

#endif
