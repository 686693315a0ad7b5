/* SPDX-License-Identifier: Apache-2.0 */
#include "arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void *alloc_or_abort(upb_alloc *alloc, void *memory, size_t old_size, size_t size) {
  (void)alloc;
  (void)old_size;
  if (size == 0) {
    free(memory);
    return NULL;
  }
  memory = realloc(memory, size);
  if (memory == NULL) {
    (void)fputs("gateway: out of memory\n", stderr);
    abort();
  }
  return memory;
}

static upb_alloc alloc_aborting = {alloc_or_abort};

upb_Arena *gateway_arena_new(void *block, size_t size) {
  return upb_Arena_Init(block, size, &alloc_aborting);
}

void *gateway_arena_alloc(upb_Arena *arena, size_t size) {
  return memset(upb_Arena_Malloc(arena, size), 0, size);
}

gateway_text gateway_arena_copy(upb_Arena *arena, gateway_text text) {
  char *copy = upb_Arena_Malloc(arena, text.size + 1);
  if (text.size > 0) {
    memcpy(copy, text.data, text.size);
  }
  copy[text.size] = '\0';
  return gateway_text_of(copy, text.size);
}

gateway_text gateway_arena_format(upb_Arena *arena, const char *format, ...) {
  char guess[256];
  va_list arguments;
  va_start(arguments, format);
  int size = vsnprintf(guess, sizeof guess, format, arguments);
  va_end(arguments);
  if (size < (int)sizeof guess) {
    return gateway_arena_copy(arena, gateway_text_of(guess, size < 0 ? 0 : (size_t)size));
  }
  char *text = upb_Arena_Malloc(arena, (size_t)size + 1);
  va_start(arguments, format);
  (void)vsnprintf(text, (size_t)size + 1, format, arguments);
  va_end(arguments);
  return gateway_text_of(text, (size_t)size);
}
