/* SPDX-License-Identifier: Apache-2.0 */
#include "http.h"

#include "cmocka_headers.h"

#include <curl/curl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TIMEOUT_MS 20000L

/* What has come so far. */
typedef struct text {
  char *data;
  size_t size;
} text;

static size_t take(char *data, size_t size, size_t count, void *user_data) {
  text *into = user_data;
  into->data = realloc(into->data, into->size + size * count + 1);
  assert_non_null(into->data);
  memcpy(into->data + into->size, data, size * count);
  into->size += size * count;
  into->data[into->size] = '\0';
  return size * count;
}

static struct curl_slist *make_headers(const http_request *request) {
  struct curl_slist *list = NULL;
  for (size_t i = 0; i < HTTP_MAX_HEADERS && request->headers[i] != NULL; i++) {
    list = curl_slist_append(list, request->headers[i]);
  }
  return request->json != NULL ? curl_slist_append(list, "Content-Type: application/json") : list;
}

http_answer http_try(const http_request *request) {
  char url[1024];
  text headers = {0};
  text body = {0};
  long status = 0;
  snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", request->port, request->path);
  CURL *curl = curl_easy_init();
  struct curl_slist *list = make_headers(request);
  curl_easy_setopt(curl, CURLOPT_URL, url);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, TIMEOUT_MS);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &headers);
  if (request->json != NULL) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->json);
  }
  if (curl_easy_perform(curl) == CURLE_OK) {
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  }
  curl_slist_free_all(list);
  curl_easy_cleanup(curl);
  return (http_answer){(int)status, headers.data, body.data, body.size};
}

http_answer http_send(const http_request *request) {
  http_answer answer = http_try(request);
  if (answer.status == 0) {
    fail_msg("no answer to %s on port %d", request->path, request->port);
  }
  return answer;
}

http_answer http_get(int port, const char *path) {
  return http_send(&(http_request){.port = port, .path = path});
}

http_answer http_post(int port, const char *path, const char *json) {
  return http_send(&(http_request){.port = port, .path = path, .json = json});
}

void http_answer_clean_up(http_answer *answer) {
  free(answer->headers);
  free(answer->body);
  *answer = (http_answer){0};
}

const char *http_header(const http_answer *answer, const char *name) {
  static char value[1024];
  size_t size = strlen(name);
  const char *line = answer->headers;
  while (line != NULL && *line != '\0') {
    if (strncasecmp(line, name, size) == 0 && line[size] == ':') {
      const char *start = line + size + 1 + strspn(line + size + 1, " ");
      snprintf(value, sizeof(value), "%.*s", (int)strcspn(start, "\r\n"), start);
      return value;
    }
    line = strchr(line, '\n');
    line = line != NULL ? line + 1 : NULL;
  }
  return NULL;
}

const char *http_json(const http_answer *answer, const char *path) {
  static char values[4][1024];
  static unsigned next;
  char *value = values[next++ % 4];
  sqlite3 *database = NULL;
  sqlite3_stmt *query = NULL;
  assert_int_equal(sqlite3_open(":memory:", &database), SQLITE_OK);
  assert_int_equal(sqlite3_prepare_v2(database, "SELECT json_extract(?1, ?2)", -1, &query, NULL),
                   SQLITE_OK);
  sqlite3_bind_text(query, 1, answer->body != NULL ? answer->body : "", -1, SQLITE_STATIC);
  sqlite3_bind_text(query, 2, path, -1, SQLITE_STATIC);
  if (sqlite3_step(query) != SQLITE_ROW) {
    fail_msg("%s of: %s", sqlite3_errmsg(database), answer->body);
  }
  const unsigned char *found = sqlite3_column_text(query, 0);
  snprintf(value, sizeof(values[0]), "%s", found != NULL ? (const char *)found : "");
  sqlite3_finalize(query);
  sqlite3_close(database);
  return value;
}
