/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An order in the making: a chain of steps, each of which starts the next one from its
 * continuation, and what undoes them. CreateOrder and PlaceOrder are two chains of the same steps;
 * a chain is a table (order_kind).
 *
 * A step that fails tells what may have come of it, and hands over to undo.c, which undoes what
 * this and the steps before did, in a context that outlives the call's deadline and cancellation,
 * and ends the call. What it cannot undo, because someone does not answer, the recovery does.
 *
 * Ownership: a saga is in its call's arena. Threads: its call's loop.
 */
#ifndef ORDER_SAGA_H
#define ORDER_SAGA_H

#include "flights.h"
#include "ledger.h"
#include "order_id.h"
#include "service.h"

typedef struct order_saga order_saga;
typedef void order_step(order_saga *saga);

/* How a kind of order is made. */
typedef struct order_kind {
  order_step *const *steps; /* behind the last one NULL */
  /* Ends the call of an order that stands. */
  void (*reply)(order_saga *saga);
  /* Ends the call of an order that failed: saga->failure, saga->reason. */
  void (*refuse)(order_saga *saga);
} order_kind;

struct order_saga {
  order_service *self;
  mesh_call *call;
  const order_kind *kind;
  size_t next_step;
  const mesh_context *context; /* below create_order */
  otlp_span *span;             /* create_order */
  otlp_span *step;
  const mesh_context *step_context;
  char id[ORDER_ID_LENGTH + 1];
  ledger_order order;
  store_once once; /* of its idempotency key, or none */
  order_flight flight;
  bool has_boarded;
  /* What may have come of it so far, and is to be undone when it fails. */
  bool is_recorded; /* PENDING, on the disk */
  bool may_hold;    /* stock */
  bool may_be_paid;
  bool may_stand; /* it may have been confirmed */
  /* How it fails. */
  mesh_status failure;
  const char *reason;   /* error.type; NULL is the name of the code */
  const char *category; /* of the reason, or "" */
  bool is_left;         /* not everything could be undone */
};

/* Starts a saga and its span create_order. */
order_saga *order_saga_start(mesh_call *call, order_service *self, const order_kind *kind);

/* Gives the order its id. */
void order_saga_name(order_saga *saga, int64_t now_unix_ms);

/* Waits until no other call with the same key is under way, and goes on with `go`, whose data is
 * the saga; at once when there is no key. */
void order_saga_board(order_saga *saga, void (*go)(void *saga));

/* Goes on with the next step; behind the last one the order stands, and the call is answered. */
void order_saga_next(order_saga *saga);

/* A step's span, and its end: with an event, or as failed. */
void order_saga_start_step(order_saga *saga, const char *name);
void order_saga_end_step(order_saga *saga, const char *event, const otlp_attribute *attributes,
                         size_t count);

/* Ends the step, and undoes what was done, then ends the call with the failure. `reason` may be
 * NULL; it must stay. */
void order_saga_fail(order_saga *saga, const mesh_status *failure, const char *reason);

/* Why the order failed, in words for whoever ordered: where services and files are is not theirs to
 * know, and is in the trace. */
const char *order_saga_explain(const order_saga *saga);

/* Whether someone did not answer, as opposed to refusing. */
bool order_saga_is_unanswered(const order_saga *saga);

/* For the ends of calls: these let the next call of the same key go, and end the span. */
void order_saga_refuse_field(order_saga *saga, const store_field_problem *problem);
void order_saga_reply(order_saga *saga, const ProtobufCMessage *reply);
void order_saga_reply_again(order_saga *saga, mesh_bytes reply);
void order_saga_refuse(order_saga *saga);

/* undo.c: from a failure to the end of the call. */
void order_saga_undo(order_saga *saga);

/* The steps, in the files that they are named after. */
order_step order_step_check_inventory; /* reserve.c */
order_step order_step_reserve;
order_step order_step_reserve_items;
order_step order_step_record; /* persist.c */
order_step order_step_persist;
order_step order_step_confirm;
order_step order_step_pay; /* pay.c */

#endif
