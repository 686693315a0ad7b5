/* SPDX-License-Identifier: Apache-2.0 */
/* The ballot behind a real socket, with its client, on one loop and so on one thread. */
#include <mesh/client.h>
#include <mesh/server.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ballot.h"
#include "sample/ballot/v1/ballot.mesh.h"

static mesh_loop *loop;
static mesh_server *server;
static mesh_client *client;
static mesh_context *context;
static ballot *tested;

static int set_up(void **state) {
  (void)state;
  loop = mesh_loop_new();
  tested = ballot_new();
  mesh_server_options server_options = MESH_SERVER_OPTIONS_INIT;
  server_options.loops = &loop;
  server_options.loop_count = 1;
  server_options.address = "127.0.0.1:0";
  mesh_status status = mesh_server_new(&server_options, &server);
  assert_true(mesh_status_is_ok(&status));
  status = mesh_server_add(server, ballot_bind(tested));
  assert_true(mesh_status_is_ok(&status));
  status = mesh_server_start(server);
  assert_true(mesh_status_is_ok(&status));

  char target[32];
  snprintf(target, sizeof target, "127.0.0.1:%d", mesh_server_port(server));
  mesh_client_options client_options = MESH_CLIENT_OPTIONS_INIT;
  client_options.target = target;
  status = mesh_client_new(&client_options, &client);
  assert_true(mesh_status_is_ok(&status));
  context = mesh_context_new(loop, NULL, 10000); /* a test that hangs fails */
  return 0;
}

static void stop(void *data) {
  (void)data;
  mesh_loop_stop(loop);
}

static int tear_down(void **state) {
  (void)state;
  mesh_context_release(context);
  mesh_client_destroy(client);
  mesh_server_drain(server, 0, stop, NULL);
  mesh_loop_run(loop);
  mesh_server_destroy(server);
  mesh_loop_destroy(loop);
  ballot_destroy(tested);
  return 0;
}

/* ---- votes ---- */

typedef struct voted {
  bool is_done;
  grpc_status_code code;
  int votes;
} voted;

static void on_voted(const mesh_status *status, const Sample__Ballot__V1__Candidate *reply,
                     void *data) {
  voted *result = data;
  result->is_done = true;
  result->code = status->code;
  result->votes = reply != NULL ? reply->votes : -1;
  mesh_loop_stop(loop);
}

static voted vote(char *name, int weight) {
  voted result = {.is_done = false};
  Sample__Ballot__V1__VoteRequest request = SAMPLE__BALLOT__V1__VOTE_REQUEST__INIT;
  request.name = name;
  request.weight = weight;
  sample_ballot_v1_vote(client, context, &request, on_voted, &result);
  while (!result.is_done) { /* other callbacks stop the loop, too */
    mesh_loop_run(loop);
  }
  return result;
}

/* Votes would be lost, or count for another. */
static void test_votes_are_counted(void **state) {
  (void)state;
  assert_int_equal(vote((char[]){"ada"}, 1).votes, 1);
  assert_int_equal(vote((char[]){"grace"}, 2).votes, 2);
  assert_int_equal(vote((char[]){"ada"}, 3).votes, 4);
}

/* A voter could vote for nobody, or a hundred times at once. */
static void test_odd_votes_are_refused(void **state) {
  (void)state;
  assert_int_equal(vote((char[]){"nobody"}, 1).code, GRPC_STATUS_NOT_FOUND);
  assert_int_equal(vote((char[]){"ada"}, 0).code, GRPC_STATUS_INVALID_ARGUMENT);
  assert_int_equal(vote((char[]){"ada"}, 100).code, GRPC_STATUS_INVALID_ARGUMENT);
  assert_int_equal(vote((char[]){"ada"}, 1).votes, 1);
}

/* ---- watching ---- */

typedef struct watched {
  mesh_client_call *call;
  int standings;
  int votes_of_ada;
  bool has_ended;
} watched;

static void on_finished(const mesh_status *status, void *data) {
  watched *self = data;
  (void)status;
  self->has_ended = true;
  mesh_loop_stop(loop);
}

static void on_standing(const mesh_status *status, const Sample__Ballot__V1__Standing *standing,
                        void *data) {
  watched *self = data;
  (void)status;
  if (standing == NULL) {
    return;
  }
  self->standings++;
  self->votes_of_ada = standing->candidates[0]->votes;
  sample_ballot_v1_watch_client_receive(self->call, on_standing, self);
  mesh_loop_stop(loop);
}

/* Someone who watches would not see a vote, or keep the server from ever forgetting them. */
static void test_watchers_see_votes(void **state) {
  (void)state;
  Sample__Ballot__V1__WatchRequest request = SAMPLE__BALLOT__V1__WATCH_REQUEST__INIT;
  watched self = {.votes_of_ada = -1};
  self.call = sample_ballot_v1_watch(client, context, &request, on_finished, &self);
  sample_ballot_v1_watch_client_receive(self.call, on_standing, &self);
  while (self.standings == 0) {
    mesh_loop_run(loop);
  }
  assert_int_equal(self.votes_of_ada, 0);
  vote((char[]){"ada"}, 2);
  while (self.votes_of_ada != 2) {
    assert_false(self.has_ended);
    mesh_loop_run(loop);
  }
  mesh_client_call_cancel(self.call);
  while (!self.has_ended) {
    mesh_loop_run(loop);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_votes_are_counted, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_odd_votes_are_refused, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_watchers_see_votes, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
