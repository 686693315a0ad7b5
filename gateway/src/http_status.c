/* SPDX-License-Identifier: Apache-2.0 */
#include "http_status.h"

#include <stddef.h>

/* FAILED_PRECONDITION is 400 and not 412, which is about conditional request headers. */
static const int http_statuses[] = {
    [GRPC_STATUS_OK] = 200,
    [GRPC_STATUS_CANCELLED] = 499,
    [GRPC_STATUS_UNKNOWN] = 500,
    [GRPC_STATUS_INVALID_ARGUMENT] = 400,
    [GRPC_STATUS_DEADLINE_EXCEEDED] = 504,
    [GRPC_STATUS_NOT_FOUND] = 404,
    [GRPC_STATUS_ALREADY_EXISTS] = 409,
    [GRPC_STATUS_PERMISSION_DENIED] = 403,
    [GRPC_STATUS_RESOURCE_EXHAUSTED] = 429,
    [GRPC_STATUS_FAILED_PRECONDITION] = 400,
    [GRPC_STATUS_ABORTED] = 409,
    [GRPC_STATUS_OUT_OF_RANGE] = 400,
    [GRPC_STATUS_UNIMPLEMENTED] = 501,
    [GRPC_STATUS_INTERNAL] = 500,
    [GRPC_STATUS_UNAVAILABLE] = 503,
    [GRPC_STATUS_DATA_LOSS] = 500,
    [GRPC_STATUS_UNAUTHENTICATED] = 401,
};

int gateway_http_status_from_code(grpc_status_code code) {
  size_t index = (size_t)code;
  return index < sizeof http_statuses / sizeof http_statuses[0] ? http_statuses[index] : 500;
}
