/* SPDX-License-Identifier: Apache-2.0 */
/* What handlers and interceptors ask a server call for. */
#include "call.h"

#include <assert.h>
#include <grpc/support/alloc.h>
#include <stdarg.h>

#include "details.h"
#include "message.h"
#include "utf8.h"

enum { DESCRIPTION_SIZE = 512 };

const mesh_context *mesh_call_context(const mesh_call *call) {
  return call->context;
}

mesh_arena *mesh_call_arena(const mesh_call *call) {
  return call->root.arena;
}

otlp_span *mesh_call_span(const mesh_call *call) {
  return call->span;
}

const mesh_method *mesh_call_method(const mesh_call *call) {
  return call->method;
}

const mesh_metadata *mesh_call_metadata(const mesh_call *call) {
  return &call->metadata;
}

mesh_bytes mesh_call_request_bytes(mesh_call *call) {
  mesh_bytes none = {NULL, 0};
  return call->payload != NULL ? mesh__message_bytes(call->payload, call->root.arena) : none;
}

const char *mesh_call_peer(mesh_call *call) {
  char *peer = grpc_call_get_peer(call->rpc);
  const char *copy = mesh_arena_strdup(call->root.arena, peer);
  gpr_free(peer);
  return copy;
}

void mesh_call_add_initial_metadata(mesh_call *call, const char *key, mesh_bytes value) {
  assert(!call->has_sent_headers && "headers go out with the first message");
  mesh__headers_add(&call->initial, call->root.arena, key, value);
}

void mesh_call_add_trailing_metadata(mesh_call *call, const char *key, mesh_bytes value) {
  mesh__headers_add(&call->trailing, call->root.arena, key, value);
}

void mesh_call_set_context(mesh_call *call, const mesh_context *context) {
  assert(context->root == &call->root && "a call's context is of its own family");
  call->context = context;
}

void mesh_call_set_span(mesh_call *call, otlp_span *span) {
  call->span = span;
}

static mesh__details *details_of(mesh_call *call) {
  if (call->details == NULL) {
    call->details = mesh__details_new(call->root.arena);
  }
  return call->details;
}

void mesh_call_add_field_violation(mesh_call *call, const char *field, const char *format, ...) {
  char description[DESCRIPTION_SIZE];
  va_list arguments;
  va_start(arguments, format);
  mesh__utf8_format(description, sizeof description, format, arguments);
  va_end(arguments);
  mesh__details_add_field_violation(details_of(call), field, description);
}

void mesh_call_add_error_info(mesh_call *call, const char *reason, const char *domain) {
  mesh__details_add_error_info(details_of(call), reason, domain);
}

void mesh_call_add_error_info_metadata(mesh_call *call, const char *key, const char *value) {
  mesh__details_add_error_info_metadata(details_of(call), key, value);
}

void mesh_call_add_retry_info(mesh_call *call, int64_t retry_delay_ms) {
  mesh__details_add_retry_info(details_of(call), retry_delay_ms);
}

void mesh_call_add_resource_info(mesh_call *call, const char *type, const char *name,
                                 const char *description) {
  mesh__details_add_resource_info(details_of(call), type, name, description);
}

void mesh_call_add_precondition_violation(mesh_call *call, const char *type, const char *subject,
                                          const char *description) {
  mesh__details_add_precondition_violation(details_of(call), type, subject, description);
}
