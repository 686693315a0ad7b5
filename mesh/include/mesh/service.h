/* SPDX-License-Identifier: Apache-2.0 */
/**
 * How a service is described: the tables that protoc-gen-mesh-c generates, and that a hand-written
 * service may fill in as well.
 *
 * Ownership: descriptors are constant and static. Threads: constant.
 */
#ifndef MESH_SERVICE_H
#define MESH_SERVICE_H

#include <mesh/metadata.h>
#include <mesh/status.h>
#include <protobuf-c/protobuf-c.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mesh_call mesh_call;
typedef struct mesh_service mesh_service;

/** Any function pointer; converted back to its own type before it is called. */
typedef void (*mesh_any_fn)(void);

/** Calls a typed callback: `fn` converted back to the type it has for this method's messages. */
typedef void mesh_deliver_fn(mesh_any_fn fn, const mesh_status *status,
                             const ProtobufCMessage *message, void *data);

/** One method. */
typedef struct mesh_method {
  const char *name; /* "GetItem" */
  const char *path; /* "/shop.inventory.v1.InventoryService/GetItem" */
  bool client_streaming;
  bool server_streaming;
  const ProtobufCMessageDescriptor *request; /* NULL: raw bytes */
  const ProtobufCMessageDescriptor *reply;   /* NULL: raw bytes */
  /**
   * Calls the handler in `service->handlers`, or fails the call with UNIMPLEMENTED when the table
   * has none. `request` is the decoded message of methods without client streaming, NULL for the
   * others, whose handlers receive (mesh_call_receive).
   */
  void (*invoke)(mesh_call *call, const ProtobufCMessage *request, const mesh_service *service);
  mesh_deliver_fn *deliver;         /* to the client's callback for replies; NULL for raw methods */
  mesh_deliver_fn *deliver_request; /* to the handler's callback for the messages of a client's
                                       stream; NULL for raw methods and the other kinds */
} mesh_method;

/** One service of a .proto file. */
typedef struct mesh_service_descriptor {
  const char *name; /* "shop.inventory.v1.InventoryService" */
  const mesh_method *methods;
  size_t method_count;
  mesh_bytes file_descriptor_set; /* serialized google.protobuf.FileDescriptorSet: its file and all
                                     that it imports */
} mesh_service_descriptor;

/** A service to serve: what a generated …_bind function returns. */
struct mesh_service {
  const mesh_service_descriptor *descriptor;
  const void *handlers; /* the generated handler table; must outlive the server */
  void *self;           /* passed to every handler */
};

#ifdef __cplusplus
}
#endif

#endif
