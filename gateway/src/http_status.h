/* SPDX-License-Identifier: Apache-2.0 */
/* gRPC codes as HTTP statuses, by the table of google/rpc/code.proto. */
#ifndef GATEWAY_HTTP_STATUS_H
#define GATEWAY_HTTP_STATUS_H

#include <grpc/status.h>

/* The HTTP status of a gRPC code; 500 for codes outside the table. */
int gateway_http_status_from_code(grpc_status_code code);

#endif
