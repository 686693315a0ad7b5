/* SPDX-License-Identifier: Apache-2.0 */
/* A service and a call to it, in one process on one loop. */
#include <greeter/v1/greeter.mesh.h>

#include <mesh/arena.h>
#include <mesh/call.h>
#include <mesh/client.h>
#include <mesh/context.h>
#include <mesh/loop.h>
#include <mesh/server.h>

#include <stdio.h>
#include <string.h>

typedef struct program {
  mesh_loop *loop;
  mesh_server *server;
  bool was_greeted;
} program;

static void greet(mesh_call *call, const Greeter__V1__GreetRequest *request, void *self) {
  (void)self;
  char text[64];
  snprintf(text, sizeof(text), "hello %s", request->name);
  Greeter__V1__Greeting greeting = GREETER__V1__GREETING__INIT;
  greeting.text = text;
  greeter_v1_greet_reply(call, &greeting);
}

static const greeter_v1_greeter handlers = {.greet = greet};

static void on_drained(void *data) {
  program *self = data;
  mesh_loop_stop(self->loop);
}

static void on_greeted(const mesh_status *status, const Greeter__V1__Greeting *reply, void *data) {
  program *self = data;
  self->was_greeted = mesh_status_is_ok(status) && strcmp(reply->text, "hello world") == 0;
  mesh_server_drain(self->server, 1000, on_drained, self);
}

static mesh_status start_server(program *self) {
  mesh_server_options options = MESH_SERVER_OPTIONS_INIT;
  options.loops = &self->loop;
  options.loop_count = 1;
  options.address = "127.0.0.1:0";
  mesh_status status = mesh_server_new(&options, &self->server);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  status = mesh_server_add(self->server, greeter_v1_greeter_bind(&handlers, NULL));
  return mesh_status_is_ok(&status) ? mesh_server_start(self->server) : status;
}

static mesh_status connect(const program *self, mesh_client **out_client) {
  char target[32];
  snprintf(target, sizeof(target), "127.0.0.1:%d", mesh_server_port(self->server));
  mesh_client_options options = MESH_CLIENT_OPTIONS_INIT;
  options.target = target;
  return mesh_client_new(&options, out_client);
}

static void call(program *self, mesh_client *client) {
  Greeter__V1__GreetRequest request = GREETER__V1__GREET_REQUEST__INIT;
  request.name = (char *)"world";
  mesh_context *context = mesh_context_new(self->loop, NULL, 5000);
  greeter_v1_greet(client, context, &request, on_greeted, self);
  mesh_context_release(context);
  mesh_loop_run(self->loop);
}

int main(void) {
  program self = {.loop = mesh_loop_new()};
  mesh_client *client = NULL;
  mesh_status status = start_server(&self);
  if (mesh_status_is_ok(&status)) {
    status = connect(&self, &client);
  }
  if (!mesh_status_is_ok(&status)) {
    fprintf(stderr, "%s\n", status.message);
    return 1;
  }
  call(&self, client);
  mesh_client_destroy(client);
  mesh_server_destroy(self.server);
  mesh_loop_destroy(self.loop);
  return self.was_greeted ? 0 : 1;
}
