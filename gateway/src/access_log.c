/* SPDX-License-Identifier: Apache-2.0 */
#include "access_log.h"

#include <inttypes.h>
#include <stdio.h>

enum { TEXT_SIZE_MAX = 256 };

/* Printable ASCII without quotes, spaces and backslashes is written as it is, the rest as \xNN. */
static void escape(gateway_text text, char out[4 * TEXT_SIZE_MAX + 1]) {
  size_t size = 0;
  size_t limit = text.size < TEXT_SIZE_MAX ? text.size : TEXT_SIZE_MAX;
  for (size_t i = 0; i < limit; i++) {
    unsigned char c = (unsigned char)text.data[i];
    if (c > 0x20 && c < 0x7F && c != '"' && c != '\\') {
      out[size++] = (char)c;
    } else {
      size += (size_t)snprintf(out + size, 5, "\\x%02x", c);
    }
  }
  out[size] = '\0';
}

size_t gateway_access_log_format(const gateway_access_entry *entry, char *out_line, size_t size) {
  char method[4 * TEXT_SIZE_MAX + 1];
  char url[4 * TEXT_SIZE_MAX + 1];
  escape(entry->method, method);
  escape(entry->url, url);
  int written = snprintf(out_line, size,
                         "method=%s url=\"%s\" route=\"%s\" status=%d bytes=%" PRIu64
                         " duration_ms=%" PRIu64 ".%03" PRIu64 " peer=%s trace_id=%s",
                         method, url, entry->route == NULL ? "" : entry->route, entry->http_status,
                         entry->bytes, entry->duration_us / 1000, entry->duration_us % 1000,
                         entry->peer, entry->trace_id);
  size_t length = written < 0 ? 0 : (size_t)written;
  return length < size ? length : size - 1;
}
