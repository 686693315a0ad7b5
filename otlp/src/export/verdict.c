/* SPDX-License-Identifier: Apache-2.0 */
#include "export/verdict.h"

#include <curl/curl.h>
#include <grpc/status.h>

typedef struct grpc_rule {
  const char *name;
  otlp__verdict verdict;
} grpc_rule;

static const grpc_rule GRPC_RULES[] = {
    [GRPC_STATUS_OK] = {"OK", OTLP__ACCEPTED},
    [GRPC_STATUS_CANCELLED] = {"CANCELLED", OTLP__RETRYABLE},
    [GRPC_STATUS_UNKNOWN] = {"UNKNOWN", OTLP__REFUSED},
    [GRPC_STATUS_INVALID_ARGUMENT] = {"INVALID_ARGUMENT", OTLP__REFUSED},
    [GRPC_STATUS_DEADLINE_EXCEEDED] = {"DEADLINE_EXCEEDED", OTLP__RETRYABLE},
    [GRPC_STATUS_NOT_FOUND] = {"NOT_FOUND", OTLP__REFUSED},
    [GRPC_STATUS_ALREADY_EXISTS] = {"ALREADY_EXISTS", OTLP__REFUSED},
    [GRPC_STATUS_PERMISSION_DENIED] = {"PERMISSION_DENIED", OTLP__REFUSED},
    [GRPC_STATUS_RESOURCE_EXHAUSTED] = {"RESOURCE_EXHAUSTED", OTLP__REFUSED},
    [GRPC_STATUS_FAILED_PRECONDITION] = {"FAILED_PRECONDITION", OTLP__REFUSED},
    [GRPC_STATUS_ABORTED] = {"ABORTED", OTLP__RETRYABLE},
    [GRPC_STATUS_OUT_OF_RANGE] = {"OUT_OF_RANGE", OTLP__RETRYABLE},
    [GRPC_STATUS_UNIMPLEMENTED] = {"UNIMPLEMENTED", OTLP__REFUSED},
    [GRPC_STATUS_INTERNAL] = {"INTERNAL", OTLP__REFUSED},
    [GRPC_STATUS_UNAVAILABLE] = {"UNAVAILABLE", OTLP__RETRYABLE},
    [GRPC_STATUS_DATA_LOSS] = {"DATA_LOSS", OTLP__RETRYABLE},
    [GRPC_STATUS_UNAUTHENTICATED] = {"UNAUTHENTICATED", OTLP__REFUSED},
};

/* Codes beyond the table count as UNKNOWN (gRPC, "Status codes and their use"). */
static const grpc_rule *rule_of(int status_code) {
  bool known = status_code >= 0 && status_code < (int)(sizeof(GRPC_RULES) / sizeof(GRPC_RULES[0]));
  return &GRPC_RULES[known ? status_code : GRPC_STATUS_UNKNOWN];
}

otlp__verdict otlp__grpc_verdict(int status_code, bool has_retry_info) {
  if (status_code == GRPC_STATUS_RESOURCE_EXHAUSTED && has_retry_info) {
    return OTLP__RETRYABLE;
  }
  return rule_of(status_code)->verdict;
}

const char *otlp__grpc_status_name(int status_code) {
  return rule_of(status_code)->name;
}

otlp__verdict otlp__http_verdict(long status) {
  if (status >= 200 && status < 300) {
    return OTLP__ACCEPTED;
  }
  bool retryable = status == 429 || status == 502 || status == 503 || status == 504;
  return retryable ? OTLP__RETRYABLE : OTLP__REFUSED;
}

otlp__verdict otlp__curl_verdict(int curl_code) {
  static const CURLcode RETRYABLE[] = {
      CURLE_COULDNT_RESOLVE_PROXY,
      CURLE_COULDNT_RESOLVE_HOST,
      CURLE_COULDNT_CONNECT,
      CURLE_PARTIAL_FILE,
      CURLE_OPERATION_TIMEDOUT,
      CURLE_SSL_CONNECT_ERROR,
      CURLE_GOT_NOTHING,
      CURLE_SEND_ERROR,
      CURLE_RECV_ERROR,
      CURLE_AGAIN,
      CURLE_HTTP2,
      CURLE_HTTP2_STREAM,
  };
  for (size_t i = 0; i < sizeof(RETRYABLE) / sizeof(RETRYABLE[0]); i++) {
    if ((int)RETRYABLE[i] == curl_code) {
      return OTLP__RETRYABLE;
    }
  }
  return OTLP__REFUSED;
}
