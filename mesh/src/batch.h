/* SPDX-License-Identifier: Apache-2.0 */
/* Operations of the C core, gathered for one grpc_call_start_batch. */
#ifndef MESH__BATCH_H
#define MESH__BATCH_H

#include <grpc/grpc.h>

#include "loop.h"
#include "metadata.h"

enum { MESH__BATCH_MAX = 6 };

/* All zero is empty. */
typedef struct mesh__batch {
  grpc_op ops[MESH__BATCH_MAX];
  size_t count;
} mesh__batch;

/* Adds an operation whose data is all zero, to be filled in. */
grpc_op *mesh__batch_add(mesh__batch *batch, grpc_op_type type);

void mesh__batch_add_headers(mesh__batch *batch, const mesh__headers *headers);
void mesh__batch_add_message(mesh__batch *batch, grpc_byte_buffer *message);

/* Starts the batch. What the C core refuses here is a mistake of ours: the process ends. */
void mesh__batch_start(const mesh__batch *batch, grpc_call *rpc, mesh__tag *tag);

#endif
