/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes are a message or are not; a type that contains itself cannot exhaust the stack. */
#include <google/protobuf/descriptor.pb-c.h>
#include <grpc/byte_buffer.h>

#include "message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  mesh_arena *arena = mesh_arena_new();
  mesh_bytes bytes = {data, size};
  const ProtobufCMessage *message =
      mesh__message_decode(&google__protobuf__descriptor_proto__descriptor, bytes, arena);
  if (message != NULL) {
    grpc_byte_buffer_destroy(mesh__message_encode(message));
  }
  mesh_arena_destroy(arena);
  return 0;
}
