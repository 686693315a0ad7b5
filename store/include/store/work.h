/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What every handler does around its own part: a span, an operation of the store, an answer. A
 * handler's work embeds this, lives in its call's arena and ends its call exactly once.
 *
 * Threads: the call's loop.
 */
#ifndef STORE_WORK_H
#define STORE_WORK_H

#include <store/handler.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct store_work {
  struct store *store; /* C++ would not take the name alone, as the member has it too */
  mesh_call *call;
  const mesh_context *context; /* below the span */
  otlp_span *span;
  store_once once;   /* optional: of the next operation */
  bool checks_first; /* optional: the next operations' (store_operation) */
  /* Of a failure: a reason that programs may compare (google.rpc.ErrorInfo, and error.type of the
   * span). NULL means the status says enough. A run function's does not count when it was the store
   * that failed (store_result.is_refused). */
  const char *reason;
  const char *domain; /* of the reason: "inventory.shop" */
} store_work;

/** Starts the handler's span. `work` is zeroed memory of the call's arena. */
void store_work_start(store_work *work, mesh_call *call, store *database, const char *span_name);

/** Runs on the store; `run` and `done` get `data`. */
void store_work_read(store_work *work, store_run_fn *run, store_done_fn *done, void *data);
void store_work_look_up(store_work *work, store_run_fn *run, store_done_fn *done, void *data);
void store_work_write(store_work *work, store_run_fn *run, store_done_fn *done, void *data);

/** Ends span and call when the request has a problem. @return whether it has. */
bool store_work_refuse(store_work *work, const store_field_problem *problem);

/** Whether the operation went well; when not, span and call have ended with its failure. Details
 * that were added to the call before go with it. */
bool store_work_succeeded(store_work *work, const store_result *result);

/** Ends span and call with a failure; work->reason, if any, becomes an ErrorInfo. */
void store_work_fail(store_work *work, const mesh_status *status);

/** Ends span and call with a reply. */
void store_work_reply(store_work *work, const ProtobufCMessage *reply);

/** The same with what a keyed operation kept (store_set_reply): the answer of the first time. */
void store_work_reply_bytes(store_work *work, mesh_bytes reply);

#ifdef __cplusplus
}
#endif

#endif
