/* Made by protoc-gen-mesh-c from c_package.proto; changes here are lost. */
#ifndef MESH_c_5fpackage_2eproto_INCLUDED
#define MESH_c_5fpackage_2eproto_INCLUDED

#include <mesh/call.h>
#include <mesh/client.h>

#include "c_package.pb-c.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- service test.a_long.name_of.a_package.v1.Notes ---- */

/** Handlers of test.a_long.name_of.a_package.v1.Notes; a member that is NULL answers UNIMPLEMENTED. */
typedef struct short_v1_notes {
  void (*add)(
      mesh_call *call, const Short__V1__Note *request, void *self);
} short_v1_notes;

extern const mesh_service_descriptor short_v1_notes_descriptor;

/** The service with its handlers, for mesh_server_add. `handlers` must outlive the server; each
 * handler gets `self`. */
mesh_service short_v1_notes_bind(
    const short_v1_notes *handlers, void *self);

/* ---- Notes.Add (unary) ---- */

/** The answer, once; `reply` is NULL unless `status` is OK. Valid until the function returns. */
typedef void short_v1_add_fn(
    const mesh_status *status, const Short__V1__Note__Part *reply, void *data);

/** Client: makes the call (mesh_client_unary). */
mesh_client_call *short_v1_add(
    mesh_client *client, const mesh_context *context,
    const Short__V1__Note *request,
    short_v1_add_fn *on_reply, void *data);

/** Handler: ends the call with OK and `reply`. */
void short_v1_add_reply(
    mesh_call *call, const Short__V1__Note__Part *reply);

#ifdef __cplusplus
}
#endif

#endif
