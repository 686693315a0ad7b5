/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One way to carry a request to a collector: OTLP/gRPC or OTLP/HTTP. A transport makes single
 * attempts and says how they ended; when to try again, and what is lost, is the network exporter's.
 *
 * Threads: one thread loads, attempts and unloads; `cancel` may come from any other at any time.
 */
#ifndef OTLP_EXPORT_TRANSPORT_H
#define OTLP_EXPORT_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OTLP__ATTEMPT_MESSAGE_SIZE = 200 };

typedef enum otlp__verdict {
  OTLP__ACCEPTED,  /* the exchange succeeded; `rejected_items` may still be some */
  OTLP__RETRYABLE, /* worth another attempt */
  OTLP__REFUSED,   /* the same request would fail again */
} otlp__verdict;

/* How an attempt ended. */
typedef struct otlp__attempt {
  otlp__verdict verdict;
  bool timed_out;          /* RETRYABLE: the time was up before the collector had an answer */
  int64_t retry_after_ns;  /* RETRYABLE: or OTLP__NO_RETRY_AFTER */
  uint64_t rejected_items; /* ACCEPTED: partial success */
  char message[OTLP__ATTEMPT_MESSAGE_SIZE]; /* for the log; empty when there is nothing to say */
} otlp__attempt;

typedef struct otlp__transport otlp__transport;

typedef struct otlp__transport_vtable {
  const char *name; /* "otlp/grpc" */
  /* Takes over `body`, from malloc, as what the next attempts send. False when memory is short. */
  bool (*load)(otlp__transport *self, uint8_t *body, size_t size);
  /* Sends what is loaded and waits for the answer, until `deadline` or `cancel`. */
  void (*attempt)(otlp__transport *self, int64_t deadline, otlp__attempt *out_attempt);
  /* Lets go of what is loaded. */
  void (*unload)(otlp__transport *self);
  /* Ends the attempt under way at once, and all later ones. */
  void (*cancel)(otlp__transport *self);
  void (*destroy)(otlp__transport *self);
} otlp__transport_vtable;

struct otlp__transport {
  const otlp__transport_vtable *vtable;
};

/* Formats a message for the log: cut to size, control characters replaced. */
void otlp__attempt_say(otlp__attempt *attempt, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
