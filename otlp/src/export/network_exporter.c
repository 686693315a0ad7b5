/* SPDX-License-Identifier: Apache-2.0 */
#include "export/network_exporter.h"

#include "export/backoff.h"
#include "export/deadline.h"
#include "export/episode.h"
#include "export/gate.h"
#include "export/request.h"
#include "signal_facts.h"
#include "thread.h"

#include <assert.h>
#include <otlp/log.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Trouble is over when a request succeeds this long after the last sign of it. */
static const int64_t SETTLE_NS = OTLP__NS_PER_S;

typedef struct network_exporter {
  otlp_exporter base;
  otlp_exporter_vtable vtable;
  otlp__transport *transport;
  char *endpoint;
  otlp_signal signal;
  size_t max_request_bytes;
  int64_t timeout_ms;

  otlp__gate gate; /* closed by shutdown, from any thread */

  /* Owned by the thread that exports. */
  otlp__backoff backoff;
  int64_t not_before;      /* no attempt earlier: the collector, or the backoff, asks for it */
  otlp__episode delivery;  /* requests fail */
  otlp__episode rejection; /* requests succeed, but not for all of their items */
  otlp__episode oversize;  /* items are too large to be sent at all */
} network_exporter;

/* How the delivery of one request ended. */
typedef struct delivery {
  otlp_result result;
  otlp_drop_reason reason; /* unless OTLP_OK */
  uint64_t rejected_items; /* of OTLP_OK: partial success */
} delivery;

void otlp__attempt_say(otlp__attempt *attempt, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(attempt->message, sizeof(attempt->message), format, arguments);
  va_end(arguments);
  for (char *c = attempt->message; *c != '\0'; c++) {
    if ((unsigned char)*c < ' ' || *c == 0x7F) {
      *c = ' ';
    }
  }
}

static const char *name_of(const network_exporter *self) {
  return self->transport->vtable->name;
}

static const char *items_of(const network_exporter *self) {
  return otlp__signal_facts_of(self->signal)->items;
}

static void note_trouble(network_exporter *self, const otlp__attempt *attempt) {
  if (otlp__episode_trouble(&self->delivery, otlp__monotonic_now(), 0)) {
    otlp_log(OTLP_LOG_WARN, "%s: %s does not take %s: %s", name_of(self), self->endpoint,
             items_of(self), attempt->message);
  }
}

static void note_success(network_exporter *self, const otlp__attempt *attempt) {
  int64_t now = otlp__monotonic_now();
  uint64_t lost;
  if (otlp__episode_calm(&self->delivery, now, &lost)) {
    otlp_log(OTLP_LOG_WARN, "%s: %s takes %s again; %llu were lost", name_of(self), self->endpoint,
             items_of(self), (unsigned long long)lost);
  }
  bool partial = attempt->rejected_items > 0 || attempt->message[0] != '\0';
  if (partial && otlp__episode_trouble(&self->rejection, now, attempt->rejected_items)) {
    otlp_log(OTLP_LOG_WARN, "%s: %s rejected %llu %s of a request: %s", name_of(self),
             self->endpoint, (unsigned long long)attempt->rejected_items, items_of(self),
             attempt->message);
  }
  if (!partial && otlp__episode_calm(&self->rejection, now, &lost)) {
    otlp_log(OTLP_LOG_WARN, "%s: %s takes all %s again; it rejected %llu", name_of(self),
             self->endpoint, items_of(self), (unsigned long long)lost);
  }
}

static void note_too_large(network_exporter *self, size_t count) {
  int64_t now = otlp__monotonic_now();
  uint64_t lost;
  if (count > 0 && otlp__episode_trouble(&self->oversize, now, count)) {
    otlp_log(OTLP_LOG_WARN, "%s: dropping %s that do not fit into a request of %zu bytes",
             name_of(self), items_of(self), self->max_request_bytes);
  }
  if (count == 0 && otlp__episode_calm(&self->oversize, now, &lost)) {
    otlp_log(OTLP_LOG_WARN, "%s: all %s fit into a request again; %llu were dropped", name_of(self),
             items_of(self), (unsigned long long)lost);
  }
}

static const delivery OUT_OF_TIME = {OTLP_TIMED_OUT, OTLP_DROP_EXPORT_TIMED_OUT, 0};

/* The deadline came. If the collector has answered, it is its refusals that count. */
static delivery give_up(bool answered) {
  return answered ? (delivery){OTLP_FAILED, OTLP_DROP_EXPORT_FAILED, 0} : OUT_OF_TIME;
}

/* Sends what is loaded, as often as it takes and `deadline` allows. */
static delivery deliver(network_exporter *self, int64_t deadline) {
  bool answered = false;
  while (otlp__gate_wait_until(&self->gate, otlp__earlier(self->not_before, deadline))) {
    if (otlp__monotonic_now() >= deadline) {
      return give_up(answered);
    }
    otlp__attempt attempt = {.retry_after_ns = OTLP__NO_RETRY_AFTER};
    self->transport->vtable->attempt(self->transport, deadline, &attempt);
    if (attempt.verdict == OTLP__ACCEPTED) {
      otlp__backoff_reset(&self->backoff);
      note_success(self, &attempt);
      return (delivery){.result = OTLP_OK, .rejected_items = attempt.rejected_items};
    }
    if (otlp__gate_is_closed(&self->gate)) {
      break; /* it did not fail, we ended it */
    }
    note_trouble(self, &attempt);
    if (attempt.verdict == OTLP__REFUSED) {
      otlp__backoff_reset(&self->backoff);
      return (delivery){OTLP_FAILED, OTLP_DROP_EXPORT_REJECTED, 0};
    }
    answered = answered || !attempt.timed_out;
    int64_t wait =
        otlp__backoff_next(&self->backoff, attempt.retry_after_ns, (uint32_t)otlp__random());
    self->not_before = otlp__time_after(otlp__monotonic_now(), wait);
  }
  return OUT_OF_TIME;
}

