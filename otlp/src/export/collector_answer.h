/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decodes what a collector says about a request: partial success on the way of success, RetryInfo
 * on the way of failure (OTLP specification, "Partial Success" and "OTLP/gRPC Throttling"). Input
 * comes from the network: anything may be in it.
 */
#ifndef OTLP_EXPORT_COLLECTOR_ANSWER_H
#define OTLP_EXPORT_COLLECTOR_ANSWER_H

#include <otlp/value.h>

/* Of ExportTraceServiceResponse, ExportLogsServiceResponse: the same fields. All zero: everything
 * was accepted. */
typedef struct otlp__partial_success {
  uint64_t rejected_items;
  otlp_string message; /* a view into the input */
} otlp__partial_success;

/* False when `response` is no such message. A negative count counts as 0. */
bool otlp__partial_success_decode(otlp_string response, otlp__partial_success *out_partial);

/*
 * The retry delay in a google.rpc.Status, the message in `grpc-status-details-bin`. False when
 * there is no RetryInfo in it or it is malformed. A RetryInfo that names no delay, or a negative
 * one, gives 0; a delay beyond a day gives a day.
 */
bool otlp__retry_info_decode(otlp_string status, int64_t *out_delay_ns);

/* The message of a google.rpc.Status, the body of a failed OTLP/HTTP request; a view into `status`,
 * empty if there is none or `status` is something else. */
otlp_string otlp__status_message_decode(otlp_string status);

#endif
