/* SPDX-License-Identifier: Apache-2.0 */
/* Messages between protobuf-c and the C core's byte buffers. */
#ifndef MESH__MESSAGE_H
#define MESH__MESSAGE_H

#include <grpc/grpc.h>
#include <mesh/arena.h>
#include <mesh/metadata.h>

/* The message, encoded once into a slice of its size. To be destroyed. */
grpc_byte_buffer *mesh__message_encode(const ProtobufCMessage *message);

/* A copy of the bytes. To be destroyed. */
grpc_byte_buffer *mesh__message_from_bytes(mesh_bytes bytes);

/* The bytes of a received message: a view where it is in one piece, else a copy in the arena. Valid
 * as long as the buffer and the arena. */
mesh_bytes mesh__message_bytes(grpc_byte_buffer *buffer, mesh_arena *arena);

/* Decodes into the arena; NULL when the bytes are not such a message. */
ProtobufCMessage *mesh__message_decode(const ProtobufCMessageDescriptor *descriptor,
                                       mesh_bytes bytes, mesh_arena *arena);

#endif
