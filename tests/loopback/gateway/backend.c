/* SPDX-License-Identifier: Apache-2.0 */
#include "backend.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SERVICE "test.library.v1.Library"

/* One field of a message: numbers as they are, texts as bytes. Groups and fixed sizes are not
 * looked at. */
typedef struct wire_field {
  unsigned number;
  uint64_t value;
  mesh_bytes bytes;
} wire_field;

static uint64_t take_varint(const unsigned char **at, const unsigned char *end) {
  uint64_t value = 0;
  for (unsigned shift = 0; *at < end && shift < 64; shift += 7) {
    unsigned char byte = *(*at)++;
    value |= (uint64_t)(byte & 0x7F) << shift;
    if (byte < 0x80) {
      break;
    }
  }
  return value;
}

/* The field of this number; all zero when it is not there. */
static wire_field find_field(mesh_bytes message, unsigned number) {
  const unsigned char *at = message.data;
  const unsigned char *end = at + message.size;
  while (at != NULL && at < end) {
    uint64_t tag = take_varint(&at, end);
    wire_field field = {(unsigned)(tag >> 3), 0, {NULL, 0}};
    field.value = take_varint(&at, end);
    if ((tag & 7) == 2) {
      field.bytes = (mesh_bytes){at, (size_t)field.value};
      at += field.value;
    }
    if (field.number == number) {
      return field;
    }
  }
  return (wire_field){0, 0, {NULL, 0}};
}

static bool starts_with(mesh_bytes text, const char *prefix) {
  size_t size = strlen(prefix);
  return text.size >= size && memcmp(text.data, prefix, size) == 0;
}

/* A message whose field 1 is a text. */
static mesh_bytes text_message(mesh_arena *arena, const char *text, size_t size) {
  unsigned char *bytes = mesh_arena_alloc(arena, size + 8);
  size_t at = 0;
  bytes[at++] = 0x0A;
  size_t left = size;
  do {
    bytes[at++] = (unsigned char)((left & 0x7F) | (left > 0x7F ? 0x80 : 0));
    left >>= 7;
  } while (left > 0);
  memcpy(bytes + at, text, size);
  return (mesh_bytes){bytes, at + size};
}

/* What is written behind the ',' of a text; empty if there is none. */
static const char *reason_in(mesh_arena *arena, mesh_bytes text) {
  const char *copy = mesh_arena_printf(arena, "%.*s", (int)text.size, (const char *)text.data);
  const char *comma = strchr(copy, ',');
  return comma == NULL ? "" : comma + 1;
}

static void fail_with_code(mesh_call *call, int code, const char *reason) {
  if (reason[0] != '\0') {
    mesh_call_add_error_info(call, reason, "test");
    mesh_call_add_error_info_metadata(call, "fee", "3");
    mesh_call_add_error_info_metadata(call, "card", "c7");
  }
  mesh_call_add_field_violation(call, "name", "is not to be had");
  if (code == GRPC_STATUS_RESOURCE_EXHAUSTED) {
    mesh_call_add_retry_info(call, 6500);
  }
  mesh_call_fail(call, (grpc_status_code)code, "failed with %d", code);
}

/* A call that answers when it is cancelled. */
typedef struct slow_call {
  mesh_call *call;
  backend *self;
} slow_call;

static void on_cancel(void *data) {
  slow_call *slow = data;
  atomic_fetch_add(&slow->self->cancelled, 1);
  mesh_call_fail(slow->call, GRPC_STATUS_CANCELLED, "cancelled");
}

static void wait_for_cancel(mesh_call *call, backend *self) {
  slow_call *slow = mesh_arena_alloc(mesh_call_arena(call), sizeof *slow);
  *slow = (slow_call){call, self};
  mesh_context_on_cancel(mesh_call_context(call), on_cancel, slow);
}

