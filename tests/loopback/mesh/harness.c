/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"

#include <stdio.h>
#include <string.h>

enum { PATIENCE_MS = 20000 };

static void echo_back(mesh_call *call, const echo_request *request, void *self) {
  (void)self;
  echo_reply reply;
  mesh__test__v1__echo_reply__init(&reply);
  reply.text = request->text;
  mesh_test_v1_echo_reply(call, &reply);
}

const mesh_test_v1_echo_service harness_echo_service = {.echo = echo_back};

static void check(mesh_status status) {
  if (!mesh_status_is_ok(&status)) {
    fail_msg("%s: %s", mesh_status_code_name(status.code), status.message);
  }
}

static void start_server(harness *self, const harness_options *options) {
  mesh_server_options server_options = options->server;
  server_options.loops = &self->loop;
  server_options.loop_count = 1;
  if (server_options.address == NULL) {
    server_options.address = "127.0.0.1:0";
  }
  check(mesh_server_new(&server_options, &self->server));
  check(mesh_server_add(self->server,
                        mesh_test_v1_echo_service_bind(options->handlers, options->self)));
  if (options->extra != NULL) {
    check(mesh_server_add(self->server, *options->extra));
  }
  for (size_t i = 0; i < HARNESS_INTERCEPTORS_MAX; i++) {
    if (options->server_interceptors[i] != NULL) {
      mesh_server_use(self->server, options->server_interceptors[i]);
    }
  }
  check(mesh_server_start(self->server));
}

void harness_start(harness *self, const harness_options *options) {
  memset(self, 0, sizeof *self);
  self->loop = mesh_loop_new();
  start_server(self, options);
  mesh_client_options client_options = options->client;
  snprintf(self->target, sizeof self->target, "127.0.0.1:%d", mesh_server_port(self->server));
  if (client_options.target == NULL) {
    client_options.target = self->target;
  }
  check(mesh_client_new(&client_options, &self->client));
  self->context = mesh_context_new(self->loop, NULL, MESH_NO_TIMEOUT);
}

void harness_done(harness *self) {
  self->is_done = true;
  mesh_loop_stop(self->loop);
}

static void late(void *data) {
  harness *self = data;
  self->is_late = true;
  mesh_loop_stop(self->loop);
}

void harness_run(harness *self) {
  mesh_timer patience = {0};
  self->is_late = false;
  mesh_timer_start(self->loop, &patience, PATIENCE_MS, late, self);
  while (!self->is_done && !self->is_late) {
    mesh_loop_run(self->loop);
  }
  mesh_timer_stop(self->loop, &patience);
  assert_false(self->is_late);
  self->is_done = false;
}

static void enough(void *data) {
  harness_done(data);
}

void harness_run_for(harness *self, int64_t ms) {
  mesh_timer timer = {0};
  mesh_timer_start(self->loop, &timer, ms, enough, self);
  harness_run(self);
  mesh_timer_stop(self->loop, &timer);
}

void harness_stop(harness *self) {
  mesh_context_release(self->context);
  mesh_client_destroy(self->client);
  mesh_server_drain(self->server, 0, enough, self);
  harness_run(self);
  mesh_server_destroy(self->server);
  mesh_loop_destroy(self->loop);
}

void harness_on_answer(const mesh_status *status, const echo_reply *reply, void *data) {
  harness_answer *answer = data;
  answer->count++;
  answer->code = status->code;
  snprintf(answer->message, sizeof answer->message, "%s", status->message);
  answer->has_reply = reply != NULL;
  if (reply != NULL) {
    snprintf(answer->text, sizeof answer->text, "%s", reply->text);
    answer->number = reply->number;
  }
  harness_done(answer->owner);
}

harness_answer harness_echo(harness *self, const mesh_context *context, const char *text) {
  harness_answer answer = {.owner = self};
  echo_request request;
  mesh__test__v1__echo_request__init(&request);
  request.text = harness_text(text);
  mesh_test_v1_echo(self->client, context, &request, harness_on_answer, &answer);
  harness_run(self);
  assert_int_equal(answer.count, 1);
  return answer;
}
