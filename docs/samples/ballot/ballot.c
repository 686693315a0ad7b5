/* SPDX-License-Identifier: Apache-2.0 */
#include "ballot.h"

#include <mesh/arena.h>
#include <mesh/call.h>
#include <stdlib.h>
#include <string.h>

#include "sample/ballot/v1/ballot.mesh.h"

enum { CANDIDATES = 3, MOST_WEIGHT = 3 };

/* A Watch call that is open; in the call's arena. */
typedef struct watcher watcher;
struct watcher {
  watcher *previous;
  watcher *next;
  ballot *ballot;
  mesh_call *call;
  bool is_sending;
  bool is_behind; /* there were votes since the send under way */
  bool has_ended;
};

struct ballot {
  Sample__Ballot__V1__Candidate candidates[CANDIDATES];
  watcher watchers; /* the list's head */
};

ballot *ballot_new(void) {
  static char names[CANDIDATES][8] = {"ada", "dennis", "grace"};
  ballot *self = calloc(1, sizeof *self);
  if (self == NULL) {
    abort();
  }
  for (int i = 0; i < CANDIDATES; i++) {
    sample__ballot__v1__candidate__init(&self->candidates[i]);
    self->candidates[i].name = names[i];
  }
  self->watchers.previous = self->watchers.next = &self->watchers;
  return self;
}

void ballot_destroy(ballot *self) {
  free(self);
}

/* ---- Watch ---- */

static void send_standing(watcher *self);

static void end(watcher *self) {
  if (self->has_ended) {
    return;
  }
  self->has_ended = true;
  self->previous->next = self->next;
  self->next->previous = self->previous;
  mesh_call_fail(self->call, GRPC_STATUS_CANCELLED, "the watcher has gone");
}

static void on_sent(bool ok, void *data) {
  watcher *self = data;
  self->is_sending = false;
  if (!ok) {
    end(self);
  } else if (self->is_behind) {
    send_standing(self);
  }
}

/* One send at a time. A watcher that reads slowly gets fewer standings, and always the last. */
static void send_standing(watcher *self) {
  self->is_behind = self->is_sending;
  if (self->is_sending || self->has_ended) {
    return;
  }
  Sample__Ballot__V1__Candidate *candidates[CANDIDATES];
  for (int i = 0; i < CANDIDATES; i++) {
    candidates[i] = &self->ballot->candidates[i];
  }
  Sample__Ballot__V1__Standing standing = SAMPLE__BALLOT__V1__STANDING__INIT;
  standing.n_candidates = CANDIDATES;
  standing.candidates = candidates;
  self->is_sending = true;
  sample_ballot_v1_watch_send(self->call, &standing, on_sent, self);
}

static void on_cancel(void *data) {
  end(data);
}

static void watch(mesh_call *call, const Sample__Ballot__V1__WatchRequest *request, void *self) {
  (void)request;
  ballot *watched = self;
  watcher *added = mesh_arena_alloc(mesh_call_arena(call), sizeof *added);
  added->ballot = watched;
  added->call = call;
  added->previous = watched->watchers.previous;
  added->next = &watched->watchers;
  added->previous->next = added;
  added->next->previous = added;
  mesh_context_on_cancel(mesh_call_context(call), on_cancel, added);
  send_standing(added);
}

/* ---- Vote ---- */

static Sample__Ballot__V1__Candidate *find(ballot *self, const char *name) {
  for (int i = 0; i < CANDIDATES; i++) {
    if (strcmp(self->candidates[i].name, name) == 0) {
      return &self->candidates[i];
    }
  }
  return NULL;
}

static void vote(mesh_call *call, const Sample__Ballot__V1__VoteRequest *request, void *self) {
  ballot *owner = self;
  if (request->weight < 1 || request->weight > MOST_WEIGHT) {
    mesh_call_add_field_violation(call, "weight", "must be from 1 to %d", MOST_WEIGHT);
    mesh_call_fail(call, GRPC_STATUS_INVALID_ARGUMENT, "no vote has a weight of %d",
                   request->weight);
    return;
  }
  Sample__Ballot__V1__Candidate *candidate = find(owner, request->name);
  if (candidate == NULL) {
    mesh_call_fail(call, GRPC_STATUS_NOT_FOUND, "nobody stands as '%.64s'", request->name);
    return;
  }
  candidate->votes += request->weight;
  sample_ballot_v1_vote_reply(call, candidate);
  for (watcher *each = owner->watchers.next; each != &owner->watchers; each = each->next) {
    send_standing(each);
  }
}

static const sample_ballot_v1_ballot_service handlers = {.vote = vote, .watch = watch};

mesh_service ballot_bind(ballot *self) {
  return sample_ballot_v1_ballot_service_bind(&handlers, self);
}
