/* SPDX-License-Identifier: Apache-2.0 */
/* What curl sees of lens. What the pages say is api_test's; here is what HTTP adds. */
#include "http.h"
#include "sample.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct fixture {
  lens_store *store;
  lens_http *http;
  CURL *curl;
  lens_buffer headers;
  lens_buffer body;
} fixture;

static int set_up(void **state) {
  static const sample_span spans[] = {{.service = "a b", .name = "n", .trace = 0xab, .id = 1}};
  fixture *fix = lens_alloc(sizeof(*fix));
  char error[256] = "";
  fix->store = lens_store_new((size_t)1 << 20);
  lens_buffer request = sample_request(spans, COUNT_OF(spans));
  lens_store_ingest(fix->store, lens_buffer_bytes(&request));
  lens_buffer_clean_up(&request);
  lens_http_options options = {.host = "127.0.0.1", .store = fix->store};
  fix->http = lens_http_start(&options, error, sizeof(error));
  assert_string_equal(error, "");
  fix->curl = curl_easy_init();
  *state = fix;
  return 0;
}

static int tear_down(void **state) {
  fixture *fix = *state;
  curl_easy_cleanup(fix->curl);
  lens_http_stop(fix->http);
  lens_store_destroy(fix->store);
  lens_buffer_clean_up(&fix->headers);
  lens_buffer_clean_up(&fix->body);
  free(fix);
  return 0;
}

static size_t take(char *data, size_t size, size_t count, void *buffer) {
  lens_buffer_add(buffer, data, size * count);
  return size * count;
}

/* The status of the answer; its parts are in the fixture. */
static long get(fixture *fix, const char *path) {
  char url[256];
  long status = 0;
  snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", lens_http_port(fix->http), path);
  fix->headers.size = 0;
  fix->body.size = 0;
  curl_easy_setopt(fix->curl, CURLOPT_URL, url);
  curl_easy_setopt(fix->curl, CURLOPT_PROXY, "");
  curl_easy_setopt(fix->curl, CURLOPT_TIMEOUT, 20L);
  curl_easy_setopt(fix->curl, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(fix->curl, CURLOPT_WRITEDATA, &fix->body);
  curl_easy_setopt(fix->curl, CURLOPT_HEADERFUNCTION, take);
  curl_easy_setopt(fix->curl, CURLOPT_HEADERDATA, &fix->headers);
  assert_int_equal(curl_easy_perform(fix->curl), CURLE_OK);
  curl_easy_getinfo(fix->curl, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

/* Pages would not be found, or not say what they are. */
static void serves_pages_with_status_and_type(void **state) {
  fixture *fix = *state;
  assert_int_equal(get(fix, "/api/traces/ab"), 200);
  assert_bytes_contain(&fix->headers, "Content-Type: application/json\r\n");
  assert_bytes_contain(&fix->body, "resourceSpans");
  assert_int_equal(get(fix, "/ready"), 200);
  assert_bytes_contain(&fix->headers, "Content-Type: text/plain; charset=utf-8\r\n");
  assert_int_equal(get(fix, "/api/traces/cd"), 404);
}

/* The Accept header would not reach the page. */
static void accept_chooses_the_form(void **state) {
  fixture *fix = *state;
  struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/protobuf");
  curl_easy_setopt(fix->curl, CURLOPT_HTTPHEADER, headers);
  assert_int_equal(get(fix, "/api/traces/ab"), 200);
  assert_bytes_contain(&fix->headers, "Content-Type: application/protobuf\r\n");
  sample_free(sample_unpack(lens_buffer_bytes(&fix->body)));
  curl_slist_free_all(headers);
}

/* Parameters would be dropped, or not be decoded. */
static void query_parameters_are_decoded(void **state) {
  fixture *fix = *state;
  assert_int_equal(get(fix, "/api/traces?service=a%20b&limit=5"), 200);
  assert_bytes_contain(&fix->body, "\"rootServiceName\":\"a b\"");
  assert_int_equal(get(fix, "/api/traces?service=b"), 200);
  assert_bytes_equal(&fix->body, "{\"traces\":[]}");
  assert_int_equal(get(fix, "/api/traces?limit=x"), 400);
}

/* A POST, with whatever body, would be taken for a GET. */
static void other_methods_are_refused(void **state) {
  fixture *fix = *state;
  curl_easy_setopt(fix->curl, CURLOPT_POSTFIELDS, "some body");
  assert_int_equal(get(fix, "/ready"), 405);
  assert_bytes_contain(&fix->headers, "Allow: GET, HEAD\r\n");
}

/* HEAD, which monitors use, would be refused or have a body. */
static void head_has_no_body(void **state) {
  fixture *fix = *state;
  curl_easy_setopt(fix->curl, CURLOPT_NOBODY, 1L);
  assert_int_equal(get(fix, "/ready"), 200);
  assert_int_equal(fix->body.size, 0);
}

/* A client could fill memory with headers. */
static void huge_headers_are_refused(void **state) {
  fixture *fix = *state;
  char *header = lens_alloc(20000);
  memset(header, 'x', 19999);
  memcpy(header, "X: ", 3);
  struct curl_slist *headers = curl_slist_append(NULL, header);
  curl_easy_setopt(fix->curl, CURLOPT_HTTPHEADER, headers);
  assert_int_equal(get(fix, "/ready"), 431);
  curl_slist_free_all(headers);
  free(header);
}

/* A port that is taken, or an address that is none, would go unnoticed. */
static void what_cannot_be_listened_on_is_named(void **state) {
  fixture *fix = *state;
  char error[256] = "";
  lens_http_options taken = {.host = "127.0.0.1", .port = lens_http_port(fix->http)};
  assert_null(lens_http_start(&taken, error, sizeof(error)));
  assert_non_null(strstr(error, "127.0.0.1"));
  assert_non_null(strstr(error, "in use"));
  lens_http_options wrong = {.host = "256.1.1.1"};
  assert_null(lens_http_start(&wrong, error, sizeof(error)));
  assert_non_null(strstr(error, "256.1.1.1"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(serves_pages_with_status_and_type),
      TEST(accept_chooses_the_form),
      TEST(query_parameters_are_decoded),
      TEST(other_methods_are_refused),
      TEST(head_has_no_body),
      TEST(huge_headers_are_refused),
      TEST(what_cannot_be_listened_on_is_named),
  };
  curl_global_init(CURL_GLOBAL_DEFAULT);
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  curl_global_cleanup();
  return failed;
}
