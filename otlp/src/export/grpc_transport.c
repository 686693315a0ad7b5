/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OTLP/gRPC straight on the gRPC C core. One unary call at a time, waited for on a completion queue
 * of its own. gRPC's own retries are off: what is retried, and when, is the network exporter's to
 * decide.
 */
#include "export/backoff.h"
#include "export/collector_answer.h"
#include "export/deadline.h"
#include "export/endpoint.h"
#include "export/header_list.h"
#include "export/network_exporter.h"
#include "export/pem_file.h"
#include "export/verdict.h"
#include "signal_facts.h"
#include "thread.h"

#include <grpc/byte_buffer.h>
#include <grpc/byte_buffer_reader.h>
#include <grpc/compression.h>
#include <grpc/grpc.h>
#include <grpc/grpc_security.h>
#include <grpc/slice.h>
#include <otlp/log.h>
#include <otlp/version.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static const char DEFAULT_ENDPOINT[] = "http://localhost:4317";
static const char STATUS_DETAILS[] = "grpc-status-details-bin";
static const char USER_AGENT[] = "OTel-OTLP-Exporter-C/" OTLP_VERSION;

/* What makes gRPC set TCP_USER_TIMEOUT (to 20 s), so that a connection whose other end has vanished
 * is given up, and not written to until TCP loses patience after a quarter of an hour. No ping is
 * ever due: no call takes as long, and servers mind pings only when they come more often. */
enum { KEEPALIVE_TIME_MS = 10 * 60 * 1000 };

/*
 * gRPC has threads that a forked child has not: with a channel that was open at the fork it hangs
 * or crashes there, whatever one does with it. So the child leaves such a channel alone, and opens
 * none of its own beside it.
 */
static atomic_uint open_transports;
static atomic_uint opened_in_generation; /* the last one, of the process (thread.h) */

typedef struct grpc_transport {
  otlp__transport base;
  const char *method;
  unsigned process_generation;
  grpc_channel *channel;
  grpc_completion_queue *queue;
  grpc_metadata *metadata;
  size_t metadata_count;
  grpc_slice body;    /* what is loaded */
  bool failed_before; /* the last attempt did not get through */

  pthread_mutex_t lock;
  grpc_call *call; /* under way; guarded by lock */
  bool cancelled;  /* guarded by lock */
} grpc_transport;

/* What one call takes along and brings back. */
typedef struct exchange {
  grpc_byte_buffer *request; /* of this attempt alone: sending empties it */
  grpc_metadata_array initial_metadata;
  grpc_metadata_array trailing_metadata;
  grpc_byte_buffer *response;
  grpc_status_code status;
  grpc_slice details;
} exchange;

static otlp_string view_of(const grpc_slice *slice) {
  otlp_string view = {(const char *)GRPC_SLICE_START_PTR(*slice), GRPC_SLICE_LENGTH(*slice)};
  return view;
}

static gpr_timespec gpr_deadline(int64_t deadline) {
  if (deadline == OTLP__NEVER) {
    return gpr_inf_future(GPR_CLOCK_MONOTONIC);
  }
  int64_t left = deadline - otlp__monotonic_now();
  return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                      gpr_time_from_nanos(left > 0 ? left : 0, GPR_TIMESPAN));
}

/* Makes the call known to grpc_cancel; false when it came too late. */
static bool publish_call(grpc_transport *self, grpc_call *call) {
  pthread_mutex_lock(&self->lock);
  bool wanted = !self->cancelled;
  self->call = wanted ? call : NULL;
  pthread_mutex_unlock(&self->lock);
  return wanted;
}

static void withdraw_call(grpc_transport *self) {
  pthread_mutex_lock(&self->lock);
  self->call = NULL;
  pthread_mutex_unlock(&self->lock);
}

