/* SPDX-License-Identifier: Apache-2.0 */
#include "shop_harness.h"

#include <string.h>

#include "google/rpc/error_details.pb-c.h"
#include "google/rpc/status.pb-c.h"

enum { PATIENCE_MS = 20000, ASK_EVERY_MS = 5 };

static void check(mesh_status status) {
  if (!mesh_status_is_ok(&status)) {
    fail_msg("%s: %s", mesh_status_code_name(status.code), status.message);
  }
}

void shop_harness_init(shop_harness *self) {
  memset(self, 0, sizeof *self);
  self->folder = temp_folder_make();
  span_tree_init(&self->spans);
  self->loop = mesh_loop_new();
  mesh_loop_set_tracer(self->loop, span_tree_tracer(&self->spans));
  self->context = mesh_context_new(self->loop, NULL, MESH_NO_TIMEOUT);
  snprintf(self->target, sizeof self->target, "unix:%s/socket", self->folder.path);
  mesh_tracing_options tracing = {self->spans.provider, otlp_propagators_from_environment()};
  check(mesh_tracing_new(&tracing, &self->tracing));
  const mesh_interceptor *interceptor = mesh_tracing_client_interceptor(self->tracing);
  mesh_client_options client_options = MESH_CLIENT_OPTIONS_INIT;
  client_options.target = self->target;
  client_options.interceptors = &interceptor;
  client_options.interceptor_count = 1;
  check(mesh_client_new(&client_options, &self->client));
}

void shop_harness_serve(shop_harness *self, const mesh_service *services, size_t count) {
  mesh_server_options options = MESH_SERVER_OPTIONS_INIT;
  options.loops = &self->loop;
  options.loop_count = 1;
  options.address = self->target;
  check(mesh_server_new(&options, &self->server));
  mesh_server_use(self->server, mesh_tracing_server_interceptor(self->tracing));
  for (size_t i = 0; i < count; i++) {
    check(mesh_server_add(self->server, services[i]));
  }
  check(mesh_server_start(self->server));
}

void shop_harness_done(shop_harness *self) {
  self->is_done = true;
  mesh_loop_stop(self->loop);
}

static void done(void *data) {
  shop_harness_done(data);
}

static void late(void *data) {
  shop_harness *self = data;
  self->is_late = true;
  mesh_loop_stop(self->loop);
}

void shop_harness_run(shop_harness *self) {
  mesh_timer patience = {0};
  mesh_timer_start(self->loop, &patience, PATIENCE_MS, late, self);
  while (!self->is_done && !self->is_late) {
    mesh_loop_run(self->loop);
  }
  mesh_timer_stop(self->loop, &patience);
  assert_false(self->is_late);
  self->is_done = false;
}

void shop_harness_stop(shop_harness *self) {
  mesh_server_drain(self->server, 1000, done, self);
  shop_harness_run(self);
  mesh_server_destroy(self->server);
  self->server = NULL;
}

void shop_harness_clean_up(shop_harness *self) {
  mesh_context_release(self->context);
  mesh_client_destroy(self->client);
  mesh_loop_destroy(self->loop);
  mesh_tracing_destroy(self->tracing);
  span_tree_clean_up(&self->spans);
  temp_folder_remove(&self->folder);
}

typedef struct asking {
  shop_harness *owner;
  mesh_timer timer;
  bool (*is_true)(void *data);
  void *data;
} asking;

static void ask(void *data) {
  asking *self = data;
  if (self->is_true(self->data)) {
    shop_harness_done(self->owner);
    return;
  }
  mesh_timer_start(self->owner->loop, &self->timer, ASK_EVERY_MS, ask, self);
}

void shop_harness_wait_for(shop_harness *self, bool (*is_true)(void *data), void *data) {
  asking asker = {.owner = self, .is_true = is_true, .data = data};
  mesh_timer_start(self->loop, &asker.timer, 0, ask, &asker);
  shop_harness_run(self);
  mesh_timer_stop(self->loop, &asker.timer);
}

void shop_harness_pause(shop_harness *self, int64_t ms) {
  mesh_timer timer = {0};
  mesh_timer_start(self->loop, &timer, ms, done, self);
  shop_harness_run(self);
}

/* A copy that outlives the callback. */
static const ProtobufCMessage *keep(mesh_arena *arena, const ProtobufCMessage *message) {
  size_t size = protobuf_c_message_get_packed_size(message);
  uint8_t *packed = mesh_arena_alloc(arena, size);
  protobuf_c_message_pack(message, packed);
  return protobuf_c_message_unpack(message->descriptor, mesh_arena_protobuf_allocator(arena), size,
                                   packed);
}

