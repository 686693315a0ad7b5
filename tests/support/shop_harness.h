/* SPDX-License-Identifier: Apache-2.0 */
/* The shop's services on a server of their own, a client, and the loop that all of them share.
 * Every wait has an end: a test that hangs fails after 20 s. */
#ifndef TESTS_SUPPORT_SHOP_HARNESS_H
#define TESTS_SUPPORT_SHOP_HARNESS_H

#include <mesh/client.h>
#include <mesh/server.h>
#include <mesh/tracing.h>

#include "cmocka_headers.h"
#include "span_tree.h"
#include "temp_folder.h"
#include "text.h"

typedef struct shop_harness {
  temp_folder folder;
  span_tree spans;
  mesh_tracing *tracing;
  mesh_loop *loop;
  mesh_context *context; /* no deadline; answers are in its arena */
  mesh_server *server;
  mesh_client *client;
  char target[96];
  bool is_done;
  bool is_late;
  struct shop_answer *awaited; /* whose coming ends the run under way, or NULL */
} shop_harness;

/* Folder, loop and tracing; then the caller makes its services and adds them. */
void shop_harness_init(shop_harness *self);
void shop_harness_serve(shop_harness *self, const mesh_service *services, size_t count);

/* Ends the server; the caller destroys its services then, and the harness last. */
void shop_harness_stop(shop_harness *self);
void shop_harness_clean_up(shop_harness *self);

/* Runs the loop until shop_harness_done. */
void shop_harness_run(shop_harness *self);
void shop_harness_done(shop_harness *self);

/* Runs the loop until `is_true(data)`, which is asked every few milliseconds. */
void shop_harness_wait_for(shop_harness *self, bool (*is_true)(void *data), void *data);

/* Runs the loop for `ms`. For time that has to pass, not for things that have to happen. */
void shop_harness_pause(shop_harness *self, int64_t ms);

/* What a call was answered. In the arena of the harness's context. */
typedef struct shop_answer {
  shop_harness *owner;
  int count;
  grpc_status_code code;
  const char *message;
  const ProtobufCMessage *reply; /* NULL unless OK */
  mesh_bytes details;
} shop_answer;

/* Starts a call; `context` NULL is the harness's. */
shop_answer *shop_start(shop_harness *self, const mesh_service_descriptor *service,
                        const char *method, const ProtobufCMessage *request,
                        const mesh_context *context);

/* Makes a call and waits for its answer. */
shop_answer *shop_call(shop_harness *self, const mesh_service_descriptor *service,
                       const char *method, const ProtobufCMessage *request);

/* Waits for the answer of a call that was started. */
void shop_wait(shop_answer *answer);

/* The field of the first violation (google.rpc.BadRequest), or "". */
const char *shop_violated_field(const shop_answer *answer);

/* The reason of its google.rpc.ErrorInfo, or "". */
const char *shop_reason(const shop_answer *answer);

/* An entry of the ErrorInfo's metadata, or "". */
const char *shop_error_metadata(const shop_answer *answer, const char *key);

/* Whether there is a detail of this type, "google.rpc.ErrorInfo". */
bool shop_has_detail(const shop_answer *answer, const char *type);

#endif
