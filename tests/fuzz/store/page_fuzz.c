/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a page token: none crashes, and what is taken is a key that gives a token again. */
#include <stdlib.h>
#include <store/page.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  mesh_arena *arena = mesh_arena_new();
  const char *token = mesh_arena_copy(arena, data, size);
  const char *key = store_page_key(arena, "notes", token);
  if (key != NULL && key[0] != '\0') {
    const char *again = store_page_key(arena, "notes", store_page_token(arena, "notes", key));
    if (again == NULL || strcmp(again, key) != 0) {
      abort();
    }
  }
  mesh_arena_destroy(arena);
  return 0;
}
