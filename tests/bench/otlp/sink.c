/* SPDX-License-Identifier: Apache-2.0 */
#include "sink.h"

#include <grpc/grpc.h>
#include <grpc/grpc_security.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char FLAG[] = "--be-the-sink";

typedef struct sink_call {
  grpc_call *call;
  grpc_call_details details;
  grpc_metadata_array metadata;
  grpc_byte_buffer *request;
  grpc_byte_buffer *response;
  int cancelled;
  int step;
} sink_call;

typedef struct sink_server {
  grpc_server *server;
  grpc_completion_queue *queue;
} sink_server;

static void accept_next(sink_server *self) {
  sink_call *call = calloc(1, sizeof(*call));
  grpc_call_details_init(&call->details);
  grpc_metadata_array_init(&call->metadata);
  grpc_server_request_call(self->server, &call->call, &call->details, &call->metadata, self->queue,
                           self->queue, call);
}

static void free_call(sink_call *call) {
  grpc_call_details_destroy(&call->details);
  grpc_metadata_array_destroy(&call->metadata);
  grpc_byte_buffer_destroy(call->request);
  grpc_byte_buffer_destroy(call->response);
  grpc_call_unref(call->call);
  free(call);
}

static void answer(sink_call *call) {
  grpc_slice nothing = grpc_empty_slice();
  call->response = grpc_raw_byte_buffer_create(&nothing, 1);
  grpc_op ops[] = {{.op = GRPC_OP_SEND_INITIAL_METADATA},
                   {.op = GRPC_OP_SEND_MESSAGE, .data.send_message.send_message = call->response},
                   {.op = GRPC_OP_SEND_STATUS_FROM_SERVER},
                   {.op = GRPC_OP_RECV_CLOSE_ON_SERVER,
                    .data.recv_close_on_server.cancelled = &call->cancelled}};
  grpc_call_start_batch(call->call, ops, 4, call, NULL);
}

static void advance(sink_server *self, sink_call *call) {
  if (call->step++ == 0) {
    accept_next(self);
    grpc_op op = {.op = GRPC_OP_RECV_MESSAGE, .data.recv_message.recv_message = &call->request};
    grpc_call_start_batch(call->call, &op, 1, call, NULL);
  } else if (call->step == 2) {
    answer(call);
  } else {
    free_call(call);
  }
}

static bool parent_is_gone(void) {
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  return poll(&input, 1, 0) > 0;
}

static void serve(sink_server *self) {
  for (unsigned turn = 0; turn % 1024 != 0 || !parent_is_gone(); turn++) {
    gpr_timespec soon =
        gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_millis(200, GPR_TIMESPAN));
    grpc_event event = grpc_completion_queue_next(self->queue, soon, NULL);
    if (event.type == GRPC_OP_COMPLETE) {
      advance(self, event.tag);
    } else {
      turn |= 1023; /* nothing to do: look again */
    }
  }
}

int sink_main(int argc, char **argv) {
  if (argc != 2 || strcmp(argv[1], FLAG) != 0) {
    return 0;
  }
  grpc_init();
  sink_server self = {grpc_server_create(NULL, NULL), grpc_completion_queue_create_for_next(NULL)};
  grpc_server_register_completion_queue(self.server, self.queue, NULL);
  grpc_server_credentials *credentials = grpc_insecure_server_credentials_create();
  printf("%d\n", grpc_server_add_http2_port(self.server, "127.0.0.1:0", credentials));
  fflush(stdout);
  grpc_server_start(self.server);
  accept_next(&self);
  serve(&self);
  _exit(0); /* nothing here is worth an orderly end */
}

sink sink_start(void) {
  int to_sink[2];
  int from_sink[2];
  sink self = {0};
  if (pipe(to_sink) != 0 || pipe(from_sink) != 0) {
    abort();
  }
  self.pid = fork();
  if (self.pid == 0) {
    dup2(to_sink[0], STDIN_FILENO);
    dup2(from_sink[1], STDOUT_FILENO);
    close(to_sink[1]);
    execl("/proc/self/exe", "sink", FLAG, (char *)NULL);
    _exit(1);
  }
  close(to_sink[0]);
  close(from_sink[1]);
  self.stop = to_sink[1];
  FILE *said = fdopen(from_sink[0], "r");
  if (said == NULL || fscanf(said, "%d", &self.port) != 1) {
    abort();
  }
  fclose(said);
  return self;
}

void sink_stop(sink *self) {
  close(self->stop);
  waitpid(self->pid, NULL, 0);
}
