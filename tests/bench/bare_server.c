/* SPDX-License-Identifier: Apache-2.0 */
#include "bare.h"

#include <grpc/byte_buffer.h>
#include <grpc/grpc_security.h>
#include <grpc/slice.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

/* Calls asked for ahead of their coming, so that a burst does not wait for us to ask. */
#define ACCEPT_AHEAD 128

typedef struct server {
  grpc_completion_queue *queue;
  grpc_server *server;
  void *method;
  bare_client downstream;
  unsigned downstream_calls;
} server;

/* One call that is served, from being asked for until it has ended. */
typedef struct served {
  bare_event event;
  server *server;
  grpc_call *call;
  grpc_metadata_array headers;
  grpc_byte_buffer *request;
  gpr_timespec deadline;
  unsigned downstream_left;
  bare_call downstream;
  int cancelled;
} served;

static volatile bool stopping;

static void accept_next(served *call);

static void ended(bare_event *event, bool ok) {
  served *call = (served *)event;
  (void)ok; /* the peer may be gone: the load is over */
  grpc_byte_buffer_destroy(call->request);
  grpc_metadata_array_destroy(&call->headers);
  grpc_call_unref(call->call);
  accept_next(call);
}

static void answer(served *call) {
  static grpc_byte_buffer *reply;
  if (reply == NULL) {
    reply = bare_message(BARE_REPLY_SIZE);
  }
  const grpc_op ops[4] = {
      {.op = GRPC_OP_SEND_INITIAL_METADATA},
      {.op = GRPC_OP_SEND_MESSAGE, .data.send_message.send_message = reply},
      {.op = GRPC_OP_SEND_STATUS_FROM_SERVER,
       .data.send_status_from_server.status = GRPC_STATUS_OK},
      {.op = GRPC_OP_RECV_CLOSE_ON_SERVER, .data.recv_close_on_server.cancelled = &call->cancelled},
  };
  call->event.done = ended;
  bare_start(call->call, ops, 4, &call->event);
}

static void go_on(void *data) {
  served *call = data;
  if (call->downstream_left == 0) {
    answer(call);
    return;
  }
  call->downstream_left--;
  bare_call_start(&call->server->downstream, &call->downstream, go_on, call);
}

static void accepted(bare_event *event, bool ok) {
  served *call = (served *)event;
  if (!ok) {
    free(call);
    return;
  }
  call->downstream_left = call->server->downstream_calls;
  go_on(call);
}

static void accept_next(served *call) {
  call->event.done = accepted;
  grpc_metadata_array_init(&call->headers);
  grpc_call_error error = grpc_server_request_registered_call(
      call->server->server, call->server->method, &call->call, &call->deadline, &call->headers,
      &call->request, call->server->queue, call->server->queue, &call->event);
  if (error != GRPC_CALL_OK) {
    bare_die("a call could not be asked for");
  }
}

static void on_signal(int number) {
  (void)number;
  stopping = true;
}

static server *server_new(void) {
  server *serving = calloc(1, sizeof(*serving));
  serving->queue = grpc_completion_queue_create_for_next(NULL);
  serving->server = grpc_server_create(NULL, NULL);
  grpc_server_register_completion_queue(serving->server, serving->queue, NULL);
  serving->method = grpc_server_register_method(serving->server, BARE_METHOD, NULL,
                                                GRPC_SRM_PAYLOAD_READ_INITIAL_BYTE_BUFFER, 0);
  grpc_server_credentials *insecure = grpc_insecure_server_credentials_create();
  int port = grpc_server_add_http2_port(serving->server, "127.0.0.1:0", insecure);
  grpc_server_credentials_release(insecure);
  if (port == 0) {
    bare_die("no port to serve on");
  }
  printf("port %d\n", port);
  fflush(stdout);
  return serving;
}

void bare_serve(const char *downstream, unsigned downstream_calls) {
  signal(SIGTERM, on_signal);
  server *serving = server_new();
  serving->downstream_calls = downstream_calls;
  if (downstream != NULL) {
    serving->downstream = bare_client_new(serving->queue, downstream);
  }
  grpc_server_start(serving->server);
  for (unsigned i = 0; i < ACCEPT_AHEAD; i++) {
    served *call = calloc(1, sizeof(*call));
    call->server = serving;
    accept_next(call);
  }
  bare_run(serving->queue, &stopping);
}
