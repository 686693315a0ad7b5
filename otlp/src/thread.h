/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What each thread has for itself: random numbers, and the memory of a few ended spans to start the
 * next ones in, so that the hot path takes no lock and allocates nothing.
 *
 * Fork: the child's random numbers are seeded anew. Unloading: thread memory is given back when the
 * thread ends, or when the library is unloaded (the unloading thread's only).
 */
#ifndef OTLP_SRC_THREAD_H
#define OTLP_SRC_THREAD_H

#include <stddef.h>
#include <stdint.h>

/* AddressSanitizer must see spans die, or it could not tell who uses a dead one. */
#if defined(__SANITIZE_ADDRESS__)
#define OTLP__KEEPS_BLOCKS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define OTLP__KEEPS_BLOCKS 0
#endif
#endif
#ifndef OTLP__KEEPS_BLOCKS
#define OTLP__KEEPS_BLOCKS 1
#endif

/** The next 64 random bits of this thread. Not for secrets. */
uint64_t otlp__random(void);

/** A number that is another one in the child of a fork than in its parent. */
unsigned otlp__process_generation(void);

/** Kinds of block that are kept for reuse. */
typedef enum otlp__block_kind {
  OTLP__BLOCK_SMALL, /* a span that does not record */
  OTLP__BLOCK_SPAN,  /* a span that records */
  OTLP__BLOCK_KINDS,
} otlp__block_kind;

enum {
  OTLP__BLOCK_SMALL_SIZE = 64,
  OTLP__BLOCK_SPAN_SIZE = 2048,
};

/** A block of the kind's size, its contents undefined; NULL when memory is short. */
void *otlp__block_new(otlp__block_kind kind);

/** Gives a block back, on any thread: kept for reuse here, or freed. */
void otlp__block_free(otlp__block_kind kind, void *block);

/** Frees what this thread keeps. For tests that count memory. */
void otlp__thread_clean_up(void);

#endif
