/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Memory that dies together: an arena per call holds everything of the call, and nothing in it is
 * freed by hand.
 *
 * Threads: an arena belongs to one thread at a time. Out of memory ends the process with a message.
 */
#ifndef MESH_ARENA_H
#define MESH_ARENA_H

#include <mesh/status.h>
#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mesh_arena mesh_arena;

mesh_arena *mesh_arena_new(void);

/** Runs the deferred functions, last first, and frees everything. NULL does nothing. */
void mesh_arena_destroy(mesh_arena *arena);

/** `size` bytes, aligned for any type, zeroed; valid until the arena is destroyed. Never NULL. */
void *mesh_arena_alloc(mesh_arena *arena, size_t size);

/** A copy of `size` bytes, with a NUL behind them that is not counted. */
void *mesh_arena_copy(mesh_arena *arena, const void *data, size_t size);

/** A copy of a NUL-terminated string. */
char *mesh_arena_strdup(mesh_arena *arena, const char *text);

/** A formatted string. */
char *mesh_arena_printf(mesh_arena *arena, const char *format, ...) MESH_PRINTF(2, 3);

/** Has `fn(data)` called once when the arena is destroyed, before its memory goes. */
void mesh_arena_defer(mesh_arena *arena, void (*fn)(void *data), void *data);

/** The arena as protobuf-c's allocator, for unpacking messages into it; its free does nothing.
 * Lives in the arena. */
ProtobufCAllocator *mesh_arena_protobuf_allocator(mesh_arena *arena);

#ifdef __cplusplus
}
#endif

#endif
