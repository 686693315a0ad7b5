/* Made by protoc-gen-mesh-c from proto2.proto; changes here are lost. */
#ifndef MESH_proto2_2eproto_INCLUDED
#define MESH_proto2_2eproto_INCLUDED

#include <mesh/call.h>
#include <mesh/client.h>

#include "proto2.pb-c.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- service test.proto2.v1.OldService ---- */

/** Handlers of test.proto2.v1.OldService; a member that is NULL answers UNIMPLEMENTED. */
typedef struct test_proto2_v1_old_service {
  void (*get)(
      mesh_call *call, const Test__Proto2__V1__Old *request, void *self);
} test_proto2_v1_old_service;

extern const mesh_service_descriptor test_proto2_v1_old_service_descriptor;

/** The service with its handlers, for mesh_server_add. `handlers` must outlive the server; each
 * handler gets `self`. */
mesh_service test_proto2_v1_old_service_bind(
    const test_proto2_v1_old_service *handlers, void *self);

/* ---- OldService.Get (unary) ---- */

/** The answer, once; `reply` is NULL unless `status` is OK. Valid until the function returns. */
typedef void test_proto2_v1_get_fn(
    const mesh_status *status, const Test__Proto2__V1__Old *reply, void *data);

/** Client: makes the call (mesh_client_unary). */
mesh_client_call *test_proto2_v1_get(
    mesh_client *client, const mesh_context *context,
    const Test__Proto2__V1__Old *request,
    test_proto2_v1_get_fn *on_reply, void *data);

/** Handler: ends the call with OK and `reply`. */
void test_proto2_v1_get_reply(
    mesh_call *call, const Test__Proto2__V1__Old *reply);

#ifdef __cplusplus
}
#endif

#endif
