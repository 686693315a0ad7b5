/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OTLP/HTTP with binary protobuf, through libcurl. One POST at a time on a multi handle, which can
 * be woken up from another thread; the connection is kept for the next one.
 */
#include "export/backoff.h"
#include "export/collector_answer.h"
#include "export/deadline.h"
#include "export/endpoint.h"
#include "export/gzip.h"
#include "export/header_list.h"
#include "export/network_exporter.h"
#include "export/pem_file.h"
#include "export/verdict.h"
#include "signal_facts.h"

#include <curl/curl.h>
#include <otlp/log.h>
#include <otlp/version.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

static const char USER_AGENT[] = "OTel-OTLP-Exporter-C/" OTLP_VERSION;

typedef struct http_transport {
  otlp__transport base;
  CURLM *multi;
  CURL *easy;
  struct curl_slist *headers;
  bool gzip;
  otlp__gzip compressor;
  uint8_t *body; /* what is loaded */
  size_t body_size;
  char *response; /* kept from attempt to attempt */
  size_t response_size;
  size_t response_capacity;
  size_t max_response;
  bool response_too_large;
  atomic_bool cancelled;
} http_transport;

static bool grow_response(http_transport *self, size_t needed) {
  if (needed <= self->response_capacity) {
    return true;
  }
  size_t capacity = needed < 4096 ? 4096 : needed * 2;
  char *larger = realloc(self->response, capacity);
  if (larger != NULL) {
    self->response = larger;
    self->response_capacity = capacity;
  }
  return larger != NULL;
}

/* libcurl's write callback; anything but all of `count` ends the transfer. */
static size_t take_response(char *data, size_t one, size_t count, void *user_data) {
  (void)one; /* always 1 */
  http_transport *self = user_data;
  self->response_too_large = count > self->max_response - self->response_size;
  if (self->response_too_large || !grow_response(self, self->response_size + count)) {
    return 0;
  }
  memcpy(self->response + self->response_size, data, count);
  self->response_size += count;
  return count;
}

/* What became of the transfer, or -1 while it is under way. */
static int transfer_result(http_transport *self) {
  int left;
  for (CURLMsg *message = curl_multi_info_read(self->multi, &left); message != NULL;
       message = curl_multi_info_read(self->multi, &left)) {
    if (message->msg == CURLMSG_DONE) {
      return (int)message->data.result;
    }
  }
  return -1;
}

/* Runs the transfer to its end, the deadline's or the cancellation's. */
static CURLcode run_transfer(http_transport *self, int64_t deadline) {
  for (;;) {
    int running;
    if (atomic_load(&self->cancelled)) {
      return CURLE_ABORTED_BY_CALLBACK;
    }
    if (curl_multi_perform(self->multi, &running) != CURLM_OK) {
      return CURLE_FAILED_INIT;
    }
    int result = transfer_result(self);
    if (result >= 0) {
      return (CURLcode)result;
    }
    int32_t left_ms = otlp__ms_until(otlp__monotonic_now(), deadline);
    if (left_ms == 0) {
      return CURLE_OPERATION_TIMEDOUT;
    }
    curl_multi_poll(self->multi, NULL, 0, left_ms, NULL); /* http_cancel wakes it up */
  }
}

static bool content_type_is(const http_transport *self, const char *wanted) {
  const char *type = NULL;
  curl_easy_getinfo(self->easy, CURLINFO_CONTENT_TYPE, &type);
  return type != NULL && strncasecmp(type, wanted, strlen(wanted)) == 0;
}

/* An empty answer is an empty message. Some servers answer in JSON whatever was asked: that they
 * took the items is all we read from it. */
static void judge_response(const http_transport *self, otlp__attempt *out_attempt) {
  otlp__partial_success partial = {0};
  otlp_string body = {self->response, self->response_size};
  bool understood = body.length == 0 || content_type_is(self, "application/json");
  if (!understood && content_type_is(self, "application/x-protobuf")) {
    understood = otlp__partial_success_decode(body, &partial);
  }
  out_attempt->verdict = understood ? OTLP__ACCEPTED : OTLP__REFUSED;
  if (!understood) {
    otlp__attempt_say(out_attempt, "success, but the response makes no sense");
    return;
  }
  out_attempt->rejected_items = partial.rejected_items;
  otlp__attempt_say(out_attempt, "%.*s", (int)partial.message.length, partial.message.data);
}

