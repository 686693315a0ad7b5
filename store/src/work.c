/* SPDX-License-Identifier: Apache-2.0 */
#include <store/work.h>

void store_work_start(store_work *work, mesh_call *call, store *database, const char *span_name) {
  work->store = database;
  work->call = call;
  work->context = mesh_context_start_span(mesh_call_context(call), span_name, &work->span);
}

static store_operation operation(const store_work *work, store_run_fn *run, store_done_fn *done,
                                 void *data) {
  return (store_operation){.run = run,
                           .done = done,
                           .data = data,
                           .once = work->once,
                           .checks_first = work->checks_first};
}

void store_work_read(store_work *work, store_run_fn *run, store_done_fn *done, void *data) {
  store_operation read = operation(work, run, done, data);
  store_read(work->store, work->context, &read);
}

void store_work_look_up(store_work *work, store_run_fn *run, store_done_fn *done, void *data) {
  store_operation look_up = operation(work, run, done, data);
  store_look_up(work->store, work->context, &look_up);
}

void store_work_write(store_work *work, store_run_fn *run, store_done_fn *done, void *data) {
  store_operation write = operation(work, run, done, data);
  store_write(work->store, work->context, &write);
}

bool store_work_refuse(store_work *work, const store_field_problem *problem) {
  if (problem->field == NULL) {
    return false;
  }
  store_fail_field(work->call, work->span, problem);
  return true;
}

bool store_work_succeeded(store_work *work, const store_result *result) {
  if (result->repeat == STORE_KEY_TAKEN) {
    store_field_problem problem = {"idempotency_key", "came before with another request"};
    return !store_work_refuse(work, &problem);
  }
  if (!mesh_status_is_ok(&result->status)) {
    work->reason = result->is_refused ? work->reason : NULL;
    store_work_fail(work, &result->status);
    return false;
  }
  return true;
}

void store_work_fail(store_work *work, const mesh_status *status) {
  store_span_fail(work->span, work->reason, status);
  if (work->reason != NULL) {
    mesh_call_add_error_info(work->call, work->reason, work->domain);
  }
  mesh_call_fail(work->call, status->code, "%s", status->message);
}

void store_work_reply(store_work *work, const ProtobufCMessage *reply) {
  otlp_span_end(work->span);
  mesh_call_reply(work->call, reply);
}

void store_work_reply_bytes(store_work *work, mesh_bytes reply) {
  otlp_span_end(work->span);
  mesh_call_reply_bytes(work->call, reply);
}
