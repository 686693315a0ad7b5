/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_http_collector.h"

#include "../../support/cmocka_headers.h"
#include "export/deadline.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REQUESTS_MAX = 8192, HEADERS_KEPT = 5, HEADER_MAX = 128 };

static const char *const KEPT[HEADERS_KEPT] = {"Content-Type", "Content-Encoding", "User-Agent",
                                               "X-Api-Key", "Expect"};

typedef struct http_record {
  uint8_t *body;
  size_t size;
  char path[128];
  char headers[HEADERS_KEPT][HEADER_MAX];
  int64_t arrival;
} http_record;

struct http_collector {
  struct MHD_Daemon *daemon;
  http_collector_options options;
  pthread_mutex_t lock;
  http_record *records[REQUESTS_MAX]; /* complete ones; guarded by lock */
  size_t count;
};

static http_record *record_new(struct MHD_Connection *connection, const char *url) {
  http_record *record = calloc(1, sizeof(*record));
  snprintf(record->path, sizeof(record->path), "%s", url);
  for (size_t i = 0; i < HEADERS_KEPT; i++) {
    const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, KEPT[i]);
    snprintf(record->headers[i], HEADER_MAX, "%s", value != NULL ? value : "");
  }
  return record;
}

static const http_reply *publish(http_collector *self, http_record *record) {
  static const http_reply ok = {0};
  pthread_mutex_lock(&self->lock);
  assert_true(self->count < REQUESTS_MAX);
  size_t index = self->count;
  record->arrival = otlp__monotonic_now();
  self->records[self->count++] = record;
  pthread_mutex_unlock(&self->lock);
  if (self->options.reply_count == 0) {
    return &ok;
  }
  size_t last = self->options.reply_count - 1;
  return &self->options.replies[index < last ? index : last];
}

static enum MHD_Result answer(struct MHD_Connection *connection, const http_reply *reply) {
  struct MHD_Response *response = MHD_create_response_from_buffer(
      reply->body.size, (void *)(uintptr_t)reply->body.data, MHD_RESPMEM_PERSISTENT);
  MHD_add_response_header(response, "Content-Type",
                          reply->content_type != NULL ? reply->content_type
                                                      : "application/x-protobuf");
  if (reply->retry_after != NULL) {
    MHD_add_response_header(response, "Retry-After", reply->retry_after);
  }
  enum MHD_Result result =
      MHD_queue_response(connection, reply->status != 0 ? reply->status : 200, response);
  MHD_destroy_response(response);
  return result;
}

static enum MHD_Result handle(void *user_data, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **request_data) {
  (void)method;
  (void)version;
  http_collector *self = user_data;
  http_record *record = *request_data;
  if (record == NULL) {
    *request_data = record_new(connection, url);
    return MHD_YES;
  }
  if (*upload_size > 0) {
    record->body = realloc(record->body, record->size + *upload_size);
    memcpy(record->body + record->size, upload, *upload_size);
    record->size += *upload_size;
    *upload_size = 0;
    return MHD_YES;
  }
  return answer(connection, publish(self, record));
}

http_collector *http_collector_start(const http_collector_options *options) {
  static const http_collector_options defaults = {0};
  http_collector *self = calloc(1, sizeof(*self));
  self->options = options != NULL ? *options : defaults;
  pthread_mutex_init(&self->lock, NULL);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD;
  if (self->options.key != NULL) {
    self->daemon =
        MHD_start_daemon(flags | MHD_USE_TLS, 0, NULL, NULL, handle, self, MHD_OPTION_SOCK_ADDR,
                         &address, MHD_OPTION_HTTPS_MEM_KEY, self->options.key,
                         MHD_OPTION_HTTPS_MEM_CERT, self->options.certificate, MHD_OPTION_END);
  } else {
    self->daemon = MHD_start_daemon(flags, 0, NULL, NULL, handle, self, MHD_OPTION_SOCK_ADDR,
                                    &address, MHD_OPTION_END);
  }
  assert_non_null(self->daemon);
  return self;
}

void http_collector_stop(http_collector *self) {
  MHD_stop_daemon(self->daemon);
  for (size_t i = 0; i < self->count; i++) {
    free(self->records[i]->body);
    free(self->records[i]);
  }
  pthread_mutex_destroy(&self->lock);
  free(self);
}

int http_collector_port(http_collector *self) {
  return MHD_get_daemon_info(self->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

size_t http_collector_requests(http_collector *self) {
  pthread_mutex_lock(&self->lock);
  size_t count = self->count;
  pthread_mutex_unlock(&self->lock);
  return count;
}

static http_record *record_at(http_collector *self, size_t index) {
  pthread_mutex_lock(&self->lock);
  assert_true(index < self->count);
  http_record *record = self->records[index];
  pthread_mutex_unlock(&self->lock);
  return record;
}

otlp_bytes http_collector_body(http_collector *self, size_t index) {
  http_record *record = record_at(self, index);
  return (otlp_bytes){record->body, record->size};
}

const char *http_collector_path(http_collector *self, size_t index) {
  return record_at(self, index)->path;
}

const char *http_collector_header(http_collector *self, size_t index, const char *name) {
  for (size_t i = 0; i < HEADERS_KEPT; i++) {
    if (strcmp(KEPT[i], name) == 0) {
      return record_at(self, index)->headers[i];
    }
  }
  return "";
}

int64_t http_collector_arrival(http_collector *self, size_t index) {
  return record_at(self, index)->arrival;
}
