/* SPDX-License-Identifier: Apache-2.0 */
#include "thread.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

enum {
  KEPT_SMALL = OTLP__KEEPS_BLOCKS ? 256 : 0,
  KEPT_SPANS = OTLP__KEEPS_BLOCKS ? 64 : 0,
};

static const struct {
  size_t size;
  unsigned kept; /* per thread, at most */
} kinds[OTLP__BLOCK_KINDS] = {
    [OTLP__BLOCK_SMALL] = {OTLP__BLOCK_SMALL_SIZE, KEPT_SMALL},
    [OTLP__BLOCK_SPAN] = {OTLP__BLOCK_SPAN_SIZE, KEPT_SPANS},
};

/* A free block begins with the next one's address. */
typedef struct free_block {
  struct free_block *next;
} free_block;

typedef struct thread_state {
  uint64_t random[4];
  unsigned seeded_in; /* the process generation of the seed */
  bool is_registered; /* for clean-up at the thread's end */
  struct {
    free_block *first;
    unsigned count;
  } blocks[OTLP__BLOCK_KINDS];
} thread_state;

static _Thread_local thread_state this_thread;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t thread_end;
static atomic_bool has_thread_end;
/* Goes up in the child of a fork; 0 is "never seeded". */
static atomic_uint process_generation = 1;

static void free_blocks(thread_state *thread) {
  for (int kind = 0; kind < OTLP__BLOCK_KINDS; kind++) {
    free_block *block = thread->blocks[kind].first;
    while (block != NULL) {
      free_block *next = block->next;
      free(block);
      block = next;
    }
    thread->blocks[kind].first = NULL;
    thread->blocks[kind].count = 0;
  }
}

static void on_thread_end(void *state) {
  thread_state *thread = state;
  free_blocks(thread);
  thread->is_registered = false;
}

static void on_fork_in_child(void) {
  atomic_fetch_add_explicit(&process_generation, 1, memory_order_relaxed);
}

static void set_up(void) {
  atomic_store(&has_thread_end, pthread_key_create(&thread_end, on_thread_end) == 0);
  pthread_atfork(NULL, NULL, on_fork_in_child);
}

/* No thread may call into code that is no longer there. From here on nothing is kept. */
__attribute__((destructor)) static void on_unload(void) {
  if (atomic_exchange(&has_thread_end, false)) {
    pthread_key_delete(thread_end);
    free_blocks(&this_thread);
  }
}

void otlp__thread_clean_up(void) {
  free_blocks(&this_thread);
}

static uint64_t splitmix(uint64_t *state) {
  uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}

/* Where the kernel has no random numbers to give (an old kernel, a seccomp filter): time, and an
 * address that differs by thread and by run. */
static void seed_by_time(thread_state *thread) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  uint64_t seed = (uint64_t)now.tv_sec ^ (uint64_t)now.tv_nsec << 30 ^ (uint64_t)(uintptr_t)thread;
  for (int i = 0; i < 4; i++) {
    thread->random[i] = splitmix(&seed);
  }
}

static bool seed_by_kernel(thread_state *thread) {
  ssize_t got;
  do {
    got = getrandom(thread->random, sizeof(thread->random), 0);
  } while (got < 0 && errno == EINTR);
  uint64_t any = thread->random[0] | thread->random[1] | thread->random[2] | thread->random[3];
  return got == (ssize_t)sizeof(thread->random) && any != 0;
}

static void seed(thread_state *thread, unsigned generation) {
  pthread_once(&once, set_up);
  if (!seed_by_kernel(thread)) {
    seed_by_time(thread);
  }
  thread->seeded_in = generation;
}

static uint64_t rotate_left(uint64_t word, unsigned bits) {
  return word << bits | word >> (64 - bits);
}

/* xoshiro256++ (Blackman and Vigna): 2^256 - 1 long, passes the usual batteries, four words. */
static uint64_t next_random(uint64_t state[4]) {
  uint64_t result = rotate_left(state[0] + state[3], 23) + state[0];
  uint64_t shifted = state[1] << 17;
  state[2] ^= state[0];
  state[3] ^= state[1];
  state[1] ^= state[2];
  state[0] ^= state[3];
  state[2] ^= shifted;
  state[3] = rotate_left(state[3], 45);
  return result;
}

uint64_t otlp__random(void) {
  thread_state *thread = &this_thread;
  unsigned generation = atomic_load_explicit(&process_generation, memory_order_relaxed);
  if (thread->seeded_in != generation) {
    seed(thread, generation);
  }
  return next_random(thread->random);
}

unsigned otlp__process_generation(void) {
  pthread_once(&once, set_up);
  return atomic_load_explicit(&process_generation, memory_order_relaxed);
}

void *otlp__block_new(otlp__block_kind kind) {
  thread_state *thread = &this_thread;
  free_block *block = thread->blocks[kind].first;
  if (block == NULL) {
    return malloc(kinds[kind].size);
  }
  thread->blocks[kind].first = block->next;
  thread->blocks[kind].count--;
  return block;
}

/* Blocks are kept only if the thread's end will free them. */
static bool may_keep(thread_state *thread) {
  if (thread->is_registered) {
    return atomic_load_explicit(&has_thread_end, memory_order_relaxed);
  }
  pthread_once(&once, set_up);
  thread->is_registered =
      atomic_load(&has_thread_end) && pthread_setspecific(thread_end, thread) == 0;
  return thread->is_registered;
}

void otlp__block_free(otlp__block_kind kind, void *block) {
  thread_state *thread = &this_thread;
  if (thread->blocks[kind].count >= kinds[kind].kept || !may_keep(thread)) {
    free(block);
    return;
  }
  free_block *freed = block;
  freed->next = thread->blocks[kind].first;
  thread->blocks[kind].first = freed;
  thread->blocks[kind].count++;
}
