/* SPDX-License-Identifier: Apache-2.0 */
#include "batch.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "handover.h"

grpc_op *mesh__batch_add(mesh__batch *batch, grpc_op_type type) {
  assert(batch->count < MESH__BATCH_MAX);
  grpc_op *op = &batch->ops[batch->count++];
  op->op = type;
  return op;
}

void mesh__batch_add_headers(mesh__batch *batch, const mesh__headers *headers) {
  grpc_op *op = mesh__batch_add(batch, GRPC_OP_SEND_INITIAL_METADATA);
  op->data.send_initial_metadata.metadata = headers->items;
  op->data.send_initial_metadata.count = headers->count;
}

void mesh__batch_add_message(mesh__batch *batch, grpc_byte_buffer *message) {
  grpc_op *op = mesh__batch_add(batch, GRPC_OP_SEND_MESSAGE);
  op->data.send_message.send_message = message;
}

void mesh__batch_start(const mesh__batch *batch, grpc_call *rpc, mesh__tag *tag) {
  MESH__HAND_OVER(tag);
  grpc_call_error error = grpc_call_start_batch(rpc, batch->ops, batch->count, tag, NULL);
  if (error != GRPC_CALL_OK) {
    fprintf(stderr, "mesh: gRPC refuses a batch: %s\n", grpc_call_error_to_string(error));
    abort();
  }
}
