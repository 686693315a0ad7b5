/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What came of a service's calls, counted for the log of its shutdown.
 *
 * Threads: counting from any thread; logging when the calls have ended.
 */
#ifndef STORE_TALLY_H
#define STORE_TALLY_H

#include <stdint.h>
#include <store/store.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { STORE_TALLY_MAX = 8 };

/** Set `names` and leave the rest zero. */
typedef struct store_tally {
  const char *const *names; /* of the counts, the last one NULL; must outlive the tally */
  uint64_t counts[STORE_TALLY_MAX];
} store_tally;

/** So many more of names[index]. */
void store_tally_add(store_tally *tally, size_t index, size_t amount);

/** Logs the counts, and what the store did for them: writes, the groups they were committed in,
 * reads, and operations that its full queue rejected. Without a store (NULL) there is nothing to
 * say. */
void store_tally_log(const store_tally *tally, const store *of_calls);

#ifdef __cplusplus
}
#endif

#endif
