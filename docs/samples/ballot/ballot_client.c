/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ballot-client TARGET vote NAME [WEIGHT]
 * ballot-client TARGET watch [COUNT]
 *
 * A client of the ballot: one unary call, or one stream.
 */
#include <mesh/client.h>
#include <mesh/context.h>
#include <mesh/loop.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sample/ballot/v1/ballot.mesh.h"

enum { TIMEOUT_MS = 5000 };

/* What main and the callbacks share. */
typedef struct program {
  mesh_loop *loop;
  mesh_client *client;
  mesh_client_call *call;
  int wanted; /* standings to show */
  int exit_code;
} program;

static void finish(program *self, const mesh_status *status) {
  if (!mesh_status_is_ok(status)) {
    fprintf(stderr, "%s: %s\n", mesh_status_code_name(status->code), status->message);
    self->exit_code = EXIT_FAILURE;
  }
  mesh_loop_stop(self->loop);
}

/* ---- a unary call ---- */

static void on_voted(const mesh_status *status, const Sample__Ballot__V1__Candidate *reply,
                     void *data) {
  if (reply != NULL) {
    printf("%s has %d votes\n", reply->name, reply->votes);
  }
  finish(data, status);
}

static void vote(program *self, char *name, int weight) {
  Sample__Ballot__V1__VoteRequest request = SAMPLE__BALLOT__V1__VOTE_REQUEST__INIT;
  request.name = name;
  request.weight = weight;
  mesh_context *context = mesh_context_new(self->loop, NULL, TIMEOUT_MS);
  sample_ballot_v1_vote(self->client, context, &request, on_voted, self);
  mesh_context_release(context); /* the call holds it now */
  mesh_loop_run(self->loop);
}

/* ---- a stream ---- */

static void on_finished(const mesh_status *status, void *data) {
  program *self = data;
  mesh_status ok = mesh_status_ok();
  finish(self, self->wanted == 0 ? &ok : status);
}

static void on_standing(const mesh_status *status, const Sample__Ballot__V1__Standing *standing,
                        void *data) {
  program *self = data;
  (void)status;
  if (standing == NULL) {
    return; /* the end; on_finished is next */
  }
  for (size_t i = 0; i < standing->n_candidates; i++) {
    printf("%s%s %d", i > 0 ? ", " : "", standing->candidates[i]->name,
           standing->candidates[i]->votes);
  }
  printf("\n");
  fflush(stdout);
  if (--self->wanted == 0) {
    mesh_client_call_cancel(self->call);
  } else {
    sample_ballot_v1_watch_client_receive(self->call, on_standing, self);
  }
}

static void watch(program *self, int count) {
  Sample__Ballot__V1__WatchRequest request = SAMPLE__BALLOT__V1__WATCH_REQUEST__INIT;
  mesh_context *context = mesh_context_new(self->loop, NULL, MESH_NO_TIMEOUT);
  self->wanted = count;
  self->call = sample_ballot_v1_watch(self->client, context, &request, on_finished, self);
  sample_ballot_v1_watch_client_receive(self->call, on_standing, self);
  mesh_context_release(context);
  mesh_loop_run(self->loop);
}

/* ---- the program ---- */

static int usage(void) {
  fputs("usage: ballot-client TARGET vote NAME [WEIGHT] | ballot-client TARGET watch [COUNT]\n",
        stderr);
  return 2;
}

int main(int argc, char **argv) {
  bool is_vote = argc >= 4 && argc <= 5 && strcmp(argv[2], "vote") == 0;
  bool is_watch = argc >= 3 && argc <= 4 && strcmp(argv[2], "watch") == 0;
  if (!is_vote && !is_watch) {
    return usage();
  }
  program self = {.loop = mesh_loop_new()};
  mesh_client_options options = MESH_CLIENT_OPTIONS_INIT;
  options.target = argv[1];
  mesh_status status = mesh_client_new(&options, &self.client);
  if (!mesh_status_is_ok(&status)) {
    fprintf(stderr, "ballot-client: %s\n", status.message);
    return usage();
  }
  if (is_vote) {
    vote(&self, argv[3], argc == 5 ? atoi(argv[4]) : 1);
  } else {
    watch(&self, argc == 4 ? atoi(argv[3]) : 1);
  }
  mesh_client_destroy(self.client);
  mesh_loop_destroy(self.loop);
  return self.exit_code;
}