static void judge_status(const http_transport *self, otlp__attempt *out_attempt) {
  long status = 0;
  curl_off_t retry_after_s = 0;
  curl_easy_getinfo(self->easy, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(self->easy, CURLINFO_RETRY_AFTER, &retry_after_s);
  out_attempt->verdict = otlp__http_verdict(status);
  if (out_attempt->verdict == OTLP__ACCEPTED) {
    judge_response(self, out_attempt);
    return;
  }
  if (retry_after_s > 0) {
    out_attempt->retry_after_ns =
        (retry_after_s < OTLP__LONGEST_DELAY_S ? retry_after_s : OTLP__LONGEST_DELAY_S) *
        OTLP__NS_PER_S;
  }
  otlp_string message = {NULL, 0};
  if (content_type_is(self, "application/x-protobuf")) {
    message = otlp__status_message_decode((otlp_string){self->response, self->response_size});
  }
  otlp__attempt_say(out_attempt, "HTTP status %ld%s%.*s", status, message.length > 0 ? ": " : "",
                    (int)message.length, message.data);
}

static void judge_broken(const http_transport *self, CURLcode code, const char *details,
                         otlp__attempt *out_attempt) {
  out_attempt->verdict = otlp__curl_verdict((int)code);
  out_attempt->timed_out = code == CURLE_OPERATION_TIMEDOUT;
  if (self->response_too_large) {
    otlp__attempt_say(out_attempt, "a response of more than %zu bytes", self->max_response);
    return;
  }
  otlp__attempt_say(out_attempt, "%s", details[0] != '\0' ? details : curl_easy_strerror(code));
}

static void http_attempt(otlp__transport *base, int64_t deadline, otlp__attempt *out_attempt) {
  http_transport *self = (http_transport *)base;
  char details[CURL_ERROR_SIZE] = "";
  self->response_size = 0;
  self->response_too_large = false;
  curl_easy_setopt(self->easy, CURLOPT_ERRORBUFFER, details);
  curl_easy_setopt(self->easy, CURLOPT_TIMEOUT_MS,
                   (long)otlp__ms_until(otlp__monotonic_now(), deadline));
  curl_multi_add_handle(self->multi, self->easy);
  CURLcode code = run_transfer(self, deadline);
  if (code == CURLE_OK) {
    judge_status(self, out_attempt);
  } else {
    judge_broken(self, code, details, out_attempt);
  }
  curl_multi_remove_handle(self->multi, self->easy);
  curl_easy_setopt(self->easy, CURLOPT_ERRORBUFFER, NULL);
}

static bool http_load(otlp__transport *base, uint8_t *body, size_t size) {
  http_transport *self = (http_transport *)base;
  self->body = body;
  self->body_size = size;
  if (self->gzip) {
    bool compressed =
        otlp__gzip_compress(&self->compressor, body, size, &self->body, &self->body_size);
    free(body);
    if (!compressed) {
      self->body = NULL;
      return false;
    }
  }
  curl_easy_setopt(self->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)self->body_size);
  curl_easy_setopt(self->easy, CURLOPT_POSTFIELDS, self->body);
  return true;
}

static void http_unload(otlp__transport *base) {
  http_transport *self = (http_transport *)base;
  free(self->body);
  self->body = NULL;
}

static void http_cancel(otlp__transport *base) {
  http_transport *self = (http_transport *)base;
  atomic_store(&self->cancelled, true);
  curl_multi_wakeup(self->multi);
}

static void http_destroy(otlp__transport *base) {
  http_transport *self = (http_transport *)base;
  curl_easy_cleanup(self->easy);
  curl_multi_cleanup(self->multi);
  curl_slist_free_all(self->headers);
  otlp__gzip_clean_up(&self->compressor);
  free(self->response);
  free(self);
  curl_global_cleanup();
}

static const otlp__transport_vtable HTTP_TRANSPORT = {
    .name = "otlp/http",
    .load = http_load,
    .attempt = http_attempt,
    .unload = http_unload,
    .cancel = http_cancel,
    .destroy = http_destroy,
};

static bool add_header(http_transport *self, const char *line) {
  struct curl_slist *longer = curl_slist_append(self->headers, line);
  if (longer != NULL) {
    self->headers = longer;
  }
  return longer != NULL;
}

