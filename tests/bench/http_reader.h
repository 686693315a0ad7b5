/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Just enough of HTTP/1.1 to count answers on a connection of our own making: status and
 * Content-Length. A full client would take so much of the machine that it would be what we measure.
 */
#ifndef BENCH_HTTP_READER_H
#define BENCH_HTTP_READER_H

#include <stdbool.h>
#include <stddef.h>

/* The longest head of an answer. */
#define HTTP_READER_MAX_HEAD 4096

/* Where reading stands; zeroed at the start of a connection. */
typedef struct http_reader {
  char head[HTTP_READER_MAX_HEAD];
  size_t head_size;
  size_t body_left;
  bool in_body;
  int status; /* of the latest answer */
} http_reader;

typedef enum http_reading {
  HTTP_READING_MORE,   /* the answer is not whole yet */
  HTTP_READING_ANSWER, /* it is; all bytes are used up */
  HTTP_READING_BROKEN, /* it is none that we understand */
} http_reading;

/* Takes bytes that have come. There is one request under way at a time, so nothing follows the end
 * of an answer. */
http_reading http_reader_take(http_reader *reader, const char *data, size_t size);

#endif
