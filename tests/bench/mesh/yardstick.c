/* SPDX-License-Identifier: Apache-2.0 */
#include "yardstick.h"

#include <grpc/byte_buffer.h>
#include <grpc/grpc.h>
#include <grpc/grpc_security.h>
#include <grpc/support/time.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a tag points at begins with this. */
typedef struct event event;
struct event {
  void (*fn)(event *self, bool ok);
};

#define METHOD "/mesh.test.v1.EchoService/Echo"

/* ---- the server ---- */

typedef struct bare_server {
  grpc_server *core;
  grpc_completion_queue *queue;
  void *method;
  event shutdown;
  bool is_shut_down;
} bare_server;

typedef struct server_call {
  event event;
  bare_server *server;
  grpc_call *call;
  gpr_timespec deadline;
  grpc_metadata_array metadata;
  grpc_byte_buffer *payload;
  int cancelled;
} server_call;

static void server_answered(event *self, bool ok) {
  (void)ok;
  server_call *call = (server_call *)self;
  grpc_byte_buffer_destroy(call->payload);
  grpc_metadata_array_destroy(&call->metadata);
  grpc_call_unref(call->call);
  free(call);
}

static void server_request(bare_server *server);

static void server_accepted(event *self, bool ok) {
  server_call *call = (server_call *)self;
  if (!ok) {
    grpc_metadata_array_destroy(&call->metadata);
    free(call);
    return;
  }
  server_request(call->server);
  grpc_op ops[4];
  memset(ops, 0, sizeof ops);
  ops[0].op = GRPC_OP_SEND_INITIAL_METADATA;
  ops[1].op = GRPC_OP_SEND_MESSAGE;
  ops[1].data.send_message.send_message = call->payload;
  ops[2].op = GRPC_OP_SEND_STATUS_FROM_SERVER;
  ops[3].op = GRPC_OP_RECV_CLOSE_ON_SERVER;
  ops[3].data.recv_close_on_server.cancelled = &call->cancelled;
  call->event.fn = server_answered;
  grpc_call_start_batch(call->call, ops, 4, &call->event, NULL);
}

static void server_request(bare_server *server) {
  server_call *call = calloc(1, sizeof *call);
  call->event.fn = server_accepted;
  call->server = server;
  grpc_metadata_array_init(&call->metadata);
  grpc_server_request_registered_call(server->core, server->method, &call->call, &call->deadline,
                                      &call->metadata, &call->payload, server->queue, server->queue,
                                      &call->event);
}

static void server_shut_down(event *self, bool ok) {
  (void)self;
  (void)ok;
}

static void *server_run(void *data) {
  bare_server *server = data;
  for (;;) {
    grpc_event next =
        grpc_completion_queue_next(server->queue, gpr_inf_future(GPR_CLOCK_REALTIME), NULL);
    if (next.type == GRPC_QUEUE_SHUTDOWN) {
      return NULL;
    }
    event *done = next.tag;
    done->fn(done, next.success != 0);
  }
}

static int server_start(bare_server *server) {
  grpc_server_credentials *credentials = grpc_insecure_server_credentials_create();
  server->core = grpc_server_create(NULL, NULL);
  server->queue = grpc_completion_queue_create_for_next(NULL);
  server->shutdown.fn = server_shut_down;
  grpc_server_register_completion_queue(server->core, server->queue, NULL);
  server->method = grpc_server_register_method(server->core, METHOD, NULL,
                                               GRPC_SRM_PAYLOAD_READ_INITIAL_BYTE_BUFFER, 0);
  int port = grpc_server_add_http2_port(server->core, "127.0.0.1:0", credentials);
  grpc_server_credentials_release(credentials);
  grpc_server_start(server->core);
  for (int i = 0; i < 4; i++) {
    server_request(server);
  }
  return port;
}

/* ---- the client ---- */

typedef struct bare_client {
  grpc_channel *channel;
  grpc_completion_queue *queue;
  gpr_timespec until;
  long answered;
  int in_flight;
} bare_client;

typedef struct client_call {
  event event;
  bare_client *client;
  grpc_call *call;
  grpc_metadata_array initial;
  grpc_metadata_array trailing;
  grpc_byte_buffer *request;
  grpc_byte_buffer *reply;
  grpc_status_code status;
  grpc_slice details;
} client_call;

static void client_start(bare_client *client);

