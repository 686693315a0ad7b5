/* SPDX-License-Identifier: Apache-2.0 */
/* One HTTP request and its answer, through libcurl; and a look into JSON, through SQLite. Failing
 * to get any answer fails the test. */
#ifndef TESTS_E2E_HTTP_H
#define TESTS_E2E_HTTP_H

#include <stddef.h>

#define HTTP_MAX_HEADERS 8

typedef struct http_request {
  int port; /* on 127.0.0.1 */
  const char *path;
  const char *json;                      /* a body makes it a POST; NULL: GET */
  const char *headers[HTTP_MAX_HEADERS]; /* "Name: value", as many as there are */
} http_request;

typedef struct http_answer {
  int status; /* 0: the connection failed (only from http_try) */
  char *headers;
  char *body; /* with a NUL behind it */
  size_t body_size;
} http_answer;

/* The answer, for http_answer_clean_up. */
http_answer http_send(const http_request *request);

/* The same, but a connection that fails is status 0. */
http_answer http_try(const http_request *request);

/* GET and POST in short. */
http_answer http_get(int port, const char *path);
http_answer http_post(int port, const char *path, const char *json);

void http_answer_clean_up(http_answer *answer);

/* The value of a header, of any case; NULL without one. Valid until the next call. */
const char *http_header(const http_answer *answer, const char *name);

/* The value at a path such as "$.details[0].field", as text; "" when there is none. A body that is
 * no JSON fails the test. Valid until the fourth next call. */
const char *http_json(const http_answer *answer, const char *path);

#endif
