/* SPDX-License-Identifier: Apache-2.0 */
#include "errors.h"

#include <google/rpc/error_details.pb-c.h>
#include <google/rpc/status.pb-c.h>
#include <string.h>

static const char error_info_type[] = "type.googleapis.com/google.rpc.ErrorInfo";

static const Google__Rpc__ErrorInfo *find_info(mesh_arena *arena, const mesh_status *status) {
  ProtobufCAllocator *allocator = mesh_arena_protobuf_allocator(arena);
  if (status->details == NULL) {
    return NULL;
  }
  const Google__Rpc__Status *details =
      google__rpc__status__unpack(allocator, status->details_size, status->details);
  for (size_t i = 0; details != NULL && i < details->n_details; i++) {
    const Google__Protobuf__Any *any = details->details[i];
    if (strcmp(any->type_url, error_info_type) == 0) {
      return google__rpc__error_info__unpack(allocator, any->value.len, any->value.data);
    }
  }
  return NULL;
}

order_error order_error_read(mesh_arena *arena, const mesh_status *status) {
  order_error error = {"", ""};
  const Google__Rpc__ErrorInfo *info = find_info(arena, status);
  if (info == NULL) {
    return error;
  }
  error.reason = info->reason;
  for (size_t i = 0; i < info->n_metadata; i++) {
    if (strcmp(info->metadata[i]->key, "category") == 0) {
      error.category = info->metadata[i]->value;
    }
  }
  return error;
}

bool order_error_is_refusal(grpc_status_code code) {
  return code == GRPC_STATUS_FAILED_PRECONDITION || code == GRPC_STATUS_NOT_FOUND ||
         code == GRPC_STATUS_INVALID_ARGUMENT || code == GRPC_STATUS_ALREADY_EXISTS;
}
