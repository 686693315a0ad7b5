/* Made by protoc-gen-mesh-c from qualified.proto; changes here are lost. */
#ifndef MESH_qualified_2eproto_INCLUDED
#define MESH_qualified_2eproto_INCLUDED

#include <mesh/call.h>
#include <mesh/client.h>

#include "qualified.pb-c.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- service test.qualified.v1.Left ---- */

/** Handlers of test.qualified.v1.Left; a member that is NULL answers UNIMPLEMENTED. */
typedef struct test_qualified_v1_left {
  void (*watch)(
      mesh_call *call, const Test__Qualified__V1__Thing *request, void *self);
  void (*left)(
      mesh_call *call, const Test__Qualified__V1__Thing *request, void *self);
} test_qualified_v1_left;

extern const mesh_service_descriptor test_qualified_v1_left_descriptor;

/** The service with its handlers, for mesh_server_add. `handlers` must outlive the server; each
 * handler gets `self`. */
mesh_service test_qualified_v1_left_bind(
    const test_qualified_v1_left *handlers, void *self);

/* ---- Left.Watch (server streaming) ---- */

/** A message of the server's stream; NULL at its end, when the final callback follows. Valid until
 * the function returns. */
typedef void test_qualified_v1_left_watch_fn(const mesh_status *status,
    const Test__Qualified__V1__Thing *message, void *data);

/** Client: opens the call with its one request; `on_finished` is the final callback. */
mesh_client_call *test_qualified_v1_left_watch(
    mesh_client *client, const mesh_context *context,
    const Test__Qualified__V1__Thing *request,
    mesh_finished_fn *on_finished, void *data);

/** Client: asks for the next message (mesh_client_call_receive). */
void test_qualified_v1_left_watch_client_receive(
    mesh_client_call *call, test_qualified_v1_left_watch_fn *on_message, void *data);

/** Handler: streams `message` out; the next one after `on_sent` (mesh_call_send). The call is
 * ended with mesh_call_finish. */
void test_qualified_v1_left_watch_send(
    mesh_call *call, const Test__Qualified__V1__Thing *message,
    mesh_sent_fn *on_sent, void *data);

/* ---- Left.Left (unary) ---- */

/** The answer, once; `reply` is NULL unless `status` is OK. Valid until the function returns. */
typedef void test_qualified_v1_left_left_fn(
    const mesh_status *status, const Test__Qualified__V1__Thing *reply, void *data);

/** Client: makes the call (mesh_client_unary). */
mesh_client_call *test_qualified_v1_left_left(
    mesh_client *client, const mesh_context *context,
    const Test__Qualified__V1__Thing *request,
    test_qualified_v1_left_left_fn *on_reply, void *data);

/** Handler: ends the call with OK and `reply`. */
void test_qualified_v1_left_left_reply(
    mesh_call *call, const Test__Qualified__V1__Thing *reply);

/* ---- service test.qualified.v1.Right ---- */

/** Handlers of test.qualified.v1.Right; a member that is NULL answers UNIMPLEMENTED. */
typedef struct test_qualified_v1_right {
  void (*watch)(mesh_call *call, void *self);
} test_qualified_v1_right;

extern const mesh_service_descriptor test_qualified_v1_right_descriptor;

/** The service with its handlers, for mesh_server_add. `handlers` must outlive the server; each
 * handler gets `self`. */
mesh_service test_qualified_v1_right_bind(
    const test_qualified_v1_right *handlers, void *self);

/* ---- Right.Watch (bidirectional streaming) ---- */

/** A message of the server's stream; NULL at its end, when the final callback follows. Valid until
 * the function returns. */
typedef void test_qualified_v1_right_watch_fn(const mesh_status *status,
    const Test__Qualified__V1__Thing *message, void *data);

/** Client: opens the call; `on_finished` is the final callback. */
mesh_client_call *test_qualified_v1_right_watch(
    mesh_client *client, const mesh_context *context,
    mesh_finished_fn *on_finished, void *data);

/** Client: sends `message`; the next one after `on_sent` (mesh_client_call_send). */
void test_qualified_v1_right_watch_client_send(
    mesh_client_call *call, const Test__Qualified__V1__Thing *message,
    mesh_sent_fn *on_sent, void *data);

/** Client: asks for the next message (mesh_client_call_receive). */
void test_qualified_v1_right_watch_client_receive(
    mesh_client_call *call, test_qualified_v1_right_watch_fn *on_message, void *data);

/** A message of the client's stream; NULL at its end (`status` OK), or when it broke. Valid until
 * the function returns. */
typedef void test_qualified_v1_right_watch_received_fn(
    const mesh_status *status, const Test__Qualified__V1__Thing *message, void *data);

/** Handler: asks for the next message (mesh_call_receive). */
void test_qualified_v1_right_watch_receive(
    mesh_call *call, test_qualified_v1_right_watch_received_fn *on_message, void *data);

/** Handler: streams `message` out; the next one after `on_sent` (mesh_call_send). The call is
 * ended with mesh_call_finish. */
void test_qualified_v1_right_watch_send(
    mesh_call *call, const Test__Qualified__V1__Thing *message,
    mesh_sent_fn *on_sent, void *data);

#ifdef __cplusplus
}
#endif

#endif