/* Sends the request and waits for all there is to come. */
static bool run_call(grpc_transport *self, grpc_call *call, exchange *out) {
  out->request = grpc_raw_byte_buffer_create(&self->body, 1);
  grpc_op ops[] = {
      {.op = GRPC_OP_SEND_INITIAL_METADATA,
       .data.send_initial_metadata = {.count = self->metadata_count, .metadata = self->metadata}},
      {.op = GRPC_OP_SEND_MESSAGE, .data.send_message.send_message = out->request},
      {.op = GRPC_OP_SEND_CLOSE_FROM_CLIENT},
      {.op = GRPC_OP_RECV_INITIAL_METADATA,
       .data.recv_initial_metadata.recv_initial_metadata = &out->initial_metadata},
      {.op = GRPC_OP_RECV_MESSAGE, .data.recv_message.recv_message = &out->response},
      {.op = GRPC_OP_RECV_STATUS_ON_CLIENT,
       .data.recv_status_on_client = {.trailing_metadata = &out->trailing_metadata,
                                      .status = &out->status,
                                      .status_details = &out->details}},
  };
  if (grpc_call_start_batch(call, ops, sizeof(ops) / sizeof(ops[0]), self, NULL) != GRPC_CALL_OK) {
    return false;
  }
  /* The call's own deadline ends the wait. */
  grpc_completion_queue_pluck(self->queue, self, gpr_inf_future(GPR_CLOCK_MONOTONIC), NULL);
  return true;
}

static bool find_retry_info(const exchange *answer, int64_t *out_delay_ns) {
  for (size_t i = 0; i < answer->trailing_metadata.count; i++) {
    const grpc_metadata *entry = &answer->trailing_metadata.metadata[i];
    if (grpc_slice_str_cmp(entry->key, STATUS_DETAILS) == 0) {
      return otlp__retry_info_decode(view_of(&entry->value), out_delay_ns);
    }
  }
  return false;
}

/*
 * The time was up before the collector had an answer. It knows our deadline too (grpc-timeout), and
 * its timer may be the first to see it come: then it says so, or resets the stream, which is
 * CANCELLED here. Any earlier, either of them is an answer; there is no earlier where the whole
 * timeout is as short as that.
 */
static bool has_timed_out(grpc_status_code status, int64_t deadline) {
  enum { TIMER_SLACK_MS = 100 };
  bool is_about_time = status == GRPC_STATUS_DEADLINE_EXCEEDED || status == GRPC_STATUS_CANCELLED;
  return is_about_time && otlp__ms_until(otlp__monotonic_now(), deadline) <= TIMER_SLACK_MS;
}

static void judge_failure(const exchange *answer, int64_t deadline, otlp__attempt *out_attempt) {
  int64_t delay_ns;
  bool has_retry_info = find_retry_info(answer, &delay_ns);
  out_attempt->verdict = otlp__grpc_verdict((int)answer->status, has_retry_info);
  out_attempt->retry_after_ns = has_retry_info ? delay_ns : OTLP__NO_RETRY_AFTER;
  out_attempt->timed_out = has_timed_out(answer->status, deadline);
  otlp_string details = view_of(&answer->details);
  otlp__attempt_say(out_attempt, "%s%s%.*s", otlp__grpc_status_name((int)answer->status),
                    details.length > 0 ? ": " : "", (int)details.length, details.data);
}

static void judge_response(const exchange *answer, otlp__attempt *out_attempt) {
  otlp__partial_success partial;
  grpc_byte_buffer_reader reader;
  if (answer->response == NULL || !grpc_byte_buffer_reader_init(&reader, answer->response)) {
    out_attempt->verdict = OTLP__REFUSED;
    otlp__attempt_say(out_attempt, "OK, but without a response message");
    return;
  }
  grpc_slice response = grpc_byte_buffer_reader_readall(&reader);
  grpc_byte_buffer_reader_destroy(&reader);
  if (otlp__partial_success_decode(view_of(&response), &partial)) {
    out_attempt->verdict = OTLP__ACCEPTED;
    out_attempt->rejected_items = partial.rejected_items;
    otlp__attempt_say(out_attempt, "%.*s", (int)partial.message.length, partial.message.data);
  } else {
    out_attempt->verdict = OTLP__REFUSED;
    otlp__attempt_say(out_attempt, "OK, but the response makes no sense");
  }
  grpc_slice_unref(response);
}

static void exchange_clean_up(exchange *self) {
  grpc_metadata_array_destroy(&self->initial_metadata);
  grpc_metadata_array_destroy(&self->trailing_metadata);
  grpc_byte_buffer_destroy(self->request);
  grpc_byte_buffer_destroy(self->response);
  grpc_slice_unref(self->details);
}

static bool is_of_parent_process(const grpc_transport *self) {
  return self->process_generation != otlp__process_generation();
}

