/* SPDX-License-Identifier: Apache-2.0 */
/* A server and a client of mesh.test.v1.EchoService on one loop, for tests of what passes between
 * them. Every wait has an end: a test that hangs fails after 20 s. */
#ifndef HARNESS_H
#define HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <mesh/client.h>
#include <mesh/interceptor.h>
#include <mesh/server.h>

#include "mesh/test/v1/echo.mesh.h"

typedef Mesh__Test__V1__EchoRequest echo_request;
typedef Mesh__Test__V1__EchoReply echo_reply;

/* Texts for protobuf-c's members, which are not const but never written to. */
static inline char *harness_text(const char *text) {
  return (char *)(uintptr_t)text;
}

enum { HARNESS_INTERCEPTORS_MAX = 4 };

/* All zero but `handlers` is fine. */
typedef struct harness_options {
  const mesh_test_v1_echo_service *handlers;
  void *self;
  const mesh_service *extra;  /* another service, or NULL */
  mesh_server_options server; /* loops and address are filled in */
  mesh_client_options client; /* target is filled in when NULL */
  const mesh_interceptor *server_interceptors[HARNESS_INTERCEPTORS_MAX];
} harness_options;

typedef struct harness {
  mesh_loop *loop;
  mesh_server *server;
  mesh_client *client;
  mesh_context *context; /* no deadline; released at the stop */
  char target[64];
  bool is_done;
  bool is_late;
} harness;

void harness_start(harness *self, const harness_options *options);

/* Runs the loop until harness_done. */
void harness_run(harness *self);
void harness_done(harness *self);

/* Runs the loop for `ms`, or until harness_done. For what must not happen; the wait is as long as
 * one dares to be wrong.
 */
void harness_run_for(harness *self, int64_t ms);

/* Drains with no grace and frees everything; all calls have ended. */
void harness_stop(harness *self);

/* Echo answers with the text of the request; there is nothing else. */
extern const mesh_test_v1_echo_service harness_echo_service;

/* What a unary call was answered; ends harness_run when `awaited` answers are there. */
typedef struct harness_answer {
  harness *owner;
  int count;
  grpc_status_code code;
  char message[256];
  char text[256];
  int number;
  bool has_reply;
} harness_answer;

void harness_on_answer(const mesh_status *status, const echo_reply *reply, void *answer);

/* Makes an Echo call in `context` and runs until its answer. */
harness_answer harness_echo(harness *self, const mesh_context *context, const char *text);

#endif
