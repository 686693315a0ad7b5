/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The one error vocabulary of mesh and of everything above it: a gRPC status.
 *
 * Ownership: a status borrows its message and details. From a call they live as long as the call;
 * from a constructor or mesh_status_error, until the next mesh_status_error on the same thread.
 * Threads: plain values.
 */
#ifndef MESH_STATUS_H
#define MESH_STATUS_H

#include <grpc/status.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define MESH_MUST_USE __attribute__((warn_unused_result))
#define MESH_PRINTF(format_at, first) __attribute__((__format__(__printf__, format_at, first)))
#else
#define MESH_MUST_USE
#define MESH_PRINTF(format_at, first)
#endif

/** Every gRPC status code and its name (gRPC core concepts, "Status codes and their use in gRPC").
 */
#define MESH_STATUS_CODES(X) \
  X(OK)                      \
  X(CANCELLED)               \
  X(UNKNOWN)                 \
  X(INVALID_ARGUMENT)        \
  X(DEADLINE_EXCEEDED)       \
  X(NOT_FOUND)               \
  X(ALREADY_EXISTS)          \
  X(PERMISSION_DENIED)       \
  X(RESOURCE_EXHAUSTED)      \
  X(FAILED_PRECONDITION)     \
  X(ABORTED)                 \
  X(OUT_OF_RANGE)            \
  X(UNIMPLEMENTED)           \
  X(INTERNAL)                \
  X(UNAVAILABLE)             \
  X(DATA_LOSS)               \
  X(UNAUTHENTICATED)

/** How something ended. */
typedef struct mesh_status {
  grpc_status_code code;
  const char *message; /* UTF-8, NUL-terminated, never NULL; empty for OK */
  const void *details; /* a serialized google.rpc.Status (grpc-status-details-bin), or NULL */
  size_t details_size; /* bytes */
} mesh_status;

/** The OK status. */
static inline mesh_status mesh_status_ok(void) {
  mesh_status status = {GRPC_STATUS_OK, "", NULL, 0};
  return status;
}

static inline bool mesh_status_is_ok(const mesh_status *status) {
  return status->code == GRPC_STATUS_OK;
}

/** A failure with a printf-style message of at most 511 bytes, in a buffer of this thread. What is
 * longer is cut, not within a character; bytes that are not UTF-8 become '?'. */
mesh_status mesh_status_error(grpc_status_code code, const char *format, ...) MESH_PRINTF(2, 3);

/** "NOT_FOUND" and so on; codes outside the table give "UNKNOWN". Static. */
const char *mesh_status_code_name(grpc_status_code code);

#ifdef __cplusplus
}
#endif

#endif