static void client_answered(event *self, bool ok) {
  (void)ok;
  client_call *call = (client_call *)self;
  bare_client *client = call->client;
  client->answered += call->status == GRPC_STATUS_OK;
  client->in_flight--;
  grpc_byte_buffer_destroy(call->request);
  grpc_byte_buffer_destroy(call->reply);
  grpc_metadata_array_destroy(&call->initial);
  grpc_metadata_array_destroy(&call->trailing);
  grpc_slice_unref(call->details);
  grpc_call_unref(call->call);
  free(call);
  if (gpr_time_cmp(gpr_now(GPR_CLOCK_MONOTONIC), client->until) < 0) {
    client_start(client);
  }
}

static void client_start(bare_client *client) {
  static const char payload[] = "\x0a\x0flaptop-001-blue\x10\x2a";
  client_call *call = calloc(1, sizeof *call);
  call->event.fn = client_answered;
  call->client = client;
  grpc_slice slice = grpc_slice_from_copied_buffer(payload, sizeof payload - 1);
  call->request = grpc_raw_byte_buffer_create(&slice, 1);
  grpc_slice_unref(slice);
  call->call = grpc_channel_create_call(client->channel, NULL, GRPC_PROPAGATE_DEFAULTS,
                                        client->queue, grpc_slice_from_static_string(METHOD), NULL,
                                        gpr_inf_future(GPR_CLOCK_MONOTONIC), NULL);
  grpc_op ops[6];
  memset(ops, 0, sizeof ops);
  ops[0].op = GRPC_OP_SEND_INITIAL_METADATA;
  ops[1].op = GRPC_OP_SEND_MESSAGE;
  ops[1].data.send_message.send_message = call->request;
  ops[2].op = GRPC_OP_SEND_CLOSE_FROM_CLIENT;
  ops[3].op = GRPC_OP_RECV_INITIAL_METADATA;
  ops[3].data.recv_initial_metadata.recv_initial_metadata = &call->initial;
  ops[4].op = GRPC_OP_RECV_MESSAGE;
  ops[4].data.recv_message.recv_message = &call->reply;
  ops[5].op = GRPC_OP_RECV_STATUS_ON_CLIENT;
  ops[5].data.recv_status_on_client.trailing_metadata = &call->trailing;
  ops[5].data.recv_status_on_client.status = &call->status;
  ops[5].data.recv_status_on_client.status_details = &call->details;
  client->in_flight++;
  grpc_call_start_batch(call->call, ops, 6, &call->event, NULL);
}

static void client_run(bare_client *client, int in_flight, double seconds) {
  client->until = gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                               gpr_time_from_micros((int64_t)(seconds * 1e6), GPR_TIMESPAN));
  for (int i = 0; i < in_flight; i++) {
    client_start(client);
  }
  while (client->in_flight > 0) {
    grpc_event next =
        grpc_completion_queue_next(client->queue, gpr_inf_future(GPR_CLOCK_REALTIME), NULL);
    event *done = next.tag;
    done->fn(done, next.success != 0);
  }
}

static void client_stop(bare_client *client) {
  grpc_channel_destroy(client->channel);
  grpc_completion_queue_shutdown(client->queue);
  while (grpc_completion_queue_next(client->queue, gpr_inf_future(GPR_CLOCK_REALTIME), NULL).type !=
         GRPC_QUEUE_SHUTDOWN) {}
  grpc_completion_queue_destroy(client->queue);
}

long bare_run(int in_flight, double seconds) {
  grpc_init();
  bare_server server = {0};
  bare_client client = {0};
  pthread_t thread;
  char target[64];
  snprintf(target, sizeof target, "127.0.0.1:%d", server_start(&server));
  pthread_create(&thread, NULL, server_run, &server);
  grpc_channel_credentials *credentials = grpc_insecure_credentials_create();
  client.channel = grpc_channel_create(target, credentials, NULL);
  client.queue = grpc_completion_queue_create_for_next(NULL);
  grpc_channel_credentials_release(credentials);
  client_run(&client, in_flight, seconds);
  client_stop(&client);
  grpc_server_shutdown_and_notify(server.core, server.queue, &server.shutdown);
  grpc_server_cancel_all_calls(server.core);
  grpc_completion_queue_shutdown(server.queue);
  pthread_join(thread, NULL);
  grpc_server_destroy(server.core);
  grpc_completion_queue_destroy(server.queue);
  grpc_shutdown();
  return client.answered;
}
