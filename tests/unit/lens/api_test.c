/* SPDX-License-Identifier: Apache-2.0 */
#include "api.h"
#include "sample.h"

#include <string.h>

#define ID "000000000000000000000000000000ab"

static int set_up(void **state) {
  static const sample_span spans[] = {
      {.service = "shop", .name = "GET /", .trace = 0xab, .id = 1, .start = 1000, .end = 3000},
      {.service = "shop", .name = "other", .trace = 2, .id = 1, .parent = 5, .status_code = 2}};
  lens_store *store = lens_store_new((size_t)1 << 20);
  lens_buffer request = sample_request(spans, COUNT_OF(spans));
  lens_store_ingest(store, lens_buffer_bytes(&request));
  lens_buffer_clean_up(&request);
  *state = store;
  return 0;
}

static int tear_down(void **state) {
  lens_store_destroy(*state);
  return 0;
}

/* Asks and expects status, content type, and a part of the body. */
static void assert_answer(lens_store *store, lens_api_request request, int status,
                          const char *content_type, const char *part) {
  lens_api_response response;
  lens_api_answer(store, &request, &response);
  assert_int_equal(response.status, status);
  assert_string_equal(response.content_type, content_type);
  assert_bytes_contain(&response.body, part);
  lens_buffer_clean_up(&response.body);
}

/* A trace could not be had in the form its reader wants. */
static void a_trace_comes_in_the_form_asked_for(void **state) {
  static const char path[] = "/api/traces/" ID;
  assert_answer(*state, (lens_api_request){.path = path}, 200, "application/json",
                "{\"resourceSpans\":[{\"resource\":{\"attributes\":");
  assert_answer(*state, (lens_api_request){.path = path, .accept = "*/*"}, 200, "application/json",
                "\"traceId\":\"" ID "\"");
  assert_answer(*state, (lens_api_request){.path = path, .accept = "application/protobuf"}, 200,
                "application/protobuf", "service.name");
  assert_answer(*state, (lens_api_request){.path = path, .accept = "text/plain"}, 200,
                "text/plain; charset=utf-8", "trace " ID);
  assert_answer(*state, (lens_api_request){.path = "/api/traces/" ID "/tree"}, 200,
                "text/plain; charset=utf-8", "GET /");
}

/* Ids that tools write without leading zeros, or in capitals, would not be found. */
static void ids_may_be_short_and_in_capitals(void **state) {
  assert_answer(*state, (lens_api_request){.path = "/api/traces/AB"}, 200, "application/json", ID);
  assert_answer(*state, (lens_api_request){.path = "/api/traces/0ab"}, 200, "application/json", ID);
}

/* A wrong path or parameter would look like an empty answer. */
static void mistakes_are_named(void **state) {
  static const struct {
    const char *path, *limit;
    int status;
    const char *message;
  } cases[] = {
      {"/api/traces/ff", NULL, 404, "no such trace"},
      {"/api/traces/xyz", NULL, 400, "hexadecimal"},
      {"/api/traces/", NULL, 400, "hexadecimal"},
      {"/api/traces/" ID "0", NULL, 400, "hexadecimal"},
      {"/api/traces/ab/branch", NULL, 404, "no such page"},
      {"/api/tracesx", NULL, 404, "no such page"},
      {"/", NULL, 404, "no such page"},
      {"/api/traces", "0", 400, "limit"},
      {"/api/traces", "1001", 400, "limit"},
      {"/api/traces", "", 400, "limit"},
      {"/api/traces", "5x", 400, "limit"},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    lens_api_request request = {.path = cases[i].path, .limit = cases[i].limit};
    assert_answer(*state, request, cases[i].status, "application/json", cases[i].message);
  }
}

/* The list would not show what is there, or ignore its parameters. */
static void lists_recent_traces(void **state) {
  static const char first[] =
      "{\"traces\":[{\"traceID\":\"00000000000000000000000000000002\",\"rootServiceName\":\"shop\","
      "\"rootTraceName\":\"other\",\"hasRoot\":false,\"startTimeUnixNano\":\"0\","
      "\"durationNanos\":\"0\",\"spanCount\":1,\"errorCount\":1}";
  static const char second[] =
      ",{\"traceID\":\"" ID "\",\"rootServiceName\":\"shop\",\"rootTraceName\":\"GET /\","
      "\"hasRoot\":true,\"startTimeUnixNano\":\"1000\",\"durationNanos\":\"2000\","
      "\"spanCount\":1,\"errorCount\":0}]}";
  lens_api_request all = {.path = "/api/traces"};
  lens_api_request one = {.path = "/api/traces", .limit = "1"};
  lens_api_request none = {.path = "/api/traces", .service = "nobody"};
  assert_answer(*state, all, 200, "application/json", first);
  assert_answer(*state, all, 200, "application/json", second);
  assert_answer(*state, one, 200, "application/json", "\"errorCount\":1}]}");
  assert_answer(*state, none, 200, "application/json", "{\"traces\":[]}");
}

/* Operators could not see what is kept and what was lost. */
static void status_has_the_counters(void **state) {
  lens_api_request request = {.path = "/api/status"};
  assert_answer(*state, request, 200, "application/json", "\"traces\":2,\"spans\":2,\"bytes\":");
  assert_answer(*state, request, 200, "application/json", "\"spansKept\":2");
  assert_answer(*state, (lens_api_request){.path = "/ready"}, 200, "text/plain; charset=utf-8",
                "ready\n");
}

/* Log records would be kept for nobody. */
static void log_records_come_with_their_trace(void **state) {
  static const char path[] = "/api/traces/" ID "/logs";
  lens_store *store = *state;
  assert_answer(store, (lens_api_request){.path = path}, 404, "application/json", "error");
  assert_answer(store, (lens_api_request){.path = "/api/traces/x/logs"}, 400, "application/json",
                "error");
  /* ResourceLogs{scope_logs{log_records{body: "hello", trace_id}}} */
  uint8_t request[64] = "\x0a\x1f\x12\x1d\x12\x1b\x2a\x07\x0a\x05hello\x4a\x10";
  memcpy(request + 17, sample_trace_id(0xab), LENS_TRACE_ID_SIZE);
  lens_log_result result = lens_log_store_ingest(lens_store_logs(store), (lens_bytes){request, 33});
  assert_int_equal(result.kept, 1);
  assert_answer(store, (lens_api_request){.path = path}, 200, "application/json",
                "\"body\":{\"stringValue\":\"hello\"}");
  assert_answer(store, (lens_api_request){.path = path, .accept = "application/protobuf"}, 200,
                "application/protobuf", "hello");
  assert_answer(store, (lens_api_request){.path = "/api/status"}, 200, "application/json",
                "\"logRecords\":1");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(a_trace_comes_in_the_form_asked_for),
      TEST(log_records_come_with_their_trace),
      TEST(ids_may_be_short_and_in_capitals),
      TEST(mistakes_are_named),
      TEST(lists_recent_traces),
      TEST(status_has_the_counters),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