static void grpc_attempt(otlp__transport *base, int64_t deadline, otlp__attempt *out_attempt) {
  grpc_transport *self = (grpc_transport *)base;
  if (is_of_parent_process(self)) {
    out_attempt->verdict = OTLP__REFUSED;
    otlp__attempt_say(out_attempt, "gRPC does not survive a fork");
    return;
  }
  exchange answer = {.status = GRPC_STATUS_INTERNAL, .details = grpc_empty_slice()};
  grpc_metadata_array_init(&answer.initial_metadata);
  grpc_metadata_array_init(&answer.trailing_metadata);
  if (self->failed_before) {
    grpc_channel_reset_connect_backoff(self->channel); /* it is our backoff that counts */
  }
  grpc_call *call = grpc_channel_create_call(
      self->channel, NULL, GRPC_PROPAGATE_DEFAULTS, self->queue,
      grpc_slice_from_static_string(self->method), NULL, gpr_deadline(deadline), NULL);
  bool ran = publish_call(self, call) && run_call(self, call, &answer);
  withdraw_call(self);
  if (ran && answer.status == GRPC_STATUS_OK) {
    judge_response(&answer, out_attempt);
  } else {
    judge_failure(&answer, deadline, out_attempt);
  }
  self->failed_before = out_attempt->verdict == OTLP__RETRYABLE;
  exchange_clean_up(&answer);
  grpc_call_unref(call);
}

static bool grpc_load(otlp__transport *base, uint8_t *body, size_t size) {
  grpc_transport *self = (grpc_transport *)base;
  self->body = grpc_slice_new(body, size, free);
  return true;
}

static void grpc_unload(otlp__transport *base) {
  grpc_transport *self = (grpc_transport *)base;
  grpc_slice_unref(self->body);
}

static void grpc_cancel(otlp__transport *base) {
  grpc_transport *self = (grpc_transport *)base;
  if (is_of_parent_process(self)) {
    return;
  }
  pthread_mutex_lock(&self->lock);
  self->cancelled = true;
  if (self->call != NULL) {
    grpc_call_cancel(self->call, NULL);
  }
  pthread_mutex_unlock(&self->lock);
}

static void grpc_destroy(otlp__transport *base) {
  grpc_transport *self = (grpc_transport *)base;
  if (is_of_parent_process(self)) {
    return;
  }
  for (size_t i = 0; i < self->metadata_count; i++) {
    grpc_slice_unref(self->metadata[i].key);
    grpc_slice_unref(self->metadata[i].value);
  }
  free(self->metadata);
  if (self->channel != NULL) {
    grpc_channel_destroy(self->channel);
  }
  grpc_completion_queue_shutdown(self->queue);
  grpc_completion_queue_destroy(self->queue);
  pthread_mutex_destroy(&self->lock);
  free(self);
  grpc_shutdown();
  atomic_fetch_sub(&open_transports, 1);
}

static const otlp__transport_vtable GRPC_TRANSPORT = {
    .name = "otlp/grpc",
    .load = grpc_load,
    .attempt = grpc_attempt,
    .unload = grpc_unload,
    .cancel = grpc_cancel,
    .destroy = grpc_destroy,
};

static bool set_metadata(grpc_transport *self, const otlp_exporter_options *options) {
  otlp__header_list headers;
  if (!otlp__header_list_init(&headers, options->headers, options->header_count, true)) {
    return false;
  }
  self->metadata = calloc(headers.count + 1, sizeof(*self->metadata));
  for (size_t i = 0; self->metadata != NULL && i < headers.count; i++) {
    const otlp_header *header = &headers.items[i];
    self->metadata[i].key = grpc_slice_from_copied_buffer(header->key.data, header->key.length);
    self->metadata[i].value =
        grpc_slice_from_copied_buffer(header->value.data, header->value.length);
    self->metadata_count++;
  }
  otlp__header_list_clean_up(&headers);
  return self->metadata != NULL;
}

/* NULL, with an error logged, when a file can't be read. */
static grpc_channel_credentials *tls_credentials(const otlp_exporter_options *options) {
  otlp__tls_files files;
  if (!otlp__tls_files_init(&files, options)) {
    return NULL;
  }
  grpc_ssl_pem_key_cert_pair pair = {files.client_key, files.client_certificate};
  grpc_channel_credentials *credentials = grpc_ssl_credentials_create_ex(
      files.certificate, files.client_key != NULL ? &pair : NULL, NULL, NULL);
  otlp__tls_files_clean_up(&files);
  return credentials;
}

static bool wants_tls(const otlp__grpc_endpoint *endpoint, const otlp_exporter_options *options) {
  if (endpoint->security != OTLP__SECURITY_UNSAID) {
    return endpoint->security == OTLP__SECURITY_TLS;
  }
  if (strncmp(endpoint->target, "unix", 4) == 0 && options->certificate_file == NULL) {
    return false; /* nobody listens in on a unix socket */
  }
  return !options->insecure;
}

