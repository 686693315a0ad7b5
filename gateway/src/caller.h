/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The gRPC side: makes the calls of exchanges on one mesh loop, and hands the results back. Both
 * ways what comes in one turn of a thread is handed over at its end, all at once: the other is
 * woken once and has all of it.
 *
 * Threads: gateway_caller_start, _hand_over, _next and _abandon on the HTTP thread, which gives the
 * turn away with them (but for _abandon); everything else happens on the loop's thread.
 */
#ifndef GATEWAY_CALLER_H
#define GATEWAY_CALLER_H

#include "backends.h"
#include "exchange.h"

struct gateway_caller {
  mesh_loop *loop;
  const gateway_backends *backends;
  gateway_handoff *results; /* to the HTTP thread */
  /* the HTTP thread's */
  gateway_exchange *starting; /* to be handed over, the latest first */
  /* the loop's */
  gateway_exchange *waiting; /* those that are owed a result */
  mesh_timer sweep;          /* looks whether their clients are still there */
  bool is_cancelling;        /* the grace is over: new calls are cancelled at once */
};

void gateway_caller_init(gateway_caller *caller, mesh_loop *loop, const gateway_backends *backends,
                         gateway_handoff *results);

/* Has the call of an exchange started; the result is a REPLY, MESSAGE or END. */
void gateway_caller_start(gateway_caller *caller, gateway_exchange *exchange);

/* Hands over what was to be started since the last time. */
void gateway_caller_hand_over(gateway_caller *caller);

/* Asks for a stream's next MESSAGE or END. */
void gateway_caller_next(gateway_exchange *exchange);

/* Gives a stream up: it is cancelled, and END comes back once it is over. */
void gateway_caller_abandon(gateway_exchange *exchange);

/* Asks all backends for their health; the result is a PAGE. */
void gateway_caller_check_health(gateway_caller *caller, const gateway_api *api,
                                 gateway_exchange *exchange);

/* Cancels every call under way, and those that come. From any thread. */
void gateway_caller_cancel_all(gateway_caller *caller);

/* For the files of this side: begins and ends the loop's turn. */
void gateway_caller_begin_turn(gateway_exchange *exchange);
void gateway_caller_end_turn(gateway_exchange *exchange, gateway_result result);

/* Keeps a copy of `status` in the exchange. */
void gateway_caller_keep_status(gateway_exchange *exchange, const mesh_status *status);

#endif
