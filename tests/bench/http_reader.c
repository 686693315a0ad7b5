/* SPDX-License-Identifier: Apache-2.0 */
#include "http_reader.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char end_of_head[] = "\r\n\r\n";

/* The value of a header in the head, which ends with a NUL; NULL without one. */
static const char *find_header(const char *head, const char *name) {
  size_t size = strlen(name);
  for (const char *line = strstr(head, "\r\n"); line != NULL; line = strstr(line, "\r\n")) {
    line += 2;
    if (strncasecmp(line, name, size) == 0 && line[size] == ':') {
      return line + size + 1;
    }
  }
  return NULL;
}

/* "HTTP/1.1 201 Created" and a length: bodies in chunks are not for us. */
static bool parse_head(http_reader *reader) {
  static const char version[] = "HTTP/1.1 ";
  if (strncmp(reader->head, version, strlen(version)) != 0) {
    return false;
  }
  reader->status = atoi(reader->head + strlen(version));
  const char *length = find_header(reader->head, "content-length");
  if (length == NULL) {
    return reader->status == 204;
  }
  reader->body_left = (size_t)strtoul(length, NULL, 10);
  return true;
}

static http_reading take_body(http_reader *reader, size_t size) {
  if (size > reader->body_left) {
    return HTTP_READING_BROKEN;
  }
  reader->body_left -= size;
  if (reader->body_left > 0) {
    return HTTP_READING_MORE;
  }
  reader->in_body = false;
  reader->head_size = 0;
  return HTTP_READING_ANSWER;
}

http_reading http_reader_take(http_reader *reader, const char *data, size_t size) {
  if (reader->in_body) {
    return take_body(reader, size);
  }
  size_t room = sizeof(reader->head) - 1 - reader->head_size;
  size_t taken = size < room ? size : room;
  memcpy(reader->head + reader->head_size, data, taken);
  size_t before = reader->head_size;
  reader->head_size += taken;
  reader->head[reader->head_size] = '\0';
  const char *end = strstr(reader->head, end_of_head);
  if (end == NULL) {
    return taken < size ? HTTP_READING_BROKEN : HTTP_READING_MORE;
  }
  size_t head_size = (size_t)(end - reader->head) + strlen(end_of_head);
  reader->head[head_size - 2] = '\0';
  reader->body_left = 0;
  if (!parse_head(reader)) {
    return HTTP_READING_BROKEN;
  }
  reader->in_body = true;
  return take_body(reader, size - (head_size - before));
}
