/* SPDX-License-Identifier: Apache-2.0 */
#include "signal_facts.h"

static const otlp__signal_facts facts[OTLP__SIGNALS] = {
    [OTLP_SIGNAL_TRACES] =
        {
            .items = "spans",
            .grpc_method = "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
            .http_path = "/v1/traces",
            .http_endpoint = "http://localhost:4318/v1/traces",
            .exporter_variable = "OTEL_TRACES_EXPORTER",
        },
    [OTLP_SIGNAL_LOGS] =
        {
            .items = "log records",
            .grpc_method = "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
            .http_path = "/v1/logs",
            .http_endpoint = "http://localhost:4318/v1/logs",
            .exporter_variable = "OTEL_LOGS_EXPORTER",
        },
};

const otlp__signal_facts *otlp__signal_facts_of(otlp_signal signal) {
  return &facts[signal];
}
