/* SPDX-License-Identifier: Apache-2.0 */
#include "framing.h"

#include "fixture.h"

enum { HEADERS_MAX = 4 };

typedef struct request_head {
  const char *url;
  const char *version;
  const char *headers[2 * HEADERS_MAX]; /* names and values, up to a NULL */
} request_head;

static void check(void **state, const request_head *head) {
  gateway_fixture *fixture = *state;
  gateway_call_headers headers;
  memset(&headers, 0, sizeof headers);
  for (size_t i = 0; i < HEADERS_MAX && head->headers[2 * i] != NULL; i++) {
    gateway_call_headers_add(&headers, text(head->headers[2 * i]), text(head->headers[2 * i + 1]));
  }
  gateway_problem_init(&fixture->problem, fixture->arena);
  gateway_framing_check(&headers, text(head->url), head->version, &fixture->problem);
}

/* A request that is clear would be refused. */
static void test_clear_heads(void **state) {
  gateway_fixture *fixture = *state;
  static const request_head heads[] = {
      {"/", "HTTP/1.1", {"Host", "shop.test:80"}},
      {"/", "HTTP/1.1", {"Host", ""}},
      {"/", "HTTP/1.1", {"Host", "[::1]:8000 "}},
      {"/", "HTTP/1.0", {NULL}},
      {"/%20?q=\xc3\xa4", "HTTP/1.1", {"host", "x", "X_y.Z~`|!", "1", "x", "two words"}},
      {"/", "HTTP/1.1", {"Host", "x", "Content-Length", "5"}},
      {"/", "HTTP/1.1", {"Host", "x", "Transfer-Encoding", "Chunked \t"}},
  };
  for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
    check(state, &heads[i]);
    assert_text_equal(fixture->problem.message, "");
  }
}

/* A second request could hide in the body of the first, or the first be for somebody else. */
static void test_unclear_heads(void **state) {
  gateway_fixture *fixture = *state;
  static const struct {
    request_head head;
    int http_status;
    const char *message;
  } cases[] = {
      {{"/", "HTTP/1.1", {"Host", "x", "Content-Length", "5", "Transfer-Encoding", "chunked"}},
       400,
       "Content-Length and Transfer-Encoding exclude each other"},
      {{"/", "HTTP/1.1", {"Host", "x", "Content-Length", "5", "content-length", "6"}},
       400,
       "there is more than one Content-Length"},
      {{"/", "HTTP/1.1", {"Host", "x", "Content-Length", "5", "content-length", "5"}},
       400,
       "there is more than one Content-Length"},
      {{"/", "HTTP/1.1", {"Host", "x", "Transfer-Encoding", "chunked", "Transfer-Encoding", "x"}},
       400,
       "there is more than one Transfer-Encoding"},
      {{"/", "HTTP/1.1", {"Host", "x", "Transfer-Encoding", "gzip, chunked"}},
       501,
       "the Transfer-Encoding 'gzip, chunked' is not known here, only chunked"},
      {{"/", "HTTP/1.1", {"Host", "x", "Transfer-Encoding", ""}},
       501,
       "the Transfer-Encoding '' is not known here, only chunked"},
      {{"/", "HTTP/1.0", {"Host", "x", "Transfer-Encoding", "chunked"}},
       400,
       "HTTP/1.0 has no Transfer-Encoding"},
      {{"/", "HTTP/1.1", {"Host", "x", "Transfer-Encoding ", "chunked"}},
       400,
       "the name of a header is empty, or has a character that no name has"},
      {{"/", "HTTP/1.1", {"Host", "x", "", "y"}},
       400,
       "the name of a header is empty, or has a character that no name has"},
      {{"/", "HTTP/1.1", {"Host", "x", "a\xc3\xa4", "y"}},
       400,
       "the name of a header is empty, or has a character that no name has"},
      {{"/", "HTTP/1.1", {NULL}}, 400, "there is no Host"},
      {{"/", "HTTP/1.1", {"Host", "a", "Host", "b"}}, 400, "there is more than one Host"},
      {{"/", "HTTP/1.1", {"Host", "a b"}}, 400, "the Host is none"},
      {{"/", "HTTP/1.1", {"Host", "a/b"}}, 400, "the Host is none"},
      {{"/", "HTTP/1.1", {"Host", "user@a"}}, 400, "the Host is none"},
      {{"/a b", "HTTP/1.1", {"Host", "x"}},
       400,
       "the URL has a space or a control character in it"},
      {{"/a\x7f", "HTTP/1.1", {"Host", "x"}},
       400,
       "the URL has a space or a control character in it"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    check(state, &cases[i].head);
    assert_text_equal(fixture->problem.message, cases[i].message);
    assert_int_equal(fixture->problem.http_status, cases[i].http_status);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      fixture_test(test_clear_heads),
      fixture_test(test_unclear_heads),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
