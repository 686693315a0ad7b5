/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory of one run: everything the plugin allocates lives until the run's pool is destroyed.
 *
 * Threads: one. Out of memory ends the process with a message.
 */
#ifndef GEN_POOL_H
#define GEN_POOL_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

typedef struct gen_pool gen_pool;

gen_pool *gen_pool_new(void);

/* Frees everything of the pool. NULL does nothing. */
void gen_pool_destroy(gen_pool *pool);

/* Zeroed bytes, aligned for any type. Never NULL. */
void *gen_pool_alloc(gen_pool *pool, size_t size);

/* A formatted string. */
char *gen_pool_printf(gen_pool *pool, const char *format, ...)
    __attribute__((__format__(__printf__, 2, 3)));

/* For unpacking messages into the pool. */
ProtobufCAllocator *gen_pool_allocator(gen_pool *pool);

#endif
