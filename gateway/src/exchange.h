/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An exchange: one HTTP request and its answer.
 *
 * Two threads work on it, never at once: the HTTP thread, and the thread of the mesh loop that
 * makes its call. Whoever has the turn owns everything in it but the other's own group. The turn is
 * handed over by mesh_loop_post (to the loop) and gateway_handoff_push (to the HTTP thread); while
 * the loop has it, the connection is suspended. A stream goes back and forth once per message,
 * which is its flow control.
 */
#ifndef GATEWAY_EXCHANGE_H
#define GATEWAY_EXCHANGE_H

#include "api.h"
#include "buffer.h"
#include "call_headers.h"
#include "handoff.h"
#include "problem.h"
#include "stream_format.h"

#include <mesh/client.h>
#include <otlp/trace.h>

struct MHD_Connection;
typedef struct gateway_server gateway_server;
typedef struct gateway_peer gateway_peer;
typedef struct gateway_caller gateway_caller;

typedef enum gateway_phase {
  GATEWAY_PHASE_NEW,       /* the request line is there */
  GATEWAY_PHASE_RECEIVING, /* the headers are there, the body comes */
  GATEWAY_PHASE_WAITING,   /* for the loop */
  GATEWAY_PHASE_READY,     /* the loop has handed the result over */
  GATEWAY_PHASE_ANSWERED,  /* the answer is on its way */
} gateway_phase;

/* What the loop hands over. */
typedef enum gateway_result {
  GATEWAY_RESULT_REPLY,   /* `reply` is the one message */
  GATEWAY_RESULT_MESSAGE, /* `reply` is a message of a stream; more may come */
  GATEWAY_RESULT_END,     /* `status` is how it ended, well or not */
  GATEWAY_RESULT_PAGE,    /* `reply` is JSON, to be answered with `page_status` */
} gateway_result;

enum { GATEWAY_EXCHANGE_BLOCK = 8 * 1024 };

typedef struct gateway_exchange {
  gateway_handoff_item handoff; /* first: how it comes back from a loop */
  gateway_server *server;
  struct gateway_exchange *next_free;

  /* The HTTP thread's. */
  struct MHD_Connection *connection;
  gateway_peer *peer;
  gateway_phase phase;
  bool is_abandoned;    /* the client has gone while the loop had a stream open */
  uint64_t begin_nanos; /* Unix time */
  otlp_span *span;
  int http_status; /* of the answer; 0 before */
  uint64_t sent_bytes;
  gateway_stream_format format;
  bool is_stream_open; /* the loop has a stream, which has not ended */
  bool is_finished;    /* the stream's last part is the one that is being sent */
  bool is_cut;         /* it ends with an error that its format can't tell */
  size_t stream_count; /* messages so far */
  gateway_text chunk;  /* what is left of the stream's part that is being sent */
  upb_Arena *chunk_arena;
  gateway_buffer body;
  size_t discarded;  /* bytes of a body that is not wanted */
  const char *allow; /* of a 405 or OPTIONS answer; or NULL */
  bool is_encoded;   /* the body has a Content-Encoding, and is refused for it */

  /* Of whoever has the turn. */
  upb_Arena *arena;
  gateway_text method;
  gateway_text url; /* as it came */
  gateway_text path;
  gateway_text query;
  const char *version; /* "HTTP/1.1" */
  gateway_call_headers headers;
  gateway_match match;
  const gateway_route *route; /* NULL: none, or a page of the gateway's own */
  const char *page;           /* the path of such a page, or NULL */
  gateway_problem problem;
  otlp_context remote; /* the client's trace context and baggage */
  int64_t timeout_ms;
  gateway_text request; /* serialized */
  gateway_result result;
  mesh_status status;
  gateway_buffer reply;
  int page_status;

  struct gateway_exchange *next_starting; /* the HTTP thread's, then its way to the loop */

  /* The loop's. */
  gateway_caller *caller;
  struct gateway_exchange *next_waiting, *previous_waiting;
  bool is_waiting; /* the loop has the turn, and owes a result */
  bool has_client_gone;
  int64_t turn_since_ms;
  int socket;
  const mesh_context *context; /* NULL once released */
  mesh_client_call *call;
  otlp_span *inner_span;
  const mesh_status *end; /* of a stream, once it has ended */

  _Alignas(16) char block[GATEWAY_EXCHANGE_BLOCK];
} gateway_exchange;

/* The route as templates write it, or the page; NULL when there is neither. */
static inline const char *gateway_exchange_route_name(const gateway_exchange *exchange) {
  return exchange->route != NULL ? exchange->route->template_text : exchange->page;
}

/* Exchanges that are not in use; the HTTP thread's. All zero is an empty pool. */
typedef struct gateway_exchange_pool {
  gateway_exchange *free;
  size_t free_count;
} gateway_exchange_pool;

/* A fresh exchange with an arena. */
gateway_exchange *gateway_exchange_acquire(gateway_exchange_pool *pool);

/* Frees all that is the exchange's and keeps the rest for the next. */
void gateway_exchange_release(gateway_exchange_pool *pool, gateway_exchange *exchange);

void gateway_exchange_pool_clean_up(gateway_exchange_pool *pool);

#endif
