/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_collector.h"

#include "export/deadline.h"
#include "export/gate.h"

#include <grpc/byte_buffer_reader.h>
#include <grpc/compression.h>
#include <grpc/grpc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "../../support/cmocka_headers.h"

enum { CALLS_MAX = 8192 };

typedef struct call_record {
  collector *owner;
  grpc_call *call;
  grpc_call_details details;
  grpc_metadata_array metadata;
  grpc_byte_buffer *request_buffer;
  grpc_slice request;
  grpc_byte_buffer *response;
  grpc_metadata trailer;
  grpc_slice message;
  int cancelled;
  int64_t arrival;
  int step;
} call_record;

struct collector {
  grpc_server *server;
  grpc_completion_queue *queue;
  int port;
  collector_options options;
  pthread_t thread;

  pthread_mutex_t lock;
  pthread_cond_t arrived;
  call_record *records[CALLS_MAX]; /* whole requests; guarded by lock */
  size_t count;
  call_record *waiting; /* for the next call; the server thread's */
};

enum { STEP_ACCEPTED, STEP_READ, STEP_DONE };

static void accept_next(collector *self) {
  call_record *record = calloc(1, sizeof(*record));
  record->owner = self;
  record->request = grpc_empty_slice();
  record->message = grpc_empty_slice();
  grpc_call_details_init(&record->details);
  grpc_metadata_array_init(&record->metadata);
  self->waiting = record;
  grpc_call_error error =
      grpc_server_request_call(self->server, &record->call, &record->details, &record->metadata,
                               self->queue, self->queue, record);
  assert_int_equal(error, GRPC_CALL_OK);
}

static void record_destroy(call_record *record) {
  grpc_call_details_destroy(&record->details);
  grpc_metadata_array_destroy(&record->metadata);
  grpc_byte_buffer_destroy(record->request_buffer);
  grpc_byte_buffer_destroy(record->response);
  grpc_slice_unref(record->request);
  grpc_slice_unref(record->message);
  if (record->call != NULL) {
    grpc_call_unref(record->call);
  }
  free(record);
}

static void start_read(call_record *record) {
  grpc_op op = {.op = GRPC_OP_RECV_MESSAGE,
                .data.recv_message.recv_message = &record->request_buffer};
  record->step = STEP_READ;
  grpc_call_start_batch(record->call, &op, 1, record, NULL);
}

static void keep_request(call_record *record) {
  if (record->request_buffer == NULL) {
    return;
  }
  grpc_byte_buffer_reader reader;
  grpc_byte_buffer_reader_init(&reader, record->request_buffer);
  record->request = grpc_byte_buffer_reader_readall(&reader);
  grpc_byte_buffer_reader_destroy(&reader);
}

static const collector_reply *publish(call_record *record) {
  static const collector_reply ok = {0};
  collector *self = record->owner;
  pthread_mutex_lock(&self->lock);
  assert_true(self->count < CALLS_MAX);
  size_t index = self->count;
  record->arrival = otlp__monotonic_now();
  self->records[self->count++] = record;
  pthread_cond_broadcast(&self->arrived);
  pthread_mutex_unlock(&self->lock);
  if (self->options.reply_count == 0) {
    return &ok;
  }
  size_t last = self->options.reply_count - 1;
  return &self->options.replies[index < last ? index : last];
}

static void answer(call_record *record, const collector_reply *reply) {
  record->message = grpc_slice_from_copied_string(reply->message != NULL ? reply->message : "");
  grpc_op ops[4] = {{.op = GRPC_OP_RECV_CLOSE_ON_SERVER,
                     .data.recv_close_on_server.cancelled = &record->cancelled},
                    {.op = GRPC_OP_SEND_INITIAL_METADATA}};
  size_t count = reply->hold ? 1 : 2;
  if (!reply->hold && reply->status == GRPC_STATUS_OK) {
    grpc_slice slice =
        grpc_slice_from_copied_buffer((const char *)reply->response.data, reply->response.size);
    record->response = grpc_raw_byte_buffer_create(&slice, 1);
    grpc_slice_unref(slice);
    ops[count++] =
        (grpc_op){.op = GRPC_OP_SEND_MESSAGE, .data.send_message.send_message = record->response};
  }
  if (!reply->hold) {
    ops[count] = (grpc_op){.op = GRPC_OP_SEND_STATUS_FROM_SERVER};
    ops[count].data.send_status_from_server.status = (grpc_status_code)reply->status;
    ops[count].data.send_status_from_server.status_details = &record->message;
    if (reply->details.size > 0) {
      record->trailer.key = grpc_slice_from_static_string("grpc-status-details-bin");
      record->trailer.value =
          grpc_slice_from_static_buffer(reply->details.data, reply->details.size);
      ops[count].data.send_status_from_server.trailing_metadata_count = 1;
      ops[count].data.send_status_from_server.trailing_metadata = &record->trailer;
    }
    count++;
  }
  record->step = STEP_DONE;
  grpc_call_start_batch(record->call, ops, count, record, NULL);
}

