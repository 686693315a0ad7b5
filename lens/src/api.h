/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lens's HTTP API, without the HTTP: a request goes in, a response comes out.
 *
 *   GET /api/traces/{id}          the trace as OTLP/JSON; by the Accept header also as protobuf
 *                                 (application/protobuf: TracesData) or as the text below
 *                                 (text/plain)
 *   GET /api/traces/{id}/tree     the trace as text for a terminal
 *   GET /api/traces/{id}/logs     the log records of the trace as OTLP/JSON, or protobuf (LogsData)
 *   GET /api/traces               the latest traces; limit=1..1000 (20), service=name
 *   GET /api/status               counters and memory
 *   GET /ready                    that it is up
 *
 * Threads: any; the store has its lock.
 */
#ifndef LENS_API_H
#define LENS_API_H

#include "store.h"

typedef struct lens_api_request {
  const char *path;   /* required, without query, percent-decoded */
  const char *accept; /* the Accept header, or NULL */
  const char *limit;  /* query parameters, decoded, or NULL */
  const char *service;
} lens_api_request;

typedef struct lens_api_response {
  int status;               /* HTTP */
  const char *content_type; /* static */
  lens_buffer body;         /* the caller's, to clean up */
} lens_api_response;

void lens_api_answer(lens_store *store, const lens_api_request *request,
                     lens_api_response *out_response);

#endif
