/* SPDX-License-Identifier: Apache-2.0 */
/* Any request has an answer that can be sent. */
#include "mesh/test/reflection/library.mesh.h"
#include "reflection_answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static mesh__reflection_facts facts;

static void make_facts(void) {
  static const char *const services[] = {"a.Service", "b.Service"};
  mesh__descriptor_index *index = mesh__descriptor_index_new();
  mesh_status status = mesh__descriptor_index_add(
      index, mesh_test_reflection_library_service_descriptor.file_descriptor_set);
  if (!mesh_status_is_ok(&status)) {
    __builtin_trap();
  }
  mesh__descriptor_index_finish(index);
  facts = (mesh__reflection_facts){index, services, 2};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (facts.index == NULL) {
    make_facts();
  }
  mesh_arena *arena = mesh_arena_new();
  const Grpc__Reflection__V1__ServerReflectionRequest *request =
      grpc__reflection__v1__server_reflection_request__unpack(mesh_arena_protobuf_allocator(arena),
                                                              size, data);
  bool sent[3] = {false};
  mesh__reflection_asker asker = {&facts, sent};
  for (int i = 0; request != NULL && i < 2; i++) { /* once more: now all may have been sent */
    const Grpc__Reflection__V1__ServerReflectionResponse *response =
        mesh__reflection_answer(&asker, request, arena);
    size_t packed = grpc__reflection__v1__server_reflection_response__get_packed_size(response);
    grpc__reflection__v1__server_reflection_response__pack(response,
                                                           mesh_arena_alloc(arena, packed));
  }
  mesh_arena_destroy(arena);
  return 0;
}
