/* SPDX-License-Identifier: Apache-2.0 */
#include "process.h"

#include <dlfcn.h>
#include <malloc.h>
#include <mesh/env.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cork.h"

/* Each arena that the C library would give a dozen threads keeps what it once needed: two megabytes
 * of 25 under load. With as many as there are loops, though, a store's writer and the exporter wait
 * for the loops' locks and these for theirs: 3 % of the CPU time. One more is enough. */
static void limit_arenas(int loop_count) {
#if defined(M_ARENA_MAX)
  if (getenv("MALLOC_ARENA_MAX") == NULL) {
    mallopt(M_ARENA_MAX, loop_count + 1);
  }
#else
  (void)loop_count;
#endif
}

/*
 * Debian builds Abseil, whose mutexes the C core takes, without NDEBUG; so each of them looks for
 * deadlocks, which is 6 % of the instructions of a call. This sets what release builds have. There
 * is no C interface: the names are those of Debian 12 and of upstream's 20220623, and with another
 * Abseil, or one linked statically, nothing is set.
 */
bool mesh__process_stop_deadlock_detection(void) {
  static const char *const names[] = {
      "_ZN4absl7debian329SetMutexDeadlockDetectionModeENS0_15OnDeadlockCycleE",
      "_ZN4absl12lts_2022062329SetMutexDeadlockDetectionModeENS0_15OnDeadlockCycleE",
  };
  enum { IGNORE = 0 }; /* absl::OnDeadlockCycle::kIgnore */
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    void *symbol = dlsym(RTLD_DEFAULT, names[i]);
    if (symbol != NULL) {
      void (*set_mode)(int mode);
      memcpy(&set_mode, &symbol, sizeof set_mode); /* ISO C has no cast for this */
      set_mode(IGNORE);
      return true;
    }
  }
  return false;
}

static mesh_status read_policy(bool *out_is_batch) {
  const char *text = mesh_env_text("MESH_SCHED_POLICY", "batch");
  *out_is_batch = strcmp(text, "batch") == 0;
  if (!*out_is_batch && strcmp(text, "other") != 0) {
    return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT,
                             "MESH_SCHED_POLICY is '%.64s': it must be batch or other", text);
  }
  return mesh_status_ok();
}

/* Under SCHED_BATCH (sched(7)) a thread that wakes up does not take the processor from the one that
 * woke it: that one first does all it has, and the other then finds all of it at once. A policy
 * that somebody chose for the process stays. */
static void set_batch(void) {
  const struct sched_param parameters = {0};
  if (sched_getscheduler(0) == SCHED_OTHER) {
    sched_setscheduler(0, SCHED_BATCH, &parameters);
  }
}

mesh_status mesh__process_set_up(int loop_count) {
  bool is_batch;
  bool is_corked;
  mesh_status status = read_policy(&is_batch);
  if (mesh_status_is_ok(&status)) {
    status = mesh_env_bool("MESH_CORK", true, &is_corked);
  }
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  mesh__cork_set_enabled(is_corked);
  if (is_batch) {
    set_batch();
  }
  limit_arenas(loop_count);
  mesh__process_stop_deadlock_detection();
  return status;
}
