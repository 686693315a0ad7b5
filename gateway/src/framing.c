/* SPDX-License-Identifier: Apache-2.0 */
#include "framing.h"

static void refuse(gateway_problem *problem, const char *reason) {
  gateway_problem_set(problem, GRPC_STATUS_INVALID_ARGUMENT, "%s", reason);
}

static bool has(const gateway_call_headers *headers, gateway_header header) {
  return headers->counts[header] > 0;
}

/* Only "chunked" is understood, and a client of HTTP/1.0 does not know it. */
static void check_body(const gateway_call_headers *headers, const char *version,
                       gateway_problem *problem) {
  if (headers->counts[GATEWAY_HEADER_CONTENT_LENGTH] > 1) {
    refuse(problem, "there is more than one Content-Length");
  }
  if (!has(headers, GATEWAY_HEADER_TRANSFER_ENCODING)) {
    return;
  }
  if (has(headers, GATEWAY_HEADER_CONTENT_LENGTH)) {
    refuse(problem, "Content-Length and Transfer-Encoding exclude each other");
  }
  if (headers->counts[GATEWAY_HEADER_TRANSFER_ENCODING] > 1) {
    refuse(problem, "there is more than one Transfer-Encoding");
  }
  if (strcmp(version, "HTTP/1.0") == 0) {
    refuse(problem, "HTTP/1.0 has no Transfer-Encoding");
  }
  gateway_text coding = gateway_call_headers_get(headers, GATEWAY_HEADER_TRANSFER_ENCODING);
  if (!gateway_text_is_nocase(coding, "chunked")) {
    gateway_problem_set_http(problem, 501, GRPC_STATUS_UNIMPLEMENTED,
                             "the Transfer-Encoding '%.*s' is not known here, only chunked",
                             GATEWAY_TEXT_ARGS(coding));
  }
}

/* The characters of "host:port" (RFC 3986, section 3.2.2). */
static bool is_host_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c != '\0' && strchr("-._~%!$&'()*+,;=:[]", c) != NULL);
}

static void check_host(const gateway_call_headers *headers, const char *version,
                       gateway_problem *problem) {
  if (!has(headers, GATEWAY_HEADER_HOST) && strcmp(version, "HTTP/1.0") != 0) {
    refuse(problem, "there is no Host");
  }
  if (headers->counts[GATEWAY_HEADER_HOST] > 1) {
    refuse(problem, "there is more than one Host");
  }
  gateway_text host = gateway_call_headers_get(headers, GATEWAY_HEADER_HOST);
  for (size_t i = 0; i < host.size; i++) {
    if (!is_host_character(host.data[i])) {
      refuse(problem, "the Host is none");
      return;
    }
  }
}

static void check_url(gateway_text url, gateway_problem *problem) {
  for (size_t i = 0; i < url.size; i++) {
    unsigned char c = (unsigned char)url.data[i];
    if (c <= 0x20 || c == 0x7F) {
      refuse(problem, "the URL has a space or a control character in it");
      return;
    }
  }
}

void gateway_framing_check(const gateway_call_headers *headers, gateway_text url,
                           const char *version, gateway_problem *problem) {
  if (headers->has_bad_name) {
    refuse(problem, "the name of a header is empty, or has a character that no name has");
  }
  check_url(url, problem);
  check_body(headers, version, problem);
  check_host(headers, version, problem);
}
