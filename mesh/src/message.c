/* SPDX-License-Identifier: Apache-2.0 */
#include "message.h"

#include <grpc/byte_buffer.h>
#include <grpc/byte_buffer_reader.h>
#include <grpc/slice.h>
#include <string.h>

#include "arena.h"
#include "metadata.h"

static grpc_byte_buffer *buffer_of(grpc_slice slice) {
  grpc_byte_buffer *buffer = grpc_raw_byte_buffer_create(&slice, 1);
  grpc_slice_unref(slice);
  return buffer;
}

grpc_byte_buffer *mesh__message_encode(const ProtobufCMessage *message) {
  grpc_slice slice = grpc_slice_malloc(protobuf_c_message_get_packed_size(message));
  protobuf_c_message_pack(message, GRPC_SLICE_START_PTR(slice));
  return buffer_of(slice);
}

grpc_byte_buffer *mesh__message_from_bytes(mesh_bytes bytes) {
  return buffer_of(mesh__slice_of_bytes(bytes));
}

mesh_bytes mesh__message_bytes(grpc_byte_buffer *buffer, mesh_arena *arena) {
  size_t size = grpc_byte_buffer_length(buffer);
  grpc_byte_buffer_reader reader;
  grpc_slice *piece;
  mesh_bytes bytes = {"", 0};
  if (size == 0 || !grpc_byte_buffer_reader_init(&reader, buffer)) {
    return bytes;
  }
  bytes.size = size;
  char *copy = NULL;
  size_t copied = 0;
  while (grpc_byte_buffer_reader_peek(&reader, &piece)) {
    if (GRPC_SLICE_LENGTH(*piece) == size) {
      bytes.data = GRPC_SLICE_START_PTR(*piece);
      break;
    }
    if (copy == NULL) {
      copy = mesh__arena_raw(arena, size);
      bytes.data = copy;
    }
    memcpy(copy + copied, GRPC_SLICE_START_PTR(*piece), GRPC_SLICE_LENGTH(*piece));
    copied += GRPC_SLICE_LENGTH(*piece);
  }
  grpc_byte_buffer_reader_destroy(&reader);
  return bytes;
}

ProtobufCMessage *mesh__message_decode(const ProtobufCMessageDescriptor *descriptor,
                                       mesh_bytes bytes, mesh_arena *arena) {
  return protobuf_c_message_unpack(descriptor, mesh_arena_protobuf_allocator(arena), bytes.size,
                                   bytes.data);
}
