/* SPDX-License-Identifier: Apache-2.0 */
/* Faults of the calls that are served. */
#include "fault.h"

static mesh_verdict abort_call(mesh__fault_strikes *strikes, mesh_call *call) {
  mesh__fault_mark_abort(strikes, mesh_call_span(call));
  mesh_status status = mesh__fault_abort_status(strikes);
  mesh_call_fail_with(call, &status);
  return MESH_REFUSE;
}

static mesh_verdict abort_answer(mesh__fault_strikes *strikes, mesh_call *call) {
  mesh__fault_mark_abort(strikes, mesh_call_span(call));
  mesh_status status = mesh__fault_abort_status(strikes);
  mesh_call_answer_with(call, &status);
  return MESH_REFUSE;
}

static void delay(mesh__fault_strikes *strikes, mesh__fault_when when, int64_t delay_ms,
                  void (*fn)(void *strikes)) {
  mesh_call *call = strikes->call;
  mesh__fault_mark_delay(strikes, mesh_call_span(call), when);
  mesh_timer_start(mesh_context_loop(mesh_call_context(call)), &strikes->timer, delay_ms, fn,
                   strikes);
}

static void waited_before(void *data) {
  mesh__fault_strikes *strikes = data;
  if (mesh__fault_aborts(strikes, false)) {
    abort_call(strikes, strikes->call);
  } else {
    mesh_call_resume(strikes->call);
  }
}

static void waited_after(void *data) {
  mesh__fault_strikes *strikes = data;
  if (mesh__fault_aborts(strikes, true)) {
    abort_answer(strikes, strikes->call);
  }
  mesh_call_resume(strikes->call);
}

static mesh_verdict started(void *self, mesh_call *call, void *state) {
  mesh__fault_strikes *strikes = state;
  int64_t now_ms = mesh_loop_now_ms(mesh_context_loop(mesh_call_context(call)));
  if (!mesh__fault_draw(self, MESH__FAULT_SERVER, mesh_call_method(call), now_ms, strikes)) {
    return MESH_PROCEED;
  }
  strikes->call = call;
  if (strikes->plan.before_ms > 0) {
    delay(strikes, MESH__FAULT_BEFORE, strikes->plan.before_ms, waited_before);
    return MESH_HOLD;
  }
  return mesh__fault_aborts(strikes, false) ? abort_call(strikes, call) : MESH_PROCEED;
}

static mesh_verdict answered(void *self, mesh_call *call, void *state) {
  (void)self;
  mesh__fault_strikes *strikes = state;
  if (strikes->fault == NULL) {
    return MESH_PROCEED;
  }
  if (strikes->plan.after_ms > 0) {
    delay(strikes, MESH__FAULT_AFTER, strikes->plan.after_ms, waited_after);
    return MESH_HOLD;
  }
  return mesh__fault_aborts(strikes, true) ? abort_answer(strikes, call) : MESH_PROCEED;
}

static void finished(void *self, mesh_call *call, const mesh_status *status, void *state) {
  (void)self;
  (void)status;
  mesh__fault_strikes *strikes = state;
  mesh_timer_stop(mesh_context_loop(mesh_call_context(call)), &strikes->timer);
  mesh__fault_release(strikes->fault);
}

const mesh_interceptor mesh__fault_server = {
    .name = "faults",
    .state_size = sizeof(mesh__fault_strikes),
    .server_started = started,
    .server_answered = answered,
    .server_finished = finished,
};
