/* SPDX-License-Identifier: Apache-2.0 */
/* The headers a transport sends with every request: checked and owned. */
#ifndef OTLP_EXPORT_HEADER_LIST_H
#define OTLP_EXPORT_HEADER_LIST_H

#include <otlp/otlp_exporter.h>

typedef struct otlp__header_list {
  otlp_header *items; /* keys and values end with a NUL that is not counted */
  size_t count;
} otlp__header_list;

/* How a header breaks the rules of otlp_header; NULL when it does not. `binary` values, of keys
 * that end in -bin, are gRPC's. */
const char *otlp__header_problem(const otlp_header *header, bool binary_values);

/*
 * Copies the headers that follow the rules and warns about the rest, naming keys, never values.
 * False when memory is short; the list is empty then.
 */
bool otlp__header_list_init(otlp__header_list *self, const otlp_header *headers, size_t count,
                            bool binary_values);
void otlp__header_list_clean_up(otlp__header_list *self);

#endif
