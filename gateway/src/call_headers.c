/* SPDX-License-Identifier: Apache-2.0 */
#include "call_headers.h"

static const char *const names[GATEWAY_HEADER_COUNT] = {
    [GATEWAY_HEADER_ACCEPT] = "accept",
    [GATEWAY_HEADER_AUTHORIZATION] = "authorization",
    [GATEWAY_HEADER_CONTENT_ENCODING] = "content-encoding",
    [GATEWAY_HEADER_CONTENT_LENGTH] = "content-length",
    [GATEWAY_HEADER_CONTENT_TYPE] = "content-type",
    [GATEWAY_HEADER_EXPECT] = "expect",
    [GATEWAY_HEADER_GRPC_TIMEOUT] = "grpc-timeout",
    [GATEWAY_HEADER_HOST] = "host",
    [GATEWAY_HEADER_IDEMPOTENCY_KEY] = "idempotency-key",
    [GATEWAY_HEADER_ORIGIN] = "origin",
    [GATEWAY_HEADER_TRANSFER_ENCODING] = "transfer-encoding",
    [GATEWAY_HEADER_USER_AGENT] = "user-agent",
    [GATEWAY_HEADER_X_REQUEST_ID] = "x-request-id",
    [GATEWAY_HEADER_X_TIMEOUT_MS] = "x-timeout-ms",
};

static const char *const propagation_names[] = {"traceparent", "tracestate", "baggage"};

const gateway_passed_header gateway_passed_headers[] = {
    {GATEWAY_HEADER_AUTHORIZATION, "authorization"},
    {GATEWAY_HEADER_IDEMPOTENCY_KEY, "idempotency-key"},
    {GATEWAY_HEADER_X_REQUEST_ID, "x-request-id"},
};
const size_t gateway_passed_header_count =
    sizeof gateway_passed_headers / sizeof gateway_passed_headers[0];

static bool is_propagation(gateway_text key) {
  for (size_t i = 0; i < sizeof propagation_names / sizeof propagation_names[0]; i++) {
    if (gateway_text_is_nocase(key, propagation_names[i])) {
      return true;
    }
  }
  return false;
}

static bool is_token_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static bool is_token(gateway_text text) {
  for (size_t i = 0; i < text.size; i++) {
    if (!is_token_character(text.data[i])) {
      return false;
    }
  }
  return text.size > 0;
}

/* Blanks in front are gone already. */
static gateway_text without_blanks_behind(gateway_text value) {
  while (value.size > 0 &&
         (value.data[value.size - 1] == ' ' || value.data[value.size - 1] == '\t')) {
    value.size--;
  }
  return value;
}

static int find_name(gateway_text key) {
  for (int i = 0; i < GATEWAY_HEADER_COUNT; i++) {
    if (gateway_text_is_nocase(key, names[i])) {
      return i;
    }
  }
  return -1;
}

void gateway_call_headers_add(gateway_call_headers *headers, gateway_text key, gateway_text value) {
  headers->size += key.size + value.size + 4; /* ": " and the line's end */
  value = without_blanks_behind(value);
  headers->has_bad_name = headers->has_bad_name || !is_token(key);
  int header = find_name(key);
  if (header >= 0) {
    if (headers->counts[header]++ == 0) {
      headers->values[header] = value;
    }
    return;
  }
  if (is_propagation(key) && headers->propagation_count < GATEWAY_PROPAGATION_HEADERS_MAX) {
    headers->propagation[headers->propagation_count].key = key;
    headers->propagation[headers->propagation_count].value = value;
    headers->propagation_count++;
  }
}

bool gateway_call_headers_carry(const void *carrier, otlp_string key, size_t index,
                                otlp_string *out_value) {
  const gateway_call_headers *headers = carrier;
  for (size_t i = 0; i < headers->propagation_count; i++) {
    gateway_text name = headers->propagation[i].key;
    if (name.size == key.length && strncasecmp(name.data, key.data, key.length) == 0 &&
        index-- == 0) {
      out_value->data = headers->propagation[i].value.data;
      out_value->length = headers->propagation[i].value.size;
      return true;
    }
  }
  return false;
}

