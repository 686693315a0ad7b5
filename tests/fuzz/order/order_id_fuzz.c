/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an order id: what is taken says when and in which run it was made. */
#include "order_id.h"

#include <mesh/arena.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  mesh_arena *arena = mesh_arena_new();
  order_id_parts parts = {0};
  if (order_id_read(mesh_arena_copy(arena, data, size), &parts) && parts.unix_ms >> 48 != 0) {
    abort();
  }
  mesh_arena_destroy(arena);
  return 0;
}
