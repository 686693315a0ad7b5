/* SPDX-License-Identifier: Apache-2.0 */
/* Sample spans, written down in a line each and packed by protobuf-c. */
#ifndef LENS_TEST_SAMPLE_H
#define LENS_TEST_SAMPLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <opentelemetry/proto/trace/v1/trace.pb-c.h>

#include "bytes.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

typedef struct sample_span {
  const char *service; /* NULL: a resource without attributes */
  const char *name;
  uint64_t trace; /* the last bytes of the id; 0 is the invalid id */
  uint64_t id;
  uint64_t parent; /* 0: none */
  uint64_t start;
  uint64_t end;
  uint32_t kind;
  uint32_t status_code;
  const char *status_message; /* NULL and code 0: no status at all */
  const char *key;            /* one attribute, or NULL */
  const char *text;           /* its value; NULL: `number` */
  int64_t number;
} sample_span;

/* An ExportTraceServiceRequest; consecutive spans of one service share their resource. */
lens_buffer sample_request(const sample_span *spans, size_t count);

/* The 16 bytes of a trace id as in sample_span.trace; overwritten by the next call. */
const uint8_t *sample_trace_id(uint64_t trace);

/* Unpacks what lens gives back; freed with sample_free. Fails the test when it cannot. */
Opentelemetry__Proto__Trace__V1__TracesData *sample_unpack(lens_bytes traces);
void sample_free(Opentelemetry__Proto__Trace__V1__TracesData *traces);

/* Fails the test unless `actual` is the text, whole or as a part. */
void assert_bytes_equal(const lens_buffer *actual, const char *expected);
void assert_bytes_contain(const lens_buffer *actual, const char *expected);

#endif
