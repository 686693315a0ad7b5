/* SPDX-License-Identifier: Apache-2.0 */
/* The HTTP thread's state, shared by the files that run on it: server.c (the thread), intake.c
 * (requests), answer.c (answers). */
#ifndef GATEWAY_FRONT_H
#define GATEWAY_FRONT_H

#include "caller.h"
#include "http_body.h"
#include "http_status.h"
#include "peers.h"
#include "server.h"

#include <microhttpd.h>
#include <pthread.h>

enum { GATEWAY_LOOPS_MAX = 64 };

/* Streams of google.api.HttpBody are passed on as they are. */
static inline bool gateway_stream_is_raw(const gateway_route *route) {
  return gateway_http_body_is_response(route);
}

struct gateway_server {
  /* constant once started */
  gateway_server_options options;
  const gateway_limits *limits;
  gateway_error_types error_types;
  gateway_text start_page;
  gateway_text openapi_page;
  upb_Arena *arena;
  gateway_caller callers[GATEWAY_LOOPS_MAX];
  int port;
  pthread_t thread;
  bool has_thread;
  gateway_handoff results;

  /* set by the drain, before is_draining */
  int64_t grace_ms;
  void (*on_drained)(void *data);
  void *drained_data;
  atomic_bool is_draining;
  atomic_size_t goodbyes; /* loops that may still have something of the server */

  /* the HTTP thread's */
  struct MHD_Daemon *daemon;
  gateway_exchange_pool pool;
  gateway_peers peers;
  size_t exchange_count; /* begun and not ended */
  bool is_idle;          /* the turn before began without connections */
  size_t in_flight;      /* handed to a loop and not back */
  int64_t bodies_bytes;  /* of bodies that have not been made messages of yet */
  size_t next_caller;
  int64_t now_ms;
  int64_t next_sweep_ms;
  int64_t drain_until_ms; /* once draining; 0 before */
  bool is_cancelled;      /* the grace is over */
};

/* intake.c: what libmicrohttpd calls back. */
void *gateway_intake_begin(void *server, const char *url, struct MHD_Connection *connection);
enum MHD_Result gateway_intake_handle(void *server, struct MHD_Connection *connection,
                                      const char *url, const char *method, const char *version,
                                      const char *upload, size_t *upload_size, void **exchange);
void gateway_intake_completed(void *server, struct MHD_Connection *connection, void **exchange,
                              enum MHD_RequestTerminationCode code);
void gateway_intake_connection(void *server, struct MHD_Connection *connection, void **peer,
                               enum MHD_ConnectionNotificationCode code);

/* The result of a loop has come; the connection goes on. */
void gateway_intake_resume(gateway_exchange *exchange);

/* The connection waits for a loop, to which the exchange is passed then. */
void gateway_intake_suspend(gateway_exchange *exchange);

/* answer.c */

/* Answers with what the loop has handed over, or with the problem. */
enum MHD_Result gateway_answer_result(gateway_exchange *exchange);
enum MHD_Result gateway_answer_problem(gateway_exchange *exchange);

/* The next part of a stream has come. */
void gateway_answer_go_on(gateway_exchange *exchange);

/* Answers with a JSON document of the gateway's own. */
enum MHD_Result gateway_answer_page(gateway_exchange *exchange, int status, gateway_text json);

/* Answers OPTIONS. */
enum MHD_Result gateway_answer_options(gateway_exchange *exchange);

#endif