/* Encodes and delivers one request. */
static delivery send_request(network_exporter *self, const otlp_batch *batch,
                             const otlp__request *request, int64_t deadline) {
  if (otlp__gate_is_closed(&self->gate) || otlp__monotonic_now() >= deadline) {
    return OUT_OF_TIME;
  }
  uint8_t *body = malloc(request->size);
  if (body == NULL) {
    return (delivery){OTLP_FAILED, OTLP_DROP_NO_MEMORY, 0};
  }
  otlp__request_write(batch, request, body);
  if (!self->transport->vtable->load(self->transport, body, request->size)) {
    return (delivery){OTLP_FAILED, OTLP_DROP_NO_MEMORY, 0};
  }
  delivery result = deliver(self, deadline);
  self->transport->vtable->unload(self->transport);
  return result;
}

static void account(network_exporter *self, const delivery *delivered, size_t item_count,
                    otlp_export_report *report) {
  if (delivered->result != OTLP_OK) {
    report->dropped[delivered->reason] += item_count;
    if (self->delivery.open) {
      otlp__episode_trouble(&self->delivery, self->delivery.last_trouble, item_count);
    }
    return;
  }
  size_t rejected = item_count;
  if (delivered->rejected_items < item_count) {
    rejected = (size_t)delivered->rejected_items;
  }
  report->dropped[OTLP_DROP_EXPORT_REJECTED] += rejected;
  report->exported += item_count - rejected;
}

static otlp_result network_export_batch(otlp_exporter *base, const otlp_batch *batch,
                                        int64_t timeout_ms, otlp_export_report *out_report) {
  network_exporter *self = (network_exporter *)base;
  int64_t deadline = otlp__deadline_after_ms(otlp__monotonic_now(), timeout_ms);
  assert(batch->signal == self->signal);
  otlp__batch_position position = {0};
  otlp__request request;
  otlp_result result = OTLP_OK;
  size_t too_large = 0;
  size_t limit = self->max_request_bytes;
  while (otlp__request_next(batch, limit, &position, &request, &too_large)) {
    int64_t own_deadline = otlp__deadline_after_ms(otlp__monotonic_now(), self->timeout_ms);
    delivery delivered = send_request(self, batch, &request, otlp__earlier(own_deadline, deadline));
    account(self, &delivered, request.item_count, out_report);
    result = otlp_result_worse(result, delivered.result);
  }
  out_report->dropped[OTLP_DROP_TOO_LARGE] += too_large;
  note_too_large(self, too_large);
  return too_large > 0 ? OTLP_FAILED : result;
}

/* The processor has waited for as long as it wanted to before it called: there is no reason to let
 * an export that is still under way run on. */
static otlp_result network_shutdown(otlp_exporter *base, int64_t timeout_ms) {
  (void)timeout_ms;
  network_exporter *self = (network_exporter *)base;
  otlp__gate_close(&self->gate);
  self->transport->vtable->cancel(self->transport);
  return OTLP_OK;
}

static void network_destroy(otlp_exporter *base) {
  network_exporter *self = (network_exporter *)base;
  self->transport->vtable->destroy(self->transport);
  otlp__gate_clean_up(&self->gate);
  free(self->endpoint);
  free(self);
}

otlp_exporter *otlp__network_exporter_new(otlp__transport *transport,
                                          const otlp_exporter_options *options,
                                          const char *endpoint) {
  network_exporter *self = calloc(1, sizeof(*self));
  char *endpoint_copy = strdup(endpoint);
  if (self == NULL || endpoint_copy == NULL) {
    free(endpoint_copy);
    free(self);
    transport->vtable->destroy(transport);
    return NULL;
  }
  self->vtable = (otlp_exporter_vtable){
      .name = transport->vtable->name,
      .export_batch = network_export_batch, /* returns when all has left: no force_flush */
      .shutdown = network_shutdown,
      .destroy = network_destroy,
  };
  self->base.vtable = &self->vtable;
  self->transport = transport;
  self->endpoint = endpoint_copy;
  self->max_request_bytes = options->max_request_bytes < OTLP_MAX_REQUEST_BYTES
                                ? options->max_request_bytes
                                : OTLP_MAX_REQUEST_BYTES;
  self->timeout_ms = options->timeout_ms;
  self->signal = options->signal;
  self->backoff = otlp__backoff_of(options->retry_initial_ms * OTLP__NS_PER_MS,
                                   options->retry_max_ms * OTLP__NS_PER_MS);
  self->delivery.settle_ns = self->rejection.settle_ns = self->oversize.settle_ns = SETTLE_NS;
  otlp__gate_init(&self->gate);
  return &self->base;
}