/* libcurl's way to say that a header is there but empty is a semicolon. */
static bool add_pair(http_transport *self, const otlp_header *header) {
  char *line = NULL;
  int length = header->value.length == 0
                   ? asprintf(&line, "%s;", header->key.data)
                   : asprintf(&line, "%s: %s", header->key.data, header->value.data);
  bool added = length >= 0 && add_header(self, line);
  if (length >= 0) {
    free(line);
  }
  return added;
}

static bool set_headers(http_transport *self, const otlp_exporter_options *options) {
  otlp__header_list list;
  if (!otlp__header_list_init(&list, options->headers, options->header_count, false)) {
    return false;
  }
  bool added = add_header(self, "Content-Type: application/x-protobuf") &&
               add_header(self, "Expect:") && /* no round trip before large bodies */
               (!self->gzip || add_header(self, "Content-Encoding: gzip"));
  for (size_t i = 0; added && i < list.count; i++) {
    added = add_pair(self, &list.items[i]);
  }
  otlp__header_list_clean_up(&list);
  return added && curl_easy_setopt(self->easy, CURLOPT_HTTPHEADER, self->headers) == CURLE_OK;
}

static bool set_pem(http_transport *self, CURLoption option, char *text) {
  if (text == NULL) {
    return true;
  }
  struct curl_blob blob = {.data = text, .len = strlen(text), .flags = CURL_BLOB_COPY};
  return curl_easy_setopt(self->easy, option, &blob) == CURLE_OK;
}

static bool set_tls(http_transport *self, const otlp_exporter_options *options) {
  otlp__tls_files files;
  if (!otlp__tls_files_init(&files, options)) {
    return false;
  }
  bool set = set_pem(self, CURLOPT_CAINFO_BLOB, files.certificate) &&
             set_pem(self, CURLOPT_SSLCERT_BLOB, files.client_certificate) &&
             set_pem(self, CURLOPT_SSLKEY_BLOB, files.client_key);
  otlp__tls_files_clean_up(&files);
  return set;
}

/* `out_url` is left with what may be logged: a query may hold a secret. */
static bool set_url(http_transport *self, const char *endpoint, char out_url[OTLP__ENDPOINT_SIZE]) {
  const char *problem =
      otlp__http_endpoint_parse(otlp_string_from(endpoint), (otlp_string){NULL, 0}, out_url);
  if (problem != NULL) {
    otlp_log(OTLP_LOG_ERROR, "endpoint '%s': %s", endpoint, problem);
    return false;
  }
  bool set = curl_easy_setopt(self->easy, CURLOPT_URL, out_url) == CURLE_OK;
  out_url[strcspn(out_url, "?")] = '\0';
  return set;
}

static void set_behaviour(http_transport *self) {
  curl_easy_setopt(self->easy, CURLOPT_POST, 1L);
  curl_easy_setopt(self->easy, CURLOPT_USERAGENT, USER_AGENT);
  curl_easy_setopt(self->easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(self->easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(self->easy, CURLOPT_QUICK_EXIT, 1L); /* a resolver that hangs is left behind */
  curl_easy_setopt(self->easy, CURLOPT_WRITEFUNCTION, take_response);
  curl_easy_setopt(self->easy, CURLOPT_WRITEDATA, self);
}

otlp_exporter *otlp_http_exporter_new(const otlp_exporter_options *options) {
  static const otlp_exporter_options DEFAULTS = OTLP_EXPORTER_OPTIONS_INIT;
  options = options != NULL ? options : &DEFAULTS;
  const char *endpoint = options->endpoint != NULL
                             ? options->endpoint
                             : otlp__signal_facts_of(options->signal)->http_endpoint;
  char url[OTLP__ENDPOINT_SIZE];
  http_transport *self = calloc(1, sizeof(*self));
  if (self == NULL) {
    return NULL;
  }
  curl_global_init(CURL_GLOBAL_DEFAULT);
  self->base.vtable = &HTTP_TRANSPORT;
  self->multi = curl_multi_init();
  self->easy = curl_easy_init();
  self->gzip = options->compression == OTLP_COMPRESSION_GZIP;
  self->max_response = options->max_response_bytes;
  if (self->multi == NULL || self->easy == NULL || !set_url(self, endpoint, url) ||
      !set_headers(self, options) || !set_tls(self, options)) {
    http_destroy(&self->base);
    return NULL;
  }
  set_behaviour(self);
  return otlp__network_exporter_new(&self->base, options, url);
}
