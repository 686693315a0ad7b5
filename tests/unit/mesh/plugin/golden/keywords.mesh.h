/* Made by protoc-gen-mesh-c from keywords.proto; changes here are lost. */
#ifndef MESH_keywords_2eproto_INCLUDED
#define MESH_keywords_2eproto_INCLUDED

#include <mesh/call.h>
#include <mesh/client.h>

#include "keywords.pb-c.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- service test.keywords.v1.Things ---- */

/** Handlers of test.keywords.v1.Things; a member that is NULL answers UNIMPLEMENTED. */
typedef struct test_keywords_v1_things {
  void (*default_)(
      mesh_call *call, const Test__Keywords__V1__Thing *request, void *self);
  void (*delete_)(
      mesh_call *call, const Test__Keywords__V1__Thing *request, void *self);
  void (*unix_)(mesh_call *call, void *self);
} test_keywords_v1_things;

extern const mesh_service_descriptor test_keywords_v1_things_descriptor;

/** The service with its handlers, for mesh_server_add. `handlers` must outlive the server; each
 * handler gets `self`. */
mesh_service test_keywords_v1_things_bind(
    const test_keywords_v1_things *handlers, void *self);

/* ---- Things.Default (unary) ---- */

/** The answer, once; `reply` is NULL unless `status` is OK. Valid until the function returns. */
typedef void test_keywords_v1_default_fn(
    const mesh_status *status, const Test__Keywords__V1__Thing *reply, void *data);

/** Client: makes the call (mesh_client_unary). */
mesh_client_call *test_keywords_v1_default(
    mesh_client *client, const mesh_context *context,
    const Test__Keywords__V1__Thing *request,
    test_keywords_v1_default_fn *on_reply, void *data);

/** Handler: ends the call with OK and `reply`. */
void test_keywords_v1_default_reply(
    mesh_call *call, const Test__Keywords__V1__Thing *reply);

/* ---- Things.Delete (server streaming) ---- */

/** A message of the server's stream; NULL at its end, when the final callback follows. Valid until
 * the function returns. */
typedef void test_keywords_v1_delete_fn(const mesh_status *status,
    const Test__Keywords__V1__Thing *message, void *data);

/** Client: opens the call with its one request; `on_finished` is the final callback. */
mesh_client_call *test_keywords_v1_delete(
    mesh_client *client, const mesh_context *context,
    const Test__Keywords__V1__Thing *request,
    mesh_finished_fn *on_finished, void *data);

/** Client: asks for the next message (mesh_client_call_receive). */
void test_keywords_v1_delete_client_receive(
    mesh_client_call *call, test_keywords_v1_delete_fn *on_message, void *data);

/** Handler: streams `message` out; the next one after `on_sent` (mesh_call_send). The call is
 * ended with mesh_call_finish. */
void test_keywords_v1_delete_send(
    mesh_call *call, const Test__Keywords__V1__Thing *message,
    mesh_sent_fn *on_sent, void *data);

/* ---- Things.Unix (client streaming) ---- */

/** The answer, once; `reply` is NULL unless `status` is OK. Valid until the function returns. */
typedef void test_keywords_v1_unix_fn(
    const mesh_status *status, const Test__Keywords__V1__Thing *reply, void *data);

/** Client: opens the call; messages follow, and mesh_client_call_close_send. */
mesh_client_call *test_keywords_v1_unix(
    mesh_client *client, const mesh_context *context,
    test_keywords_v1_unix_fn *on_reply, void *data);

/** Client: sends `message`; the next one after `on_sent` (mesh_client_call_send). */
void test_keywords_v1_unix_client_send(
    mesh_client_call *call, const Test__Keywords__V1__Thing *message,
    mesh_sent_fn *on_sent, void *data);

/** A message of the client's stream; NULL at its end (`status` OK), or when it broke. Valid until
 * the function returns. */
typedef void test_keywords_v1_unix_received_fn(
    const mesh_status *status, const Test__Keywords__V1__Thing *message, void *data);

/** Handler: asks for the next message (mesh_call_receive). */
void test_keywords_v1_unix_receive(
    mesh_call *call, test_keywords_v1_unix_received_fn *on_message, void *data);

/** Handler: ends the call with OK and `reply`. */
void test_keywords_v1_unix_reply(
    mesh_call *call, const Test__Keywords__V1__Thing *reply);

#ifdef __cplusplus
}
#endif

#endif
