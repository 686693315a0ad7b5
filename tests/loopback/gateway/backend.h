/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A gRPC server of test.library.v1.Library that knows nothing of its messages: methods take and
 * give bytes. What a request makes it do is in its first text, field 1 of most requests:
 *
 *   "fail-N"     fails with code N, with details
 *   "fail-N,R"   fails so for the reason R, with the metadata fee=3 and card=c7
 *   "slow"       answers when it is cancelled
 *   "metadata"   answers with the metadata that the gateway passes on
 *   "large-N"    answers with N bytes
 *   "junk"       answers with what is no message
 *   else         answers with the request, as if it were the reply
 */
#ifndef TESTS_GATEWAY_BACKEND_H
#define TESTS_GATEWAY_BACKEND_H

#include <mesh/server.h>
#include <pthread.h>
#include <stdatomic.h>

typedef struct backend {
  mesh_loop *loop;
  mesh_server *server;
  pthread_t thread;
  int port;
  atomic_int calls;     /* started */
  atomic_int cancelled; /* "slow" ones that were cancelled */
  atomic_int sent;      /* messages of streams */
  atomic_int broken;    /* streams whose receiver has gone */
} backend;

void backend_start(backend *backend);
void backend_stop(backend *backend);

#endif