static void on_answer(const mesh_status *status, const ProtobufCMessage *reply, mesh_bytes bytes,
                      void *data) {
  (void)bytes;
  shop_answer *answer = data;
  mesh_arena *arena = mesh_context_arena(answer->owner->context);
  answer->count++;
  answer->code = status->code;
  answer->message = mesh_arena_strdup(arena, status->message);
  answer->reply = reply != NULL ? keep(arena, reply) : NULL;
  if (status->details != NULL) {
    answer->details.data = mesh_arena_copy(arena, status->details, status->details_size);
    answer->details.size = status->details_size;
  }
  if (answer->owner->awaited == answer) {
    shop_harness_done(answer->owner);
  }
}

static const mesh_method *find_method(const mesh_service_descriptor *service, const char *name) {
  for (size_t i = 0; i < service->method_count; i++) {
    if (strcmp(service->methods[i].name, name) == 0) {
      return &service->methods[i];
    }
  }
  fail_msg("no method %s", name);
  return NULL;
}

shop_answer *shop_start(shop_harness *self, const mesh_service_descriptor *service,
                        const char *method, const ProtobufCMessage *request,
                        const mesh_context *context) {
  shop_answer *answer = mesh_arena_alloc(mesh_context_arena(self->context), sizeof *answer);
  answer->owner = self;
  mesh_payload payload = {.message = request};
  mesh_reply_to reply_to = {.fn = on_answer, .data = answer};
  mesh_client_unary(self->client, context != NULL ? context : self->context,
                    find_method(service, method), &payload, &reply_to);
  return answer;
}

void shop_wait(shop_answer *answer) {
  if (answer->count == 0) {
    answer->owner->awaited = answer;
    shop_harness_run(answer->owner);
    answer->owner->awaited = NULL;
  }
  assert_int_equal(answer->count, 1);
}

shop_answer *shop_call(shop_harness *self, const mesh_service_descriptor *service,
                       const char *method, const ProtobufCMessage *request) {
  shop_answer *answer = shop_start(self, service, method, request, NULL);
  shop_wait(answer);
  return answer;
}

/* The first detail of the type; its value is in the arena. */
static const ProtobufCBinaryData *find_detail(const shop_answer *answer, const char *type) {
  if (answer->details.data == NULL) {
    return NULL;
  }
  mesh_arena *arena = mesh_context_arena(answer->owner->context);
  Google__Rpc__Status *status = google__rpc__status__unpack(
      mesh_arena_protobuf_allocator(arena), answer->details.size, answer->details.data);
  assert_non_null(status);
  for (size_t i = 0; i < status->n_details; i++) {
    const char *slash = strrchr(status->details[i]->type_url, '/');
    if (slash != NULL && strcmp(slash + 1, type) == 0) {
      return &status->details[i]->value;
    }
  }
  return NULL;
}

bool shop_has_detail(const shop_answer *answer, const char *type) {
  return find_detail(answer, type) != NULL;
}

static const Google__Rpc__ErrorInfo *find_error_info(const shop_answer *answer) {
  const ProtobufCBinaryData *value = find_detail(answer, "google.rpc.ErrorInfo");
  if (value == NULL) {
    return NULL;
  }
  mesh_arena *arena = mesh_context_arena(answer->owner->context);
  return google__rpc__error_info__unpack(mesh_arena_protobuf_allocator(arena), value->len,
                                         value->data);
}

const char *shop_reason(const shop_answer *answer) {
  const Google__Rpc__ErrorInfo *info = find_error_info(answer);
  return info != NULL ? info->reason : "";
}

const char *shop_error_metadata(const shop_answer *answer, const char *key) {
  const Google__Rpc__ErrorInfo *info = find_error_info(answer);
  for (size_t i = 0; info != NULL && i < info->n_metadata; i++) {
    if (strcmp(info->metadata[i]->key, key) == 0) {
      return info->metadata[i]->value;
    }
  }
  return "";
}

const char *shop_violated_field(const shop_answer *answer) {
  const ProtobufCBinaryData *value = find_detail(answer, "google.rpc.BadRequest");
  if (value == NULL) {
    return "";
  }
  mesh_arena *arena = mesh_context_arena(answer->owner->context);
  Google__Rpc__BadRequest *bad = google__rpc__bad_request__unpack(
      mesh_arena_protobuf_allocator(arena), value->len, value->data);
  assert_non_null(bad);
  return bad->n_field_violations > 0 ? bad->field_violations[0]->field : "";
}
