/* SPDX-License-Identifier: Apache-2.0 */
/* A process from inside. */
#ifndef MESH__APP_H
#define MESH__APP_H

#include <mesh/app.h>
#include <mesh/fault.h>
#include <mesh/tracing.h>
#include <otlp/log.h>
#include <otlp/sdk.h>
#include <pthread.h>
#include <signal.h>

/* A function to call on the way down; the latest is first. One of the two is set. */
typedef struct mesh__app_hook {
  struct mesh__app_hook *next;
  void (*stop)(void *data);
  void (*drain)(mesh_app *app, void *data);
  void *data;
} mesh__app_hook;

/* Tracing and faults. */
enum { MESH__APP_CLIENT_INTERCEPTORS = 2 };

struct mesh_app {
  /* fixed before the run */
  char *name;
  char address[272]; /* a host name of 253 bytes, or a socket's path, and a port */
  int64_t port;
  int64_t wanted_loops;
  int64_t max_in_flight;
  int64_t grace_ms;
  int64_t flush_ms;
  int64_t began_ms; /* when it was run */
  sigset_t signals;
  otlp_setup otlp;
  bool has_otlp;
  mesh_tracing *tracing; /* NULL: no_tracing */
  mesh_faults *faults;   /* NULL: not enabled */
  const mesh_interceptor *client_interceptors[MESH__APP_CLIENT_INTERCEPTORS];
  size_t client_interceptor_count;
  mesh_loop **loops;
  size_t loop_count;
  mesh_server *server;
  mesh_client **clients;
  size_t client_count;
  mesh__app_hook *stop_hooks;
  mesh__app_hook *drain_hooks;
  pthread_t *threads; /* of the loops but the first */
  pthread_t waiter;   /* for signals */
  /* the first loop's */
  size_t parts_draining;
  mesh_timer overdue;
};

/* Reads CHAOS_MONKEY_ENABLED and MESH_FAULTS, when the loops and the server are made. The default
 * rules may be NULL. */
MESH_MUST_USE mesh_status mesh__app_start_faults(mesh_app *app, const char *default_rules);

/* Logs what became of calls, spans and lines: the last line of a process that stops. On the main
 * thread, when the loops have stopped. */
void mesh__app_log_balance(const mesh_app *app, int64_t uptime_s);

#endif
