/* SPDX-License-Identifier: Apache-2.0 */
/* Faults of the calls that are made. */
#include "fault.h"

/* Of the call, or of its answer; also while either is held, which ends the hold. */
static mesh_verdict abort_call(mesh__fault_strikes *strikes, mesh_client_call *call) {
  mesh__fault_mark_abort(strikes, mesh_client_call_span(call));
  mesh_status status = mesh__fault_abort_status(strikes);
  mesh_client_call_refuse(call, &status);
  return MESH_REFUSE;
}

static mesh_loop *loop_of(const mesh_client_call *call) {
  return mesh_context_loop(mesh_client_call_context(call));
}

static void delay(mesh__fault_strikes *strikes, mesh__fault_when when, int64_t delay_ms,
                  void (*fn)(void *strikes)) {
  mesh_client_call *call = strikes->call;
  mesh__fault_mark_delay(strikes, mesh_client_call_span(call), when);
  mesh_timer_start(loop_of(call), &strikes->timer, delay_ms, fn, strikes);
}

static void go_on(mesh__fault_strikes *strikes, bool is_abort) {
  if (is_abort) {
    abort_call(strikes, strikes->call);
  } else {
    mesh_client_call_resume(strikes->call);
  }
}

static void waited_before(void *data) {
  go_on(data, mesh__fault_aborts(data, false));
}

static void waited_after(void *data) {
  go_on(data, mesh__fault_aborts(data, true));
}

static mesh_verdict started(void *self, mesh_client_call *call, void *state) {
  mesh__fault_strikes *strikes = state;
  int64_t now_ms = mesh_loop_now_ms(loop_of(call));
  if (!mesh__fault_draw(self, MESH__FAULT_CLIENT, mesh_client_call_method(call), now_ms, strikes)) {
    return MESH_PROCEED;
  }
  strikes->call = call;
  if (strikes->plan.before_ms > 0) {
    delay(strikes, MESH__FAULT_BEFORE, strikes->plan.before_ms, waited_before);
    return MESH_HOLD;
  }
  return mesh__fault_aborts(strikes, false) ? abort_call(strikes, call) : MESH_PROCEED;
}

static mesh_verdict answered(void *self, mesh_client_call *call, void *state) {
  (void)self;
  mesh__fault_strikes *strikes = state;
  if (strikes->fault == NULL) {
    return MESH_PROCEED;
  }
  if (strikes->plan.after_ms > 0) {
    delay(strikes, MESH__FAULT_AFTER, strikes->plan.after_ms, waited_after);
    return MESH_HOLD;
  }
  return mesh__fault_aborts(strikes, true) ? abort_call(strikes, call) : MESH_PROCEED;
}

static void finished(void *self, mesh_client_call *call, const mesh_status *status, void *state) {
  (void)self;
  (void)status;
  mesh__fault_strikes *strikes = state;
  mesh_timer_stop(loop_of(call), &strikes->timer);
  mesh__fault_release(strikes->fault);
}

const mesh_interceptor mesh__fault_client = {
    .name = "faults",
    .state_size = sizeof(mesh__fault_strikes),
    .client_started = started,
    .client_answered = answered,
    .client_finished = finished,
};