/* Values of ASCII metadata (gRPC over HTTP2, "ASCII-Value"). */
static bool is_metadata_value(gateway_text value) {
  for (size_t i = 0; i < value.size; i++) {
    if (value.data[i] < 0x20 || value.data[i] > 0x7E) {
      return false;
    }
  }
  return value.size <= GATEWAY_PASSED_HEADER_SIZE_MAX;
}

/* Those that nothing but the form of the answer, or nothing at all, hangs on. */
static bool may_repeat(gateway_header header) {
  return header == GATEWAY_HEADER_ACCEPT || header == GATEWAY_HEADER_EXPECT ||
         header == GATEWAY_HEADER_ORIGIN || header == GATEWAY_HEADER_USER_AGENT;
}

void gateway_call_headers_check(const gateway_call_headers *headers, gateway_problem *problem) {
  for (int i = 0; i < GATEWAY_HEADER_COUNT; i++) {
    if (headers->counts[i] > 1 && !may_repeat((gateway_header)i)) {
      gateway_problem_add_violation(problem, gateway_text_from(names[i]),
                                    "the header is given twice");
    }
  }
  for (size_t i = 0; i < gateway_passed_header_count; i++) {
    if (!is_metadata_value(gateway_call_headers_get(headers, gateway_passed_headers[i].header))) {
      gateway_problem_add_violation(problem, gateway_text_from(gateway_passed_headers[i].key),
                                    "the header is not printable ASCII of at most %d bytes",
                                    GATEWAY_PASSED_HEADER_SIZE_MAX);
    }
  }
}

/* At most eight digits, as the gRPC specification has it. */
static bool parse_digits(gateway_text digits, int64_t *out_number) {
  *out_number = 0;
  if (digits.size == 0 || digits.size > 8) {
    return false;
  }
  for (size_t i = 0; i < digits.size; i++) {
    if (digits.data[i] < '0' || digits.data[i] > '9') {
      return false;
    }
    *out_number = *out_number * 10 + (digits.data[i] - '0');
  }
  return true;
}

/* Below a millisecond there is still one: 0 would be no time at all. */
static bool parse_grpc_timeout(gateway_text text, int64_t *out_ms) {
  static const struct {
    char unit;
    int64_t nanos;
  } units[] = {{'H', INT64_C(3600000000000)},
               {'M', INT64_C(60000000000)},
               {'S', 1000000000},
               {'m', 1000000},
               {'u', 1000},
               {'n', 1}};
  if (text.size < 2 || !parse_digits(gateway_text_of(text.data, text.size - 1), out_ms)) {
    return false;
  }
  for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
    if (units[i].unit == text.data[text.size - 1]) {
      int64_t nanos_per_ms = 1000000;
      *out_ms = units[i].nanos >= nanos_per_ms ? *out_ms * (units[i].nanos / nanos_per_ms)
                                               : *out_ms / (nanos_per_ms / units[i].nanos);
      *out_ms = *out_ms == 0 ? 1 : *out_ms;
      return true;
    }
  }
  return false;
}

static int64_t least(int64_t a, int64_t b) {
  return a < b ? a : b;
}

int64_t gateway_call_headers_timeout_ms(const gateway_call_headers *headers, int64_t maximum_ms,
                                        gateway_problem *problem) {
  int64_t timeout_ms = maximum_ms;
  int64_t asked_ms = 0;
  gateway_text text = gateway_call_headers_get(headers, GATEWAY_HEADER_GRPC_TIMEOUT);
  if (text.size > 0) {
    if (parse_grpc_timeout(text, &asked_ms)) {
      timeout_ms = least(timeout_ms, asked_ms);
    } else {
      gateway_problem_add_violation(problem, gateway_text_from("grpc-timeout"),
                                    "the header is not a number and a unit of H, M, S, m, u, n");
    }
  }
  text = gateway_call_headers_get(headers, GATEWAY_HEADER_X_TIMEOUT_MS);
  if (text.size > 0) {
    if (parse_digits(text, &asked_ms) && asked_ms > 0) {
      timeout_ms = least(timeout_ms, asked_ms);
    } else {
      gateway_problem_add_violation(problem, gateway_text_from("x-timeout-ms"),
                                    "the header is not a number of milliseconds, 1 to 99999999");
    }
  }
  return timeout_ms;
}
