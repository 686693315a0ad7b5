/* SPDX-License-Identifier: Apache-2.0 */
#include "station.h"

#include <mesh/arena.h>
#include <mesh/call.h>

#include "sample/ballot/v1/ballot.mesh.h"

/* A vote on its way; in the call's arena. */
typedef struct forwarding {
  mesh_call *call;
  otlp_span *span;
} forwarding;

static void note_failure(otlp_span *span, const mesh_status *status) {
  const char *code = mesh_status_code_name(status->code);
  otlp_string message = otlp_string_from(status->message);
  otlp_span_record_exception(span, otlp_string_from(code), message);
  otlp_span_set_string(span, "error.type", code);
  otlp_span_set_status(span, OTLP_STATUS_ERROR, message);
}

static void on_counted(const mesh_status *status, const Sample__Ballot__V1__Candidate *counted,
                       void *data) {
  forwarding *work = data;
  if (counted == NULL) {
    note_failure(work->span, status);
    otlp_span_end(work->span);
    mesh_call_fail_with(work->call, status);
    return;
  }
  otlp_span_set_int(work->span, "ballot.votes", counted->votes);
  otlp_span_end(work->span);
  sample_ballot_v1_vote_reply(work->call, counted);
}

static void vote(mesh_call *call, const Sample__Ballot__V1__VoteRequest *request, void *self) {
  station *here = self;
  otlp_span_set_string(mesh_call_span(call), "ballot.candidate", request->name);

  forwarding *work = mesh_arena_alloc(mesh_call_arena(call), sizeof *work);
  work->call = call;
  const mesh_context *inside =
      mesh_context_start_span(mesh_call_context(call), "forward_vote", &work->span);
  otlp_attribute details[] = {otlp_attribute_int("ballot.weight", request->weight)};
  otlp_span_add_event(work->span, otlp_string_from("vote.sealed"), 0, details, 1);
  sample_ballot_v1_vote(here->ballot, inside, request, on_counted, work);
}

static const sample_ballot_v1_ballot_service handlers = {.vote = vote};

mesh_service station_bind(station *self) {
  return sample_ballot_v1_ballot_service_bind(&handlers, self);
}
