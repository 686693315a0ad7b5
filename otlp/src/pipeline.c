/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline.h"

#include "clock.h"
#include "resource.h"

#include <assert.h>
#include <stdlib.h>

static otlp_bytes encode_resource(const otlp_resource *given) {
  otlp_resource *resource =
      given != NULL
          ? otlp_resource_acquire(given)
          : otlp__resource_merge_into(otlp_resource_default(), otlp_resource_from_environment());
  otlp_bytes header = {NULL, 0};
  if (resource != NULL) {
    header = otlp__resource_encode(resource);
  }
  otlp_resource_release(resource);
  return header;
}

bool otlp__pipeline_init(otlp__pipeline *pipeline, const otlp_resource *resource,
                         otlp_processor *const *processors, size_t processor_count) {
  assert(processor_count <= OTLP_PROCESSORS_MAX);
  pthread_mutex_init(&pipeline->scopes_lock, NULL);
  for (size_t i = 0; i < processor_count; i++) {
    if (processors[i] != NULL) {
      pipeline->processors[pipeline->processor_count++] = processors[i];
    }
  }
  pipeline->resource.header = encode_resource(resource);
  return pipeline->resource.header.data != NULL;
}

static void destroy_scopes(otlp__scope_node *node) {
  while (node != NULL) {
    otlp__scope_node *next = node->next;
    free(node);
    node = next;
  }
}

void otlp__pipeline_clean_up(otlp__pipeline *pipeline) {
  if (!atomic_load(&pipeline->is_shut_down)) {
    otlp__pipeline_shutdown(pipeline, 0);
  }
  for (size_t i = 0; i < pipeline->processor_count; i++) {
    otlp_processor_destroy(pipeline->processors[i]);
  }
  destroy_scopes(pipeline->scopes);
  pthread_mutex_destroy(&pipeline->scopes_lock);
  free((void *)pipeline->resource.header.data);
}

static otlp__scope_node *find(otlp__scope_node *node, otlp_bytes header) {
  while (node != NULL && (node->scope.header.size != header.size ||
                          memcmp(node->scope.header.data, header.data, header.size) != 0)) {
    node = node->next;
  }
  return node;
}

otlp__scope_node *otlp__pipeline_get_scope(otlp__pipeline *pipeline, const otlp_scope *scope,
                                           const void *made, size_t size) {
  static const otlp_scope no_scope;
  otlp__scope_node *fresh = otlp__scope_node_new(scope != NULL ? scope : &no_scope, made, size);
  if (fresh == NULL) {
    return NULL;
  }
  pthread_mutex_lock(&pipeline->scopes_lock);
  otlp__scope_node *known = find(pipeline->scopes, fresh->scope.header);
  if (known == NULL) {
    fresh->next = pipeline->scopes;
    pipeline->scopes = fresh;
  }
  pthread_mutex_unlock(&pipeline->scopes_lock);
  if (known != NULL) {
    free(fresh);
  }
  return known != NULL ? known : fresh;
}

void otlp__pipeline_hand_over(otlp__pipeline *pipeline, otlp_item *item) {
  item->resource = &pipeline->resource;
  for (size_t i = 0; i < pipeline->processor_count; i++) {
    otlp_processor *processor = pipeline->processors[i];
    processor->vtable->on_item(processor, item);
  }
}

otlp_result otlp__pipeline_force_flush(otlp__pipeline *pipeline, int64_t timeout_ms) {
  otlp_result result = OTLP_OK;
  uint64_t deadline = otlp__deadline_in(timeout_ms);
  for (size_t i = 0; i < pipeline->processor_count; i++) {
    otlp_processor *processor = pipeline->processors[i];
    result = otlp_result_worse(
        result, processor->vtable->force_flush(processor, otlp__deadline_left_ms(deadline)));
  }
  return result;
}

otlp_result otlp__pipeline_shutdown(otlp__pipeline *pipeline, int64_t timeout_ms) {
  if (atomic_exchange(&pipeline->is_shut_down, true)) {
    return OTLP_FAILED;
  }
  otlp_result result = OTLP_OK;
  uint64_t deadline = otlp__deadline_in(timeout_ms);
  for (size_t i = 0; i < pipeline->processor_count; i++) {
    otlp_processor *processor = pipeline->processors[i];
    result = otlp_result_worse(
        result, processor->vtable->shutdown(processor, otlp__deadline_left_ms(deadline)));
  }
  return result;
}

void otlp__pipeline_add_stats(otlp__pipeline *pipeline, otlp_stats *stats) {
  for (size_t i = 0; i < pipeline->processor_count; i++) {
    otlp_processor *processor = pipeline->processors[i];
    if (processor->vtable->add_stats != NULL) {
      processor->vtable->add_stats(processor, stats);
    }
  }
}
