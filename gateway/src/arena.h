/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arenas: everything of a request, and everything that is loaded at start, lives in one and dies
 * with it. They are upb's, so upb's messages live beside our own structures; out of memory ends the
 * process with a message, so nothing that allocates has an error to handle.
 */
#ifndef GATEWAY_ARENA_H
#define GATEWAY_ARENA_H

#include "text.h"

#include <mesh/status.h>
#include <upb/arena.h>

/* An arena that takes its first `size` bytes from `block`, the caller's memory, which outlives it;
 * `block` may be NULL. Freed with upb_Arena_Free. */
upb_Arena *gateway_arena_new(void *block, size_t size);

/* `size` zeroed bytes, aligned for any type. */
void *gateway_arena_alloc(upb_Arena *arena, size_t size);

/* A copy, with a NUL behind it that is not counted. */
gateway_text gateway_arena_copy(upb_Arena *arena, gateway_text text);

/* A formatted text, with a NUL behind it that is not counted. */
gateway_text gateway_arena_format(upb_Arena *arena, const char *format, ...) MESH_PRINTF(2, 3);

#endif
