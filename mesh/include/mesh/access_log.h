/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The access log: an interceptor that writes one line per server call when it has ended, at level
 * info; at error, with the message, when the failure is the server's own doing (the codes that the
 * semantic conventions call errors of a server). Health checks that succeed are written at debug.
 *
 * Fields: rpc.method, rpc.status, duration_ms, peer, and with a failure error.
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