static grpc_channel *create_channel(const char *target, grpc_channel_credentials *credentials,
                                    const otlp_exporter_options *options) {
  int compression =
      options->compression == OTLP_COMPRESSION_GZIP ? GRPC_COMPRESS_GZIP : GRPC_COMPRESS_NONE;
  int max_response =
      options->max_response_bytes < INT32_MAX ? (int)options->max_response_bytes : INT32_MAX;
  grpc_arg arguments[] = {
      {GRPC_ARG_STRING, (char *)GRPC_ARG_PRIMARY_USER_AGENT_STRING, {.string = (char *)USER_AGENT}},
      {GRPC_ARG_INTEGER, (char *)GRPC_ARG_ENABLE_RETRIES, {.integer = 0}},
      {GRPC_ARG_INTEGER, (char *)GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, {.integer = 1}},
      {GRPC_ARG_INTEGER, (char *)GRPC_ARG_MAX_SEND_MESSAGE_LENGTH, {.integer = -1}},
      {GRPC_ARG_INTEGER, (char *)GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, {.integer = max_response}},
      {GRPC_ARG_INTEGER,
       (char *)GRPC_COMPRESSION_CHANNEL_DEFAULT_ALGORITHM,
       {.integer = compression}},
      {GRPC_ARG_INTEGER,
       (char *)GRPC_ARG_MAX_RECONNECT_BACKOFF_MS,
       {.integer = (int)options->retry_max_ms}},
      {GRPC_ARG_INTEGER, (char *)GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, {.integer = 1}},
      {GRPC_ARG_INTEGER, (char *)GRPC_ARG_KEEPALIVE_TIME_MS, {.integer = KEEPALIVE_TIME_MS}},
  };
  grpc_channel_args list = {sizeof(arguments) / sizeof(arguments[0]), arguments};
  return grpc_channel_create(target, credentials, &list);
}

static bool open_channel(grpc_transport *self, const char *endpoint_text,
                         const otlp_exporter_options *options) {
  otlp__grpc_endpoint endpoint;
  const char *problem = otlp__grpc_endpoint_parse(otlp_string_from(endpoint_text), &endpoint);
  if (problem != NULL) {
    otlp_log(OTLP_LOG_ERROR, "endpoint '%s': %s", endpoint_text, problem);
    return false;
  }
  if (endpoint.path_ignored) {
    otlp_log(OTLP_LOG_WARN, "endpoint '%s': gRPC has no use for the path", endpoint_text);
  }
  grpc_channel_credentials *credentials =
      wants_tls(&endpoint, options) ? tls_credentials(options) : grpc_insecure_credentials_create();
  if (credentials == NULL) {
    return false;
  }
  self->channel = create_channel(endpoint.target, credentials, options);
  grpc_channel_credentials_release(credentials);
  return self->channel != NULL;
}

otlp_exporter *otlp_grpc_exporter_new(const otlp_exporter_options *options) {
  static const otlp_exporter_options DEFAULTS = OTLP_EXPORTER_OPTIONS_INIT;
  options = options != NULL ? options : &DEFAULTS;
  const char *endpoint = options->endpoint != NULL ? options->endpoint : DEFAULT_ENDPOINT;
  unsigned generation = otlp__process_generation();
  if (atomic_load(&open_transports) > 0 && atomic_load(&opened_in_generation) != generation) {
    otlp_log(OTLP_LOG_ERROR, "gRPC does not survive a fork: no OTLP/gRPC in a child whose parent "
                             "had it open; OTLP/HTTP works");
    return NULL;
  }
  grpc_transport *self = calloc(1, sizeof(*self));
  if (self == NULL) {
    return NULL;
  }
  atomic_store(&opened_in_generation, generation);
  atomic_fetch_add(&open_transports, 1);
  self->process_generation = generation;
  grpc_init();
  self->base.vtable = &GRPC_TRANSPORT;
  self->method = otlp__signal_facts_of(options->signal)->grpc_method;
  self->queue = grpc_completion_queue_create_for_pluck(NULL);
  pthread_mutex_init(&self->lock, NULL);
  if (!set_metadata(self, options) || !open_channel(self, endpoint, options)) {
    grpc_destroy(&self->base);
    return NULL;
  }
  return otlp__network_exporter_new(&self->base, options, endpoint);
}
