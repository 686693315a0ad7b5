/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The exporters that need no network: console, memory, none.
 *
 * Ownership: each constructor gives an exporter to hand to a processor, or NULL when memory is
 * short. Threads: as in exporter.h; what is added here is safe from any thread.
 */
#ifndef OTLP_EXPORTERS_H
#define OTLP_EXPORTERS_H

#include <otlp/exporter.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How the console exporter writes. */
typedef enum otlp_console_format {
  OTLP_CONSOLE_LINES,     /* a line per item, for people */
  OTLP_CONSOLE_OTLP_JSON, /* a line per batch: a TracesData or LogsData message in OTLP's JSON
                           * ("otlp/stdout")
                           */
} otlp_console_format;

/** Writes items to `stream`, which must outlive the exporter and is not closed. */
otlp_exporter *otlp_console_exporter_new(FILE *stream, otlp_console_format format);

/** Counts items and forgets them. For benchmarks. */
otlp_exporter *otlp_null_exporter_new(void);

/** Keeps every item in memory, for tests. */
otlp_exporter *otlp_memory_exporter_new(void);

/** One kept item. */
typedef struct otlp_memory_item {
  otlp_bytes message;  /* the encoded Span */
  otlp_bytes scope;    /* the encoded fields of its ScopeSpans */
  otlp_bytes resource; /* the encoded fields of its ResourceSpans */
} otlp_memory_item;

/** How many items `memory` (from otlp_memory_exporter_new) holds. */
size_t otlp_memory_exporter_count(otlp_exporter *memory);

/** The `index`-th item in order of export; all empty beyond the end. Valid until the next reset, or
 * the exporter's end. */
otlp_memory_item otlp_memory_exporter_get(otlp_exporter *memory, size_t index);

/** Forgets the items. */
void otlp_memory_exporter_reset(otlp_exporter *memory);

#ifdef __cplusplus
}
#endif

#endif
