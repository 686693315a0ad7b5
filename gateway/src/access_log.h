/* SPDX-License-Identifier: Apache-2.0 */
/* One line for each request. */
#ifndef GATEWAY_ACCESS_LOG_H
#define GATEWAY_ACCESS_LOG_H

#include "text.h"

#include <otlp/context.h>
#include <stdint.h>

/* What is known at the end of a request. Texts are what the client sent. */
typedef struct gateway_access_entry {
  gateway_text method;
  gateway_text url;  /* as it came, with its query */
  gateway_text path; /* of the URL */
  const char *route; /* NULL when none matched */
  int http_status;   /* 499 when the client had gone */
  uint64_t bytes;    /* of the answer's body */
  uint64_t duration_us;
  const char *peer;
  otlp_span_context span; /* all zero without a trace */
} gateway_access_entry;

typedef void gateway_access_log_fn(const gateway_access_entry *entry, void *data);

/* What became of the requests so far. All zero: none have come. */
typedef struct gateway_access_counts {
  uint64_t requests;
  uint64_t by_class[6]; /* answered 2xx at [2], ...; [0] has what is none of these */
} gateway_access_counts;

/* A gateway_access_log_fn that writes to the process's log (mesh/log.h): at level info, at error
 * when the answer is one of the server's failures, at debug when it is a health check that went
 * well. Queries are left out: people put keys and addresses there. Counts in
 * `counts`, a gateway_access_counts that is the HTTP thread's while it runs. */
void gateway_access_log_write(const gateway_access_entry *entry, void *counts);

/* Writes a line with the counts, for the end. */
void gateway_access_log_balance(const gateway_access_counts *counts);

#endif
