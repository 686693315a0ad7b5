/* SPDX-License-Identifier: Apache-2.0 */
/* A HTTP/1.1 client that does what it is told: bytes out, answers in. Waits at most 20 s. */
#ifndef TESTS_GATEWAY_HTTP_CLIENT_H
#define TESTS_GATEWAY_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

enum { HTTP_CLIENT_BUFFER = 4 * 1024 * 1024 };

/* A connection, and what was received on it but not read yet. */
typedef struct http_client {
  int socket;
  char *buffer;
  size_t size;
  size_t at;
} http_client;

typedef struct http_reply {
  int status;       /* 0: the connection ended before a reply did */
  char *headers;    /* lines, NUL-terminated; in the client's buffer */
  const char *body; /* NUL-terminated, chunks put together */
  size_t body_size;
} http_reply;

void http_client_open(http_client *client, int port);
void http_client_close(http_client *client);

/* Sends bytes; false when the connection is closed. */
bool http_client_send(http_client *client, const void *data, size_t size);
bool http_client_send_text(http_client *client, const char *text);

/* Reads the next reply; the ones before are gone. `to_head`: it has no body. */
http_reply http_client_read(http_client *client);
http_reply http_client_read_head(http_client *client);

/* Reads until `text` has come; false when the connection ended before. */
bool http_client_wait_for(http_client *client, const char *text);

/* Waits until the server closes; false after `milliseconds`. */
bool http_client_is_closed_within(http_client *client, int milliseconds);

/* The value of a header, or NULL. Valid until the next call. */
const char *http_reply_header(const http_reply *reply, const char *name);

/* One request on a connection of its own, and its reply, which is valid until the next call. */
http_reply http_ask(int port, const char *method, const char *url, const char *headers,
                    const char *body);

#endif
