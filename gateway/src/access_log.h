/* SPDX-License-Identifier: Apache-2.0 */
/* One line for each request. */
#ifndef GATEWAY_ACCESS_LOG_H
#define GATEWAY_ACCESS_LOG_H

#include "text.h"

#include <stdint.h>

/* What is known at the end of a request. Texts are what the client sent. */
typedef struct gateway_access_entry {
  gateway_text method;
  gateway_text url;
  const char *route; /* NULL when none matched */
  int http_status;   /* 499 when the client had gone */
  uint64_t bytes;    /* of the answer's body */
  uint64_t duration_us;
  const char *peer;
  const char *trace_id; /* hex; empty without a trace */
} gateway_access_entry;

typedef void gateway_access_log_fn(const gateway_access_entry *entry, void *data);

/* A gateway_access_log_fn that writes to the process's log (mesh/log.h): at level info, at error
 * when the answer is one of the server's failures, at debug when it is a health check that went
 * well. */
void gateway_access_log_write(const gateway_access_entry *entry, void *unused);

#endif
