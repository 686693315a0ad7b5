/* SPDX-License-Identifier: Apache-2.0 */
#include "bare.h"

#include <grpc/byte_buffer.h>
#include <grpc/grpc_security.h>
#include <grpc/slice.h>
#include <grpc/support/time.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void bare_die(const char *what) {
  fprintf(stderr, "bench-bare: %s\n", what);
  exit(1);
}

grpc_byte_buffer *bare_message(size_t size) {
  grpc_slice slice = grpc_slice_malloc(size);
  memset(GRPC_SLICE_START_PTR(slice), 'x', size);
  grpc_byte_buffer *message = grpc_raw_byte_buffer_create(&slice, 1);
  grpc_slice_unref(slice);
  return message;
}

void bare_run(grpc_completion_queue *queue, const volatile bool *stop) {
  while (!*stop) {
    gpr_timespec soon =
        gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_millis(100, GPR_TIMESPAN));
    grpc_event completed = grpc_completion_queue_next(queue, soon, NULL);
    if (completed.type == GRPC_QUEUE_SHUTDOWN) {
      return;
    }
    if (completed.type == GRPC_OP_COMPLETE) {
      bare_event *event = completed.tag;
      event->done(event, completed.success != 0);
    }
  }
}

void bare_start(grpc_call *call, const grpc_op *ops, size_t count, bare_event *event) {
  if (grpc_call_start_batch(call, ops, count, event, NULL) != GRPC_CALL_OK) {
    bare_die("a batch was refused");
  }
}

bare_client bare_client_new(grpc_completion_queue *queue, const char *target) {
  bare_client client = {.queue = queue};
  grpc_channel_credentials *insecure = grpc_insecure_credentials_create();
  client.channel = grpc_channel_create(target, insecure, NULL);
  grpc_channel_credentials_release(insecure);
  client.method = grpc_channel_register_call(client.channel, BARE_METHOD, NULL, NULL);
  return client;
}

static void call_done(bare_event *event, bool ok) {
  bare_call *call = (bare_call *)event;
  if (!ok || call->status != GRPC_STATUS_OK || call->reply == NULL) {
    bare_die("a call failed");
  }
  grpc_byte_buffer_destroy(call->reply);
  grpc_metadata_array_destroy(&call->headers);
  grpc_metadata_array_destroy(&call->trailers);
  grpc_slice_unref(call->details);
  grpc_call_unref(call->call);
  call->on_reply(call->data);
}

void bare_call_start(bare_client *client, bare_call *call, void (*on_reply)(void *data),
                     void *data) {
  *call = (bare_call){.event = {call_done}, .on_reply = on_reply, .data = data};
  grpc_metadata_array_init(&call->headers);
  grpc_metadata_array_init(&call->trailers);
  call->call =
      grpc_channel_create_registered_call(client->channel, NULL, 0, client->queue, client->method,
                                          gpr_inf_future(GPR_CLOCK_REALTIME), NULL);
  grpc_byte_buffer *request = bare_message(BARE_REQUEST_SIZE);
  grpc_op ops[6] = {
      {.op = GRPC_OP_SEND_INITIAL_METADATA},
      {.op = GRPC_OP_SEND_MESSAGE, .data.send_message.send_message = request},
      {.op = GRPC_OP_SEND_CLOSE_FROM_CLIENT},
      {.op = GRPC_OP_RECV_INITIAL_METADATA,
       .data.recv_initial_metadata.recv_initial_metadata = &call->headers},
      {.op = GRPC_OP_RECV_MESSAGE, .data.recv_message.recv_message = &call->reply},
      {.op = GRPC_OP_RECV_STATUS_ON_CLIENT,
       .data.recv_status_on_client = {.trailing_metadata = &call->trailers,
                                      .status = &call->status,
                                      .status_details = &call->details}},
  };
  bare_start(call->call, ops, 6, &call->event);
  grpc_byte_buffer_destroy(request);
}
