/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A gRPC server: services on a listener, served by one or more loops. Health (grpc.health.v1),
 * reflection (v1 and v1alpha), message and in-flight limits come with every server.
 *
 * A client may ask every 5 s whether the server is there (HTTP/2 PING), with calls or without; the
 * server asks each minute, and ends the calls of a client that has not answered for 20 s.
 *
 * Ownership: loops, handler tables, `self` pointers and interceptors outlive the server.
 * Threads: configure before the start, on one thread. mesh_server_set_serving and mesh_server_drain
 * from any thread.
 */
#ifndef MESH_SERVER_H
#define MESH_SERVER_H

#include <mesh/interceptor.h>
#include <mesh/loop.h>
#include <mesh/service.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mesh_server mesh_server;

/** A loop that refuses calls, having max_calls_in_flight of them; or takes them all again. */
typedef struct mesh_overload {
  bool is_refusing;
  uint64_t refused; /* calls: 1 when it begins; when it is over, all of them */
} mesh_overload;

/** Options of a server. Strings are copied. */
typedef struct mesh_server_options {
  mesh_loop *const *loops; /* required; must outlive the server */
  size_t loop_count;       /* required, at least 1 */
  const char
      *address; /* required: "host:port", "[::]:port", "unix:path"; port 0 takes a free one */
  size_t max_request_bytes;   /* optional, default 4 MiB: larger is RESOURCE_EXHAUSTED */
  size_t max_metadata_bytes;  /* optional, default 16 KiB */
  size_t max_calls_in_flight; /* optional, default 1000 per loop: beyond it RESOURCE_EXHAUSTED with
                                 RetryInfo */
  size_t max_streams_per_connection; /* optional, default 1000 */
  const char *certificate_file;      /* optional, PEM; with key_file: TLS */
  const char *key_file;              /* optional, PEM */
  const char
      *client_ca_file; /* optional, PEM: clients must show a certificate of these authorities */
  bool disable_reflection;
  /**
   * Optional: called when a loop begins to refuse calls for their number, and when that is over:
   * with the first call it takes after a second without a refusal. So at most about once a second
   * and loop, on that loop's thread; not after the server has drained. Must not block.
   */
  void (*on_overload)(const mesh_overload *overload, void *data);
  void *overload_data;
} mesh_server_options;

#define MESH_SERVER_OPTIONS_INIT \
  { 0 }

/** A server that does not listen yet. INVALID_ARGUMENT names the option that is wrong. */
MESH_MUST_USE mesh_status mesh_server_new(const mesh_server_options *options,
                                          mesh_server **out_server);

/** Adds a service; health for it is SERVING from the start on. ALREADY_EXISTS when its name is
 * taken. */
MESH_MUST_USE mesh_status mesh_server_add(mesh_server *server, mesh_service service);

/** Adds an interceptor, behind those there are. */
void mesh_server_use(mesh_server *server, const mesh_interceptor *interceptor);

/** Listens and serves. UNAVAILABLE, with the address, when it cannot be bound. */
MESH_MUST_USE mesh_status mesh_server_start(mesh_server *server);

/** The port it listens on; 0 for unix sockets and before the start. */
int mesh_server_port(const mesh_server *server);

/** How many calls were refused for their number since the start, on all loops. From any thread. */
uint64_t mesh_server_refused(const mesh_server *server);

/** What became of a server's calls, without those of health and reflection. */
typedef struct mesh_server_stats {
  uint64_t started;                                /* that reached interceptors and handlers */
  uint64_t ended[GRPC_STATUS_UNAUTHENTICATED + 1]; /* of these, by what they ended with */
  uint64_t refused;                                /* beyond the limit; none of the above */
  uint64_t in_flight_max;                          /* at once, on the loop that had the most */
} mesh_server_stats;

/** The sums over all loops, which count for themselves: when the server has drained or was never
 * started, or with one loop on its thread. */
void mesh_server_get_stats(const mesh_server *server, mesh_server_stats *out_stats);

/** Sets the health of a service ("" is the server as a whole); watchers are told. */
void mesh_server_set_serving(mesh_server *server, const char *service, bool is_serving);

/**
 * Stops: health turns NOT_SERVING, listeners close, GOAWAY; calls in flight get `grace_ms` to
 * finish and are then cancelled; then `on_drained(data)` is called once, on the first loop. A
 * second drain only shortens the grace, and has its own callback called. A server that was never
 * started has drained at once. No calls of the server are left then: handlers have ended them, and
 * what they started in their contexts is done.
 */
void mesh_server_drain(mesh_server *server, int64_t grace_ms, void (*on_drained)(void *data),
                       void *data);

/** Frees a server that was never started or has drained. NULL does nothing. */
void mesh_server_destroy(mesh_server *server);

#ifdef __cplusplus
}
#endif

#endif
