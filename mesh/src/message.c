/* SPDX-License-Identifier: Apache-2.0 */
#include "message.h"

#include <grpc/byte_buffer.h>
#include <grpc/byte_buffer_reader.h>
#include <grpc/slice.h>
#include <stdint.h>
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

/*
 * protobuf-c descends into nested messages without a limit, so a message whose type contains itself
 * can be nested until the stack is gone, in two bytes a level. It allocates at every level; so the
 * allocator looks at how deep the stack is, and from a certain depth on there is no memory, which
 * makes the message invalid.
 */
enum { STACK_MAX = 512 * 1024 };

typedef struct decoding {
  mesh_arena *arena;
  uintptr_t stack;
} decoding;

static uintptr_t stack_here(void) {
  return (uintptr_t)__builtin_frame_address(0);
}

static void *decoding_alloc(void *data, size_t size) {
  decoding *self = data;
  uintptr_t here = stack_here();
  uintptr_t used = here > self->stack ? here - self->stack : self->stack - here;
  return used > STACK_MAX ? NULL : mesh__arena_raw(self->arena, size);
}

static void decoding_free(void *data, void *memory) {
  (void)data;
  (void)memory;
}

ProtobufCMessage *mesh__message_decode(const ProtobufCMessageDescriptor *descriptor,
                                       mesh_bytes bytes, mesh_arena *arena) {
  decoding self = {arena, stack_here()};
  ProtobufCAllocator allocator = {decoding_alloc, decoding_free, &self};
  return protobuf_c_message_unpack(descriptor, &allocator, bytes.size, bytes.data);
}