static void reply_metadata(mesh_call *call) {
  static const char *const keys[] = {"authorization", "idempotency-key", "x-request-id", "x-other"};
  char text[1024] = "";
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
    mesh_bytes value = {"", 0};
    (void)mesh_metadata_get(mesh_call_metadata(call), keys[i], 0, &value);
    size_t size = strlen(text);
    snprintf(text + size, sizeof text - size, "%s=%.*s;", keys[i], (int)value.size,
             (const char *)value.data);
  }
  mesh_call_reply_bytes(call, text_message(mesh_call_arena(call), text, strlen(text)));
}

static void reply_large(mesh_call *call, size_t size) {
  char *text = mesh_arena_alloc(mesh_call_arena(call), size);
  memset(text, 'x', size);
  mesh_call_reply_bytes(call, text_message(mesh_call_arena(call), text, size));
}

/* What is written behind the '-' of a text. */
static int number_in(mesh_bytes text) {
  char copy[32];
  snprintf(copy, sizeof copy, "%.*s", (int)text.size, (const char *)text.data);
  const char *dash = strchr(copy, '-');
  return dash == NULL ? 0 : atoi(dash + 1);
}

static void unary(mesh_call *call, const ProtobufCMessage *request, const mesh_service *service) {
  (void)request;
  backend *self = service->self;
  mesh_bytes bytes = mesh_call_request_bytes(call);
  mesh_bytes text = find_field(bytes, 1).bytes;
  atomic_fetch_add(&self->calls, 1);
  if (starts_with(text, "fail-")) {
    fail_with_code(call, number_in(text), reason_in(mesh_call_arena(call), text));
  } else if (starts_with(text, "slow")) {
    wait_for_cancel(call, self);
  } else if (starts_with(text, "metadata")) {
    reply_metadata(call);
  } else if (starts_with(text, "large-")) {
    reply_large(call, (size_t)number_in(text));
  } else if (starts_with(text, "junk")) {
    mesh_call_reply_bytes(call, (mesh_bytes){"\xff\xff", 2});
  } else {
    mesh_call_reply_bytes(call, bytes);
  }
}

/* A stream under way, in its call's arena. */
typedef struct book_stream {
  mesh_call *call;
  backend *self;
  int left, fail_with, index;
  mesh_bytes prefix;
} book_stream;

static void send_next(bool ok, void *data);

static void end_stream(book_stream *stream) {
  if (stream->fail_with != 0) {
    fail_with_code(stream->call, stream->fail_with, "");
  } else {
    mesh_call_finish(stream->call);
  }
}

static void send_next(bool ok, void *data) {
  book_stream *stream = data;
  if (!ok) {
    atomic_fetch_add(&stream->self->broken, 1);
    mesh_call_fail(stream->call, GRPC_STATUS_CANCELLED, "cancelled");
    return;
  }
  if (stream->left-- == 0) {
    end_stream(stream);
    return;
  }
  char text[256];
  int size = snprintf(text, sizeof text, "%.*s%d", (int)stream->prefix.size,
                      (const char *)stream->prefix.data, stream->index++);
  atomic_fetch_add(&stream->self->sent, 1);
  mesh_call_send_bytes(stream->call,
                       text_message(mesh_call_arena(stream->call), text, (size_t)size), send_next,
                       stream);
}

/* WatchBooksRequest: count = 1, fail_with = 2, prefix = 3. "hold" waits behind the last message. */
static void watch(mesh_call *call, const ProtobufCMessage *request, const mesh_service *service) {
  (void)request;
  mesh_bytes bytes = mesh_call_request_bytes(call);
  book_stream *stream = mesh_arena_alloc(mesh_call_arena(call), sizeof *stream);
  stream->call = call;
  stream->self = service->self;
  stream->left = (int)find_field(bytes, 1).value;
  stream->fail_with = (int)find_field(bytes, 2).value;
  stream->prefix = find_field(bytes, 3).bytes;
  atomic_fetch_add(&stream->self->calls, 1);
  if (starts_with(stream->prefix, "slow")) {
    wait_for_cancel(call, stream->self);
    return;
  }
  send_next(true, stream);
}

