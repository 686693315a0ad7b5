/* SPDX-License-Identifier: Apache-2.0 */
/* Calls beyond the limit: one batch with a ready-made status, no arena, no interceptors. */
#include <grpc/slice.h>
#include <stdlib.h>

#include "call.h"
#include "memory.h"

#define MESSAGE "too many calls in flight"
#define TYPE_URL "type.googleapis.com/google.rpc.RetryInfo"

/* google.rpc.Status{code: 8, message, details: [RetryInfo{retry_delay: 1s}]}, serialized. */
static const char retry_details[] = "\x08\x08"
                                    "\x12\x18" MESSAGE "\x1a\x30"
                                    "\x0a\x28" TYPE_URL "\x12\x04\x0a\x02\x08\x01";

typedef struct refusal {
  mesh__tag tag;
  mesh_server *server;
  grpc_call *rpc;
  int was_cancelled;
} refusal;

static void refused(mesh__tag *tag, bool ok) {
  (void)ok;
  refusal *self = MESH__CONTAINER(tag, refusal, tag);
  grpc_call_unref(self->rpc);
  mesh__server_part_end(self->server);
  free(self);
}

static void drop(mesh__incoming *incoming) {
  mesh__metadata_clean_up(&incoming->metadata);
  grpc_byte_buffer_destroy(incoming->payload);
}

void mesh__call_refuse(mesh__incoming *incoming) {
  refusal *self = mesh__xmalloc(sizeof *self);
  self->tag.fn = refused;
  self->server = incoming->home->server;
  self->rpc = incoming->rpc;
  drop(incoming);
  mesh__server_part_begin(self->server);

  grpc_slice message = grpc_slice_from_static_string(MESSAGE);
  grpc_metadata details = {0};
  details.key = grpc_slice_from_static_string("grpc-status-details-bin");
  details.value = grpc_slice_from_static_buffer(retry_details, sizeof retry_details - 1);
  mesh__batch batch = {0};
  mesh__batch_add(&batch, GRPC_OP_SEND_INITIAL_METADATA);
  grpc_op *op = mesh__batch_add(&batch, GRPC_OP_SEND_STATUS_FROM_SERVER);
  op->data.send_status_from_server.status = GRPC_STATUS_RESOURCE_EXHAUSTED;
  op->data.send_status_from_server.status_details = &message;
  op->data.send_status_from_server.trailing_metadata = &details;
  op->data.send_status_from_server.trailing_metadata_count = 1;
  op = mesh__batch_add(&batch, GRPC_OP_RECV_CLOSE_ON_SERVER);
  op->data.recv_close_on_server.cancelled = &self->was_cancelled;
  mesh__batch_start(&batch, self->rpc, &self->tag);
}
