/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTTP side of lens: api.h behind libmicrohttpd, on one thread of its own.
 *
 * Connections, their time and their headers are bounded; bodies are not read. Only GET and HEAD.
 */
#ifndef LENS_HTTP_H
#define LENS_HTTP_H

#include "store.h"

typedef struct lens_http lens_http;

typedef struct lens_http_options {
  const char *host; /* required: a numeric address, or "localhost" */
  int port;         /* 0 takes a free one */
  lens_store *store;
} lens_http_options;

/* Listens and answers from now on. NULL when it cannot, with a message in `error`. */
lens_http *lens_http_start(const lens_http_options *options, char *error, size_t error_size);

/* The port it listens on. */
int lens_http_port(const lens_http *http);

/* Answers what is under way and stops. NULL does nothing. */
void lens_http_stop(lens_http *http);

#endif
