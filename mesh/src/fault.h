/* SPDX-License-Identifier: Apache-2.0 */
/* Faults from inside: what the interceptors and the service share. */
#ifndef MESH__FAULT_H
#define MESH__FAULT_H

#include <mesh/fault.h>

#include "fault_set.h"

struct mesh_faults {
  mesh__fault_set *set;
  mesh__fault_random_fn *random;
  void *random_data;
  mesh_interceptor server;
  mesh_interceptor client;
};

extern const mesh_interceptor mesh__fault_server;
extern const mesh_interceptor mesh__fault_client;

/* What is done to one call. All zero: nothing. */
typedef struct mesh__fault_strikes {
  mesh__fault *fault; /* held; NULL: none */
  mesh__fault_plan plan;
  int64_t delayed_ms; /* so far */
  mesh_timer timer;
  void *call;
} mesh__fault_strikes;

/* Draws what is to be done to a call that starts; false when that is nothing. */
bool mesh__fault_draw(const mesh_faults *faults, mesh__fault_side side, const mesh_method *method,
                      int64_t now_ms, mesh__fault_strikes *strikes);

/* A delay, and the abort, told to the span. */
void mesh__fault_mark_delay(mesh__fault_strikes *strikes, otlp_span *span, mesh__fault_when when);
void mesh__fault_mark_abort(const mesh__fault_strikes *strikes, otlp_span *span);

/* Whether the call is aborted at this point: before its work, or after it. */
static inline bool mesh__fault_aborts(const mesh__fault_strikes *strikes, bool after) {
  return strikes->plan.abort != GRPC_STATUS_OK && strikes->plan.abort_after == after;
}

/* The status of the abort; its message lives in a buffer of this thread. */
mesh_status mesh__fault_abort_status(const mesh__fault_strikes *strikes);

#endif
