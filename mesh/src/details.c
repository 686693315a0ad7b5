/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each kind of detail is one Any. Violations of the same kind go into one message; so a detail is
 * packed only at the end.
 */
#include "details.h"

#include <assert.h>
#include <google/rpc/error_details.pb-c.h>
#include <google/rpc/status.pb-c.h>
#include <string.h>

#include "arena.h"
#include "utf8.h"

#define TYPE_URL_PREFIX "type.googleapis.com/"

/* A list of messages that grows in the arena. */
typedef struct list {
  void **items;
  size_t count;
  size_t capacity;
} list;

struct mesh__details {
  mesh_arena *arena;
  list all; /* every detail, in the order of their first appearance */
  Google__Rpc__BadRequest *bad_request;
  list fields;
  Google__Rpc__PreconditionFailure *precondition_failure;
  list preconditions;
  Google__Rpc__ErrorInfo *error_info; /* the last one */
  list metadata;                      /* its entries */
};

mesh__details *mesh__details_new(mesh_arena *arena) {
  mesh__details *details = mesh_arena_alloc(arena, sizeof *details);
  details->arena = arena;
  return details;
}

static void list_add(list *items, mesh_arena *arena, void *item) {
  if (items->count == items->capacity) {
    size_t capacity = items->capacity != 0 ? items->capacity * 2 : 4;
    void **grown = mesh_arena_alloc(arena, capacity * sizeof *grown);
    if (items->count != 0) {
      memcpy(grown, items->items, items->count * sizeof *grown);
    }
    items->items = grown;
    items->capacity = capacity;
  }
  items->items[items->count++] = item;
}

/* A message of the arena, initialized. */
static void *new_message(mesh__details *details, const ProtobufCMessageDescriptor *descriptor) {
  void *message = mesh_arena_alloc(details->arena, descriptor->sizeof_message);
  descriptor->message_init(message);
  return message;
}

static void *new_detail(mesh__details *details, const ProtobufCMessageDescriptor *descriptor) {
  void *message = new_message(details, descriptor);
  list_add(&details->all, details->arena, message);
  return message;
}

/* Strings of protobuf are UTF-8: readers of other languages refuse a message that has another. */
static char *new_text(mesh__details *details, const char *text) {
  return mesh__utf8_repair(mesh_arena_strdup(details->arena, text));
}

void mesh__details_add_field_violation(mesh__details *details, const char *field,
                                       const char *description) {
  if (details->bad_request == NULL) {
    details->bad_request = new_detail(details, &google__rpc__bad_request__descriptor);
  }
  Google__Rpc__BadRequest__FieldViolation *violation =
      new_message(details, &google__rpc__bad_request__field_violation__descriptor);
  violation->field = new_text(details, field);
  violation->description = new_text(details, description);
  list_add(&details->fields, details->arena, violation);
  details->bad_request->field_violations = (void *)details->fields.items;
  details->bad_request->n_field_violations = details->fields.count;
}

void mesh__details_add_error_info(mesh__details *details, const char *reason, const char *domain) {
  Google__Rpc__ErrorInfo *info = new_detail(details, &google__rpc__error_info__descriptor);
  info->reason = new_text(details, reason);
  info->domain = new_text(details, domain);
  details->error_info = info;
  details->metadata = (list){0};
}

void mesh__details_add_error_info_metadata(mesh__details *details, const char *key,
                                           const char *value) {
  assert(details->error_info != NULL);
  Google__Rpc__ErrorInfo__MetadataEntry *entry =
      new_message(details, &google__rpc__error_info__metadata_entry__descriptor);
  entry->key = new_text(details, key);
  entry->value = new_text(details, value);
  list_add(&details->metadata, details->arena, entry);
  details->error_info->metadata = (void *)details->metadata.items;
  details->error_info->n_metadata = details->metadata.count;
}

void mesh__details_add_retry_info(mesh__details *details, int64_t retry_delay_ms) {
  Google__Rpc__RetryInfo *info = new_detail(details, &google__rpc__retry_info__descriptor);
  info->retry_delay = new_message(details, &google__protobuf__duration__descriptor);
  info->retry_delay->seconds = retry_delay_ms / 1000;
  info->retry_delay->nanos = (int32_t)(retry_delay_ms % 1000 * 1000000);
}

void mesh__details_add_resource_info(mesh__details *details, const char *type, const char *name,
                                     const char *description) {
  Google__Rpc__ResourceInfo *info = new_detail(details, &google__rpc__resource_info__descriptor);
  info->resource_type = new_text(details, type);
  info->resource_name = new_text(details, name);
  info->description = new_text(details, description);
}

void mesh__details_add_precondition_violation(mesh__details *details, const char *type,
                                              const char *subject, const char *description) {
  if (details->precondition_failure == NULL) {
    details->precondition_failure =
        new_detail(details, &google__rpc__precondition_failure__descriptor);
  }
  Google__Rpc__PreconditionFailure__Violation *violation =
      new_message(details, &google__rpc__precondition_failure__violation__descriptor);
  violation->type = new_text(details, type);
  violation->subject = new_text(details, subject);
  violation->description = new_text(details, description);
  list_add(&details->preconditions, details->arena, violation);
  details->precondition_failure->violations = (void *)details->preconditions.items;
  details->precondition_failure->n_violations = details->preconditions.count;
}

/* Serialized into the arena. */
static mesh_bytes pack(mesh_arena *arena, const ProtobufCMessage *message) {
  mesh_bytes bytes;
  bytes.size = protobuf_c_message_get_packed_size(message);
  void *data = mesh_arena_alloc(arena, bytes.size);
  protobuf_c_message_pack(message, data);
  bytes.data = data;
  return bytes;
}

static Google__Protobuf__Any *pack_any(mesh_arena *arena, const ProtobufCMessage *message) {
  Google__Protobuf__Any *any = mesh_arena_alloc(arena, sizeof *any);
  google__protobuf__any__init(any);
  any->type_url = mesh_arena_printf(arena, TYPE_URL_PREFIX "%s", message->descriptor->name);
  mesh_bytes value = pack(arena, message);
  any->value.data = (uint8_t *)(uintptr_t)value.data;
  any->value.len = value.size;
  return any;
}

void mesh__details_finish(const mesh__details *details, mesh_status *status) {
  if (details == NULL) {
    return;
  }
  mesh_arena *arena = details->arena;
  Google__Rpc__Status message;
  google__rpc__status__init(&message);
  message.code = (int32_t)status->code;
  message.message = mesh__utf8_repair(mesh_arena_strdup(arena, status->message));
  message.n_details = details->all.count;
  message.details = mesh_arena_alloc(arena, details->all.count * sizeof *message.details);
  for (size_t i = 0; i < details->all.count; i++) {
    message.details[i] = pack_any(arena, details->all.items[i]);
  }
  mesh_bytes bytes = pack(arena, &message.base);
  status->details = bytes.data;
  status->details_size = bytes.size;
}

void mesh__details_add_to(const mesh_status *status, mesh__headers *trailers, mesh_arena *arena) {
  if (status->details != NULL && status->details_size != 0) {
    mesh_bytes details = {status->details, status->details_size};
    mesh__headers_add_own(trailers, arena, "grpc-status-details-bin", details);
  }
}
