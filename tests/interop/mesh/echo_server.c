/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mesh-echo-server [ADDRESS]
 *
 * A server with a method of every kind (tests/protos/mesh/test/v1/echo.proto), one service that is
 * never ready, and one without handlers, for tools that others wrote. Prints the port it listens
 * on; drains on SIGTERM and exits 0.
 */
#include <mesh/context.h>
#include <mesh/server.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mesh/test/reflection/library.mesh.h"
#include "mesh/test/v1/echo.mesh.h"

typedef Mesh__Test__V1__EchoRequest echo_request;
typedef Mesh__Test__V1__EchoReply echo_reply;

enum { GRACE_MS = 2000, MOST_REPEATS = 1000 };

/* ---- one request, one reply ---- */

static void echo(mesh_call *call, const echo_request *request, void *self) {
  (void)self;
  if (strcmp(request->text, "fail") == 0) {
    mesh_call_add_field_violation(call, "text", "must not be '%s'", request->text);
    mesh_call_fail(call, GRPC_STATUS_INVALID_ARGUMENT, "cannot echo '%s'", request->text);
    return;
  }
  echo_reply reply = MESH__TEST__V1__ECHO_REPLY__INIT;
  reply.text = request->text;
  reply.number = request->number;
  mesh_test_v1_echo_reply(call, &reply);
}

/* ---- one request, `number` replies ---- */

typedef struct repeat_state {
  mesh_call *call;
  const echo_request *request;
  int sent;
} repeat_state;

static void repeat_next(bool ok, void *data) {
  repeat_state *state = data;
  if (!ok) {
    mesh_call_fail(state->call, GRPC_STATUS_CANCELLED, "the client has gone");
    return;
  }
  if (state->sent == state->request->number || state->sent == MOST_REPEATS) {
    mesh_call_finish(state->call);
    return;
  }
  echo_reply reply = MESH__TEST__V1__ECHO_REPLY__INIT;
  reply.text = state->request->text;
  reply.number = ++state->sent;
  mesh_test_v1_repeat_send(state->call, &reply, repeat_next, state);
}

static void repeat(mesh_call *call, const echo_request *request, void *self) {
  (void)self;
  repeat_state *state = mesh_arena_alloc(mesh_call_arena(call), sizeof *state);
  state->call = call;
  state->request = request;
  repeat_next(true, state);
}

/* ---- many requests, one reply with their sum ---- */

typedef struct collect_state {
  mesh_call *call;
  int sum;
} collect_state;

static void on_collected(const mesh_status *status, const echo_request *request, void *data) {
  collect_state *state = data;
  if (request != NULL) {
    state->sum += request->number;
    mesh_test_v1_collect_receive(state->call, on_collected, state);
    return;
  }
  if (!mesh_status_is_ok(status)) {
    mesh_call_fail_with(state->call, status);
    return;
  }
  echo_reply reply = MESH__TEST__V1__ECHO_REPLY__INIT;
  reply.number = state->sum;
  mesh_test_v1_collect_reply(state->call, &reply);
}

static void collect(mesh_call *call, void *self) {
  (void)self;
  collect_state *state = mesh_arena_alloc(mesh_call_arena(call), sizeof *state);
  state->call = call;
  mesh_test_v1_collect_receive(call, on_collected, state);
}

/* ---- each request is answered at once ---- */

static void on_chat(const mesh_status *status, const echo_request *request, void *data);

static void on_answered(bool ok, void *data) {
  mesh_call *call = data;
  if (!ok) {
    mesh_call_fail(call, GRPC_STATUS_CANCELLED, "the client has gone");
    return;
  }
  mesh_test_v1_chat_receive(call, on_chat, call);
}

static void on_chat(const mesh_status *status, const echo_request *request, void *data) {
  mesh_call *call = data;
  if (request != NULL) {
    echo_reply reply = MESH__TEST__V1__ECHO_REPLY__INIT;
    reply.text = request->text;
    mesh_test_v1_chat_send(call, &reply, on_answered, call);
  } else if (mesh_status_is_ok(status)) {
    mesh_call_finish(call);
  } else {
    mesh_call_fail_with(call, status);
  }
}

static void chat(mesh_call *call, void *self) {
  (void)self;
  mesh_test_v1_chat_receive(call, on_chat, call);
}

static const mesh_test_v1_echo_service handlers = {
    .echo = echo, .repeat = repeat, .collect = collect, .chat = chat};
static const mesh_test_reflection_library_service no_handlers = {.borrow = NULL};

/* ---- the process ---- */

typedef struct process {
  mesh_loop *loop;
  mesh_server *server;
} process;

static void on_drained(void *data) {
  mesh_loop_stop(data);
}

/* The thread that signals come to; every other has them blocked. */
static void *wait_for_signal(void *data) {
  process *self = data;
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  int signal = 0;
  sigwait(&signals, &signal);
  mesh_server_drain(self->server, GRACE_MS, on_drained, self->loop);
  return NULL;
}

static void check(mesh_status status) {
  if (!mesh_status_is_ok(&status)) {
    fprintf(stderr, "mesh-echo-server: %s\n", status.message);
    exit(EXIT_FAILURE);
  }
}

static void serve(process *self, const char *address) {
  mesh_server_options options = MESH_SERVER_OPTIONS_INIT;
  options.loops = &self->loop;
  options.loop_count = 1;
  options.address = address;
  check(mesh_server_new(&options, &self->server));
  check(mesh_server_add(self->server, mesh_test_v1_echo_service_bind(&handlers, NULL)));
  check(
      mesh_server_add(self->server, mesh_test_reflection_library_service_bind(&no_handlers, NULL)));
  mesh_server_set_serving(self->server, "mesh.test.NeverReady", false);
  check(mesh_server_start(self->server));
  printf("%d\n", mesh_server_port(self->server));
  fflush(stdout);
}

int main(int argc, char **argv) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, NULL);

  process self = {mesh_loop_new(), NULL};
  serve(&self, argc > 1 ? argv[1] : "127.0.0.1:0");
  pthread_t signal_thread;
  pthread_create(&signal_thread, NULL, wait_for_signal, &self);
  mesh_loop_run(self.loop);
  pthread_join(signal_thread, NULL);
  mesh_server_destroy(self.server);
  mesh_loop_destroy(self.loop);
  return EXIT_SUCCESS;
}
