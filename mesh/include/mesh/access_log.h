/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The access log: an interceptor that writes exactly one line per server call, when it has ended.
 *
 * Its level says whose concern the outcome is. error: the server's own failures (UNKNOWN,
 * DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS, the codes that the semantic
 * conventions call errors of a server), so that an RPC that fails leaves one error line in every
 * process it failed in. warn: who calls too much or may not (RESOURCE_EXHAUSTED, UNAUTHENTICATED,
 * PERMISSION_DENIED). info: everything else, the refusals that are answers (NOT_FOUND,
 * INVALID_ARGUMENT, FAILED_PRECONDITION, ...) among it. debug: health checks that succeed.
 *
 * Fields: rpc.method, rpc.status, duration_ms, peer, and with a failure error, the status message.
 * Never metadata, nor anything of the messages.
 */
#ifndef MESH_ACCESS_LOG_H
#define MESH_ACCESS_LOG_H

#include <mesh/interceptor.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Static; for mesh_server_use. Register it behind the tracing interceptor, so that lines carry
 * ids. */
extern const mesh_interceptor mesh_access_log;

#ifdef __cplusplus
}
#endif

#endif
