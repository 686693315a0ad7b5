/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OTLP/gRPC into a store: opentelemetry.proto.collector.trace.v1.TraceService, and
 * opentelemetry.proto.collector.logs.v1.LogsService. The methods are raw ones: a request goes into
 * the store as the bytes it is.
 *
 * A request that is not well-formed is INVALID_ARGUMENT and leaves nothing behind. Spans
 * and records that cannot be kept are counted in a partial success; exporters do not send them
 * again (OTLP specification, "Partial Success").
 */
#ifndef LENS_RECEIVER_H
#define LENS_RECEIVER_H

#include "store.h"

#include <mesh/service.h>

/* The services, for mesh_server_add; the store must outlive the server. */
mesh_service lens_receiver_service(lens_store *store);
mesh_service lens_receiver_logs_service(lens_store *store);

/* Writes the ExportTraceServiceResponse for what became of a request. */
void lens_receiver_encode_response(const lens_ingest_result *result, lens_buffer *out);

#endif