/* ReadFileRequest: path = 1; HttpBody: content_type = 1, data = 2. */
static void send_file(mesh_call *call, const mesh_service *service, mesh_sent_fn *on_sent) {
  mesh_bytes path = find_field(mesh_call_request_bytes(call), 1).bytes;
  static const char type[] = "\x0a\x08text/css\x12";
  char *bytes = mesh_arena_alloc(mesh_call_arena(call), path.size + 16);
  memcpy(bytes, type, 11);
  bytes[11] = (char)path.size;
  memcpy(bytes + 12, path.data, path.size);
  mesh_bytes message = {bytes, path.size + 12};
  atomic_fetch_add(&((backend *)service->self)->calls, 1);
  if (on_sent == NULL) {
    mesh_call_reply_bytes(call, message);
  } else {
    mesh_call_send_bytes(call, message, on_sent, call);
  }
}

static void read_file(mesh_call *call, const ProtobufCMessage *request,
                      const mesh_service *service) {
  (void)request;
  send_file(call, service, NULL);
}

static void file_sent(bool ok, void *data) {
  mesh_call *call = data;
  if (ok) {
    mesh_call_finish(call);
  } else {
    mesh_call_fail(call, GRPC_STATUS_CANCELLED, "cancelled");
  }
}

static void read_stream(mesh_call *call, const ProtobufCMessage *request,
                        const mesh_service *service) {
  (void)request;
  send_file(call, service, file_sent);
}

#define UNARY(method) \
  { .name = method, .path = "/" SERVICE "/" method, .invoke = unary }

static const mesh_method methods[] = {
    UNARY("GetBook"),
    UNARY("CreateBook"),
    UNARY("UpdateBook"),
    UNARY("ArchiveBook"),
    UNARY("SetTags"),
    UNARY("BorrowBook"),
    UNARY("Search"),
    UNARY("Echo"),
    UNARY("GetTitle"),
    UNARY("Fetch"),
    UNARY("WriteFile"),
    {.name = "ReadFile", .path = "/" SERVICE "/ReadFile", .invoke = read_file},
    {.name = "WatchBooks",
     .path = "/" SERVICE "/WatchBooks",
     .server_streaming = true,
     .invoke = watch},
    {.name = "ReadStream",
     .path = "/" SERVICE "/ReadStream",
     .server_streaming = true,
     .invoke = read_stream},
};

static const mesh_service_descriptor descriptor = {
    .name = SERVICE,
    .methods = methods,
    .method_count = sizeof methods / sizeof methods[0],
};

static void *run(void *data) {
  mesh_loop_run(((backend *)data)->loop);
  return NULL;
}

static void check(mesh_status status) {
  if (!mesh_status_is_ok(&status)) {
    fprintf(stderr, "backend: %s\n", status.message);
    abort();
  }
}

void backend_start(backend *self) {
  memset(self, 0, sizeof *self);
  self->loop = mesh_loop_new();
  mesh_server_options options = MESH_SERVER_OPTIONS_INIT;
  options.loops = &self->loop;
  options.loop_count = 1;
  options.address = "127.0.0.1:0";
  options.disable_reflection = true;
  check(mesh_server_new(&options, &self->server));
  mesh_service service = {&descriptor, NULL, self};
  check(mesh_server_add(self->server, service));
  check(mesh_server_start(self->server));
  self->port = mesh_server_port(self->server);
  pthread_create(&self->thread, NULL, run, self);
}

static void stop_loop(void *data) {
  mesh_loop_stop(((backend *)data)->loop);
}

void backend_stop(backend *self) {
  mesh_server_drain(self->server, 0, stop_loop, self);
  pthread_join(self->thread, NULL);
  mesh_server_destroy(self->server);
  mesh_loop_destroy(self->loop);
}
