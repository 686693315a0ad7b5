/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which failures are worth another attempt (OTLP specification, "Failures" of OTLP/gRPC and of
 * OTLP/HTTP).
 */
#ifndef OTLP_EXPORT_VERDICT_H
#define OTLP_EXPORT_VERDICT_H

#include "export/transport.h"

/* The collector's gRPC status code. RESOURCE_EXHAUSTED is worth it only with a RetryInfo. */
otlp__verdict otlp__grpc_verdict(int status_code, bool has_retry_info);

/* "UNAVAILABLE"; never NULL. */
const char *otlp__grpc_status_name(int status_code);

/* The collector's HTTP status. */
otlp__verdict otlp__http_verdict(long status);

/* An exchange that ended without an HTTP status: a CURLcode. Lost connections are worth it. */
otlp__verdict otlp__curl_verdict(int curl_code);

#endif
