/* SPDX-License-Identifier: Apache-2.0 */
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *checked(void *memory, size_t size) {
  if (memory == NULL && size != 0) {
    fprintf(stderr, "mesh: out of memory for %zu bytes\n", size);
    abort();
  }
  return memory;
}

void *mesh__xmalloc(size_t size) {
  return checked(malloc(size), size);
}

void *mesh__xcalloc(size_t count, size_t size) {
  return checked(calloc(count, size), size);
}

void *mesh__xrealloc(void *memory, size_t size) {
  return checked(realloc(memory, size), size);
}

char *mesh__xstrdup(const char *text) {
  if (text == NULL) {
    return NULL;
  }
  return checked(strdup(text), strlen(text) + 1);
}
