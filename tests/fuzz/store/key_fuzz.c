/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a key: what is taken has no control characters and is not too long. */
#include <mesh/arena.h>
#include <stdint.h>
#include <stdlib.h>
#include <store/key.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  mesh_arena *arena = mesh_arena_new();
  const char *text = mesh_arena_copy(arena, data, size);
  if (store_key_problem(text, STORE_KEY_MAX) == NULL) {
    size_t length = strlen(text);
    for (size_t i = 0; i < length; i++) {
      if ((unsigned char)text[i] < 0x20) {
        abort();
      }
    }
    if (length == 0 || length > STORE_KEY_MAX) {
      abort();
    }
  }
  mesh_arena_destroy(arena);
  return 0;
}