static void advance(call_record *record, int success) {
  if (record->step == STEP_ACCEPTED && !success) {
    record_destroy(record); /* the server is stopping */
    return;
  }
  if (record->step == STEP_ACCEPTED) {
    accept_next(record->owner);
    start_read(record);
  } else if (record->step == STEP_READ) {
    keep_request(record);
    answer(record, publish(record));
  }
}

static void *serve(void *user_data) {
  collector *self = user_data;
  for (;;) {
    grpc_event event =
        grpc_completion_queue_next(self->queue, gpr_inf_future(GPR_CLOCK_REALTIME), NULL);
    if (event.type == GRPC_QUEUE_SHUTDOWN) {
      return NULL;
    }
    if (event.tag == self) {
      grpc_completion_queue_shutdown(self->queue); /* the server has stopped */
    } else {
      advance(event.tag, event.success);
    }
  }
}

collector *collector_start(const collector_options *options) {
  static const collector_options defaults = {0};
  collector *self = calloc(1, sizeof(*self));
  self->options = options != NULL ? *options : defaults;
  grpc_init();
  grpc_arg arguments[] = {
      {GRPC_ARG_INTEGER,
       (char *)GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION,
       {.integer = !self->options.keep_compressed}},
      {GRPC_ARG_INTEGER, (char *)GRPC_ARG_ALLOW_REUSEPORT, {.integer = 0}},
      {GRPC_ARG_INTEGER,
       (char *)GRPC_COMPRESSION_CHANNEL_DEFAULT_ALGORITHM,
       {.integer = self->options.compress_responses ? GRPC_COMPRESS_GZIP : GRPC_COMPRESS_NONE}},
  };
  grpc_channel_args list = {sizeof(arguments) / sizeof(arguments[0]), arguments};
  self->server = grpc_server_create(&list, NULL);
  self->queue = grpc_completion_queue_create_for_next(NULL);
  grpc_server_register_completion_queue(self->server, self->queue, NULL);
  grpc_server_credentials *credentials = self->options.credentials != NULL
                                             ? self->options.credentials
                                             : grpc_insecure_server_credentials_create();
  const char *address = self->options.address != NULL ? self->options.address : "127.0.0.1:0";
  self->port = grpc_server_add_http2_port(self->server, address, credentials);
  grpc_server_credentials_release(credentials);
  assert_true(self->port > 0);
  grpc_server_start(self->server);
  pthread_mutex_init(&self->lock, NULL);
  otlp__cond_init_monotonic(&self->arrived);
  accept_next(self);
  pthread_create(&self->thread, NULL, serve, self);
  return self;
}

void collector_stop(collector *self) {
  grpc_server_shutdown_and_notify(self->server, self->queue, self);
  grpc_server_cancel_all_calls(self->server);
  pthread_join(self->thread, NULL);
  for (size_t i = 0; i < self->count; i++) {
    record_destroy(self->records[i]);
  }
  grpc_server_destroy(self->server);
  grpc_completion_queue_destroy(self->queue);
  pthread_cond_destroy(&self->arrived);
  pthread_mutex_destroy(&self->lock);
  free(self);
  grpc_shutdown();
}

int collector_port(const collector *self) {
  return self->port;
}

void collector_wait_calls(collector *self, size_t count) {
  struct timespec limit = otlp__timespec_of(otlp__monotonic_now() + 20 * OTLP__NS_PER_S);
  int error = 0;
  pthread_mutex_lock(&self->lock);
  while (self->count < count && error == 0) {
    error = pthread_cond_timedwait(&self->arrived, &self->lock, &limit);
  }
  pthread_mutex_unlock(&self->lock);
  assert_int_equal(error, 0);
}

size_t collector_calls(collector *self) {
  pthread_mutex_lock(&self->lock);
  size_t count = self->count;
  pthread_mutex_unlock(&self->lock);
  return count;
}

static call_record *record_at(collector *self, size_t index) {
  pthread_mutex_lock(&self->lock);
  assert_true(index < self->count);
  call_record *record = self->records[index];
  pthread_mutex_unlock(&self->lock);
  return record;
}

otlp_bytes collector_method(collector *self, size_t index) {
  const grpc_slice *method = &record_at(self, index)->details.method;
  return (otlp_bytes){GRPC_SLICE_START_PTR(*method), GRPC_SLICE_LENGTH(*method)};
}

otlp_bytes collector_request(collector *self, size_t index) {
  call_record *record = record_at(self, index);
  return (otlp_bytes){GRPC_SLICE_START_PTR(record->request), GRPC_SLICE_LENGTH(record->request)};
}

otlp_bytes collector_metadata(collector *self, size_t index, const char *key) {
  call_record *record = record_at(self, index);
  for (size_t i = 0; i < record->metadata.count; i++) {
    grpc_metadata *entry = &record->metadata.metadata[i];
    if (grpc_slice_str_cmp(entry->key, key) == 0) {
      return (otlp_bytes){GRPC_SLICE_START_PTR(entry->value), GRPC_SLICE_LENGTH(entry->value)};
    }
  }
  return (otlp_bytes){NULL, 0};
}

int64_t collector_arrival(collector *self, size_t index) {
  return record_at(self, index)->arrival;
}
