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

/* The entry as one line of logfmt, "method=GET url=/orders status=200 ...", without a line end. Cut
 * to `size`, NUL-terminated; what clients could forge lines with is escaped. */
size_t gateway_access_log_format(const gateway_access_entry *entry, char *out_line, size_t size);

#endif
