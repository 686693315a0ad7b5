/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <google/protobuf/descriptor.pb-c.h>
#include <google/rpc/error_details.pb-c.h>
#include <grpc/byte_buffer.h>
#include <grpc/slice.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

static mesh_arena *arena;

static int set_up(void **state) {
  (void)state;
  arena = mesh_arena_new();
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  mesh_arena_destroy(arena);
  return 0;
}

/* A message would not come back as it was sent. */
static void test_round_trip(void **state) {
  (void)state;
  Google__Rpc__ResourceInfo info;
  google__rpc__resource_info__init(&info);
  info.resource_name = mesh_arena_strdup(arena, "laptop-001");
  grpc_byte_buffer *buffer = mesh__message_encode(&info.base);
  mesh_bytes bytes = mesh__message_bytes(buffer, arena);
  ProtobufCMessage *message =
      mesh__message_decode(&google__rpc__resource_info__descriptor, bytes, arena);
  assert_non_null(message);
  assert_string_equal(((Google__Rpc__ResourceInfo *)message)->resource_name, "laptop-001");
  grpc_byte_buffer_destroy(buffer);
}

/* A message that arrives in pieces would be cut or mixed up. */
static void test_pieces(void **state) {
  (void)state;
  grpc_slice pieces[] = {
      grpc_slice_from_static_string("ab"),
      grpc_slice_from_static_string(""),
      grpc_slice_from_static_string("cdef"),
      grpc_slice_from_static_string("g"),
  };
  grpc_byte_buffer *buffer = grpc_raw_byte_buffer_create(pieces, 4);
  mesh_bytes bytes = mesh__message_bytes(buffer, arena);
  assert_int_equal(bytes.size, 7);
  assert_memory_equal(bytes.data, "abcdefg", 7);
  grpc_byte_buffer_destroy(buffer);
}

/* An empty message, which is a valid one, would be taken for none. */
static void test_empty(void **state) {
  (void)state;
  mesh_bytes none = {"", 0};
  grpc_byte_buffer *buffer = mesh__message_from_bytes(none);
  mesh_bytes bytes = mesh__message_bytes(buffer, arena);
  assert_int_equal(bytes.size, 0);
  assert_non_null(mesh__message_decode(&google__rpc__retry_info__descriptor, bytes, arena));
  grpc_byte_buffer_destroy(buffer);
}

/* DescriptorProto.nested_type (field 3) in itself, so many levels deep, written from its end. */
static mesh_bytes nested(size_t levels) {
  size_t capacity = levels * 6 + 1;
  uint8_t *data = mesh_arena_alloc(arena, capacity);
  uint8_t *at = data + capacity;
  for (size_t i = 0; i < levels; i++) {
    size_t size = (size_t)(data + capacity - at);
    uint8_t prefix[6] = {3 << 3 | 2};
    size_t length = 1;
    do {
      prefix[length++] = (uint8_t)((size & 0x7f) | (size > 0x7f ? 0x80 : 0));
      size >>= 7;
    } while (size != 0);
    at -= length;
    memcpy(at, prefix, length);
  }
  mesh_bytes bytes = {at, (size_t)(data + capacity - at)};
  return bytes;
}

/* Anybody could end a server whose messages contain themselves, with a message of some kilobytes.
 */
static void test_nested_too_deep(void **state) {
  (void)state;
  const ProtobufCMessageDescriptor *type = &google__protobuf__descriptor_proto__descriptor;
  assert_non_null(mesh__message_decode(type, nested(20), arena));
  assert_null(mesh__message_decode(type, nested(500000), arena));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_round_trip),
      cmocka_unit_test(test_pieces),
      cmocka_unit_test(test_empty),
      cmocka_unit_test(test_nested_too_deep),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
