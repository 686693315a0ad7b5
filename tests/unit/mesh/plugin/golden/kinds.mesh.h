/* Made by protoc-gen-mesh-c from kinds.proto; changes here are lost. */
#ifndef MESH_kinds_2eproto_INCLUDED
#define MESH_kinds_2eproto_INCLUDED

#include <mesh/call.h>
#include <mesh/client.h>

#include "kinds.pb-c.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- service test.kinds.v1.RoomService ---- */

/**
 * Rooms one can talk in.
 *
 * Two paragraphs, and what would end a C comment: * / or open one: / * here.
 *
 * Handlers of test.kinds.v1.RoomService; a member that is NULL answers UNIMPLEMENTED.
 */
typedef struct test_kinds_v1_room_service {
  /** One request, one reply. */
  void (*enter)(
      mesh_call *call, const Test__Kinds__V1__EnterRequest *request, void *self);
  /**
   * A block comment
   * over lines.
   */
  void (*listen)(
      mesh_call *call, const Test__Kinds__V1__EnterRequest *request, void *self);
  /** Behind the method. */
  void (*upload)(mesh_call *call, void *self);
  void (*talk)(mesh_call *call, void *self);
} test_kinds_v1_room_service;

extern const mesh_service_descriptor test_kinds_v1_room_service_descriptor;

/** The service with its handlers, for mesh_server_add. `handlers` must outlive the server; each
 * handler gets `self`. */
mesh_service test_kinds_v1_room_service_bind(
    const test_kinds_v1_room_service *handlers, void *self);

/* ---- RoomService.Enter (unary) ---- */

/** The answer, once; `reply` is NULL unless `status` is OK. Valid until the function returns. */
typedef void test_kinds_v1_enter_fn(
    const mesh_status *status, const Test__Kinds__V1__Room *reply, void *data);

/** Client: makes the call (mesh_client_unary). */
mesh_client_call *test_kinds_v1_enter(
    mesh_client *client, const mesh_context *context,
    const Test__Kinds__V1__EnterRequest *request,
    test_kinds_v1_enter_fn *on_reply, void *data);

/** Handler: ends the call with OK and `reply`. */
void test_kinds_v1_enter_reply(
    mesh_call *call, const Test__Kinds__V1__Room *reply);

/* ---- RoomService.Listen (server streaming) ---- */

/** A message of the server's stream; NULL at its end, when the final callback follows. Valid until
 * the function returns. */
typedef void test_kinds_v1_listen_fn(const mesh_status *status,
    const Test__Kinds__V1__Room__Message *message, void *data);

/** Client: opens the call with its one request; `on_finished` is the final callback. */
mesh_client_call *test_kinds_v1_listen(
    mesh_client *client, const mesh_context *context,
    const Test__Kinds__V1__EnterRequest *request,
    mesh_finished_fn *on_finished, void *data);

/** Client: asks for the next message (mesh_client_call_receive). */
void test_kinds_v1_listen_client_receive(
    mesh_client_call *call, test_kinds_v1_listen_fn *on_message, void *data);

/** Handler: streams `message` out; the next one after `on_sent` (mesh_call_send). The call is
 * ended with mesh_call_finish. */
void test_kinds_v1_listen_send(
    mesh_call *call, const Test__Kinds__V1__Room__Message *message,
    mesh_sent_fn *on_sent, void *data);

/* ---- RoomService.Upload (client streaming) ---- */

/** The answer, once; `reply` is NULL unless `status` is OK. Valid until the function returns. */
typedef void test_kinds_v1_upload_fn(
    const mesh_status *status, const Google__Protobuf__Empty *reply, void *data);

/** Client: opens the call; messages follow, and mesh_client_call_close_send. */
mesh_client_call *test_kinds_v1_upload(
    mesh_client *client, const mesh_context *context,
    test_kinds_v1_upload_fn *on_reply, void *data);

/** Client: sends `message`; the next one after `on_sent` (mesh_client_call_send). */
void test_kinds_v1_upload_client_send(
    mesh_client_call *call, const Test__Kinds__V1__Room__Message *message,
    mesh_sent_fn *on_sent, void *data);

/** A message of the client's stream; NULL at its end (`status` OK), or when it broke. Valid until
 * the function returns. */
typedef void test_kinds_v1_upload_received_fn(
    const mesh_status *status, const Test__Kinds__V1__Room__Message *message, void *data);

/** Handler: asks for the next message (mesh_call_receive). */
void test_kinds_v1_upload_receive(
    mesh_call *call, test_kinds_v1_upload_received_fn *on_message, void *data);

/** Handler: ends the call with OK and `reply`. */
void test_kinds_v1_upload_reply(
    mesh_call *call, const Google__Protobuf__Empty *reply);

/* ---- RoomService.Talk (bidirectional streaming) ---- */

/** A message of the server's stream; NULL at its end, when the final callback follows. Valid until
 * the function returns. */
typedef void test_kinds_v1_talk_fn(const mesh_status *status,
    const Test__Kinds__V1__Room__Message__Receipt *message, void *data);

/** Client: opens the call; `on_finished` is the final callback. */
mesh_client_call *test_kinds_v1_talk(
    mesh_client *client, const mesh_context *context,
    mesh_finished_fn *on_finished, void *data);

/** Client: sends `message`; the next one after `on_sent` (mesh_client_call_send). */
void test_kinds_v1_talk_client_send(
    mesh_client_call *call, const Test__Kinds__V1__Room__Message *message,
    mesh_sent_fn *on_sent, void *data);

/** Client: asks for the next message (mesh_client_call_receive). */
void test_kinds_v1_talk_client_receive(
    mesh_client_call *call, test_kinds_v1_talk_fn *on_message, void *data);

/** A message of the client's stream; NULL at its end (`status` OK), or when it broke. Valid until
 * the function returns. */
typedef void test_kinds_v1_talk_received_fn(
    const mesh_status *status, const Test__Kinds__V1__Room__Message *message, void *data);

/** Handler: asks for the next message (mesh_call_receive). */
void test_kinds_v1_talk_receive(
    mesh_call *call, test_kinds_v1_talk_received_fn *on_message, void *data);

/** Handler: streams `message` out; the next one after `on_sent` (mesh_call_send). The call is
 * ended with mesh_call_finish. */
void test_kinds_v1_talk_send(
    mesh_call *call, const Test__Kinds__V1__Room__Message__Receipt *message,
    mesh_sent_fn *on_sent, void *data);

#ifdef __cplusplus
}
#endif

#endif
