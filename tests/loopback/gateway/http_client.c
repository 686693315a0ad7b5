/* SPDX-License-Identifier: Apache-2.0 */
#include "http_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATIENCE_MS = 20000 };

void http_client_open(http_client *client, int port) {
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr = {htonl(INADDR_LOOPBACK)}};
  client->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  client->buffer = malloc(HTTP_CLIENT_BUFFER + 1);
  client->size = 0;
  client->at = 0;
  assert_non_null(client->buffer);
  assert_int_equal(connect(client->socket, (struct sockaddr *)&address, sizeof address), 0);
}

void http_client_close(http_client *client) {
  close(client->socket);
  free(client->buffer);
  client->socket = -1;
  client->buffer = NULL;
}

bool http_client_send(http_client *client, const void *data, size_t size) {
  const char *bytes = data;
  while (size > 0) {
    ssize_t sent = send(client->socket, bytes, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) {
      continue;
    }
    if (sent <= 0) {
      return false;
    }
    bytes += sent;
    size -= (size_t)sent;
  }
  return true;
}

bool http_client_send_text(http_client *client, const char *text) {
  return http_client_send(client, text, strlen(text));
}

/* More bytes; false at the end. Without any for too long the test fails. */
static bool receive(http_client *client) {
  struct pollfd ready = {client->socket, POLLIN, 0};
  if (poll(&ready, 1, PATIENCE_MS) != 1) {
    fail_msg("nothing came within %d ms", PATIENCE_MS);
  }
  assert_true(client->size < HTTP_CLIENT_BUFFER);
  ssize_t got =
      recv(client->socket, client->buffer + client->size, HTTP_CLIENT_BUFFER - client->size, 0);
  if (got <= 0) {
    return false;
  }
  client->size += (size_t)got;
  client->buffer[client->size] = '\0';
  return true;
}

/* Forgets what was read. */
static void forget(http_client *client) {
  memmove(client->buffer, client->buffer + client->at, client->size - client->at);
  client->size -= client->at;
  client->at = 0;
  client->buffer[client->size] = '\0';
}

/* Where `text` is behind `from`, received if need be; NULL at the end of the connection. */
static char *find(http_client *client, size_t from, const char *text) {
  char *found = NULL;
  while ((found = client->size <= from ? NULL : strstr(client->buffer + from, text)) == NULL) {
    if (!receive(client)) {
      return NULL;
    }
  }
  return found;
}

static bool have(http_client *client, size_t size) {
  while (client->size < size) {
    if (!receive(client)) {
      return false;
    }
  }
  return true;
}

const char *http_reply_header(const http_reply *reply, const char *name) {
  static char value[8192];
  size_t size = strlen(name);
  for (const char *line = reply->headers; line != NULL; line = strchr(line, '\n')) {
    line += line == reply->headers ? 0 : 1;
    if (strncasecmp(line, name, size) == 0 && line[size] == ':') {
      const char *begin = line + size + 1 + strspn(line + size + 1, " ");
      snprintf(value, sizeof value, "%.*s", (int)strcspn(begin, "\r\n"), begin);
      return value;
    }
  }
  return NULL;
}

/* Puts the chunks at `begin` together, in place. */
static bool read_chunks(http_client *client, size_t begin, http_reply *reply) {
  size_t from = begin;
  size_t to = begin;
  for (;;) {
    if (find(client, from, "\r\n") == NULL) {
      return false;
    }
    size_t size = strtoul(client->buffer + from, NULL, 16);
    from = (size_t)(strstr(client->buffer + from, "\r\n") - client->buffer) + 2;
    if (!have(client, from + size + 2)) {
      return false;
    }
    memmove(client->buffer + to, client->buffer + from, size);
    to += size;
    from += size + 2;
    if (size == 0) {
      break;
    }
  }
  client->at = from;
  reply->body = client->buffer + begin;
  reply->body_size = to - begin;
  client->buffer[to] = '\0';
  return true;
}

/* The body's length is told; the NUL behind it takes the place of a byte that is kept aside. */
static bool read_counted(http_client *client, size_t begin, size_t size, http_reply *reply) {
  static char body[HTTP_CLIENT_BUFFER];
  if (!have(client, begin + size)) {
    return false;
  }
  memcpy(body, client->buffer + begin, size);
  body[size] = '\0';
  client->at = begin + size;
  reply->body = body;
  reply->body_size = size;
  return true;
}

static http_reply read_reply(http_client *client, bool has_body) {
  http_reply reply = {0, NULL, "", 0};
  forget(client);
  char *end = find(client, 0, "\r\n\r\n");
  if (end == NULL) {
    return reply;
  }
  size_t begin = (size_t)(end - client->buffer) + 4;
  static char headers[65536];
  snprintf(headers, sizeof headers, "%.*s", (int)(begin - 2), client->buffer);
  reply.headers = headers;
  reply.status = atoi(headers + strlen("HTTP/1.1 "));
  client->at = begin;
  if (reply.status == 100) {
    return read_reply(client, has_body);
  }
  const char *length = http_reply_header(&reply, "Content-Length");
  size_t size = length == NULL ? 0 : strtoul(length, NULL, 10);
  bool is_chunked = http_reply_header(&reply, "Transfer-Encoding") != NULL;
  bool is_whole = !has_body || (is_chunked ? read_chunks(client, begin, &reply)
                                           : read_counted(client, begin, size, &reply));
  if (!is_whole) {
    reply.status = 0;
  }
  return reply;
}

http_reply http_client_read(http_client *client) {
  return read_reply(client, true);
}

http_reply http_client_read_head(http_client *client) {
  return read_reply(client, false);
}

bool http_client_wait_for(http_client *client, const char *text) {
  return find(client, client->at, text) != NULL;
}

bool http_client_is_closed_within(http_client *client, int milliseconds) {
  struct pollfd ready = {client->socket, POLLIN, 0};
  char byte;
  while (poll(&ready, 1, milliseconds) == 1) {
    if (recv(client->socket, &byte, 1, 0) <= 0) {
      return true;
    }
  }
  return false;
}

http_reply http_ask(int port, const char *method, const char *url, const char *headers,
                    const char *body) {
  http_client client;
  char *text = NULL;
  int size = asprintf(&text,
                      "%s %s HTTP/1.1\r\nHost: shop.test:8000\r\nConnection: close\r\n%s"
                      "Content-Length: %zu\r\n\r\n%s",
                      method, url, headers, strlen(body), body);
  assert_true(size > 0);
  http_client_open(&client, port);
  (void)http_client_send(&client, text, (size_t)size);
  http_reply reply =
      strcmp(method, "HEAD") == 0 ? http_client_read_head(&client) : http_client_read(&client);
  static char kept[HTTP_CLIENT_BUFFER];
  memcpy(kept, reply.body, reply.body_size + 1);
  reply.body = kept;
  http_client_close(&client);
  free(text);
  return reply;
}
