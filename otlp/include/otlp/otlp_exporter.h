/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The exporters that send spans and log records to a collector: OTLP/gRPC and OTLP/HTTP
 * (specification, protocol/exporter.md; OTLP specification).
 *
 *     otlp_exporter_options options = OTLP_EXPORTER_OPTIONS_INIT;
 *     options.endpoint = "https://collector.example.com:4317";
 *     options.compression = OTLP_COMPRESSION_GZIP;
 *     otlp_exporter *exporter = otlp_grpc_exporter_new(&options);
 *
 * What both do: a batch is cut into requests of at most `max_request_bytes`; each is sent until the
 * collector takes it, refuses it for good, or `timeout_ms` is up. Retried are, for gRPC, CANCELLED,
 * DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS, and RESOURCE_EXHAUSTED if the
 * server says when to come back (RetryInfo); for HTTP the statuses 429, 502, 503 and 504, and lost
 * connections. Waits grow by half each time, with jitter, and are never shorter than RetryInfo or
 * Retry-After ask. A partial success is never retried. What is lost is counted in the report, by
 * reason. Trouble is logged when it begins and when it is over, not per batch; header values are
 * never logged. The first error to keep in mind: an endpoint without a scheme, such as `host:4317`,
 * means TLS unless `insecure` is set, as the specification has it.
 *
 * Ownership: everything in the options is copied, files are read at once. Hand the exporter to a
 * processor, which destroys it. Threads: as in exporter.h: one export at a time; shutdown from any
 * thread ends an export under way, whatever the collector does. Fork: a child can't use an exporter
 * made before. It makes its own, over HTTP; gRPC only if no OTLP/gRPC exporter, nor anything else
 * of gRPC's, was there at the fork, since gRPC does not survive one.
 */
#ifndef OTLP_OTLP_EXPORTER_H
#define OTLP_OTLP_EXPORTER_H

#include <otlp/exporter.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

typedef enum otlp_compression {
  OTLP_COMPRESSION_NONE,
  OTLP_COMPRESSION_GZIP,
} otlp_compression;

/**
 * A header (gRPC: metadata) sent with every request. Keys are made lower-case. Values are visible
 * ASCII and spaces; with gRPC a key that ends in `-bin` has a value of any bytes, which gRPC
 * transmits in Base64. Headers that break these rules, or are the protocol's own (`content-type`,
 * `grpc-...`), are left out and a warning names the key.
 */
typedef struct otlp_header {
  otlp_string key;
  otlp_string value;
} otlp_header;

/** OTLP 1.11 allows no more in a request, before compression. */
#define OTLP_MAX_REQUEST_BYTES ((size_t)64 * 1024 * 1024)

/** How a collector is reached. Start from OTLP_EXPORTER_OPTIONS_INIT. Everything is optional. */
typedef struct otlp_exporter_options {
  /**
   * gRPC: an http or https URL, `host`, `host:port`, or a target of gRPC's (`unix:/path`,
   * `dns:///host:port`, `ipv4:1.2.3.4:4317,1.2.3.5:4317`, ...); NULL means http://localhost:4317.
   * HTTP: an http or https URL, used as it is; NULL means http://localhost:4318/v1/traces, for log
   * records http://localhost:4318/v1/logs.
   */
  const char *endpoint;
  /** No TLS for endpoints that do not say http or https. Default false. `unix:` is never TLS unless
   * a certificate is named. */
  bool insecure;
  /** PEM files. The certificates to trust (NULL: the system's), and what to show the server. */
  const char *certificate_file;
  const char *client_key_file;
  const char *client_certificate_file;
  const otlp_header *headers;
  size_t header_count;
  otlp_compression compression; /* default none */
  /** For a request with all its retries, in ms; default 10000. OTLP_NO_TIMEOUT: only the
   * processor's export timeout counts. */
  int64_t timeout_ms;
  /** Largest request before compression, at most OTLP_MAX_REQUEST_BYTES. The default, 4 MiB, is
   * what gRPC servers, the OpenTelemetry Collector among them, take unless told otherwise; a larger
   * request would be lost as a whole. An item that alone is larger is dropped and counted. */
  size_t max_request_bytes;
  /** Largest answer, uncompressed; a larger one is a failure that is not retried. Default 4 MiB. */
  size_t max_response_bytes;
  /** The first wait before a retry and the longest, on average, in ms; default 1000 and 5000. */
  uint32_t retry_initial_ms;
  uint32_t retry_max_ms;
  /** What is sent, and so which of the collector's services it is sent to; default traces. */
  otlp_signal signal;
} otlp_exporter_options;

#define OTLP_EXPORTER_OPTIONS_INIT                                                                 \
  {                                                                                                \
    NULL, false, NULL, NULL, NULL, NULL, 0, OTLP_COMPRESSION_NONE, 10000, (size_t)4 * 1024 * 1024, \
        (size_t)4 * 1024 * 1024, 1000, 5000, OTLP_SIGNAL_TRACES                                    \
  }

/**
 * OTLP/gRPC. Connects when the first batch comes.
 *
 * @param options NULL means all defaults.
 * @return NULL, with an error logged, when the endpoint makes no sense, a file can't be read,
 *         memory is short, or in a child whose parent had such an exporter at the fork.
 */
otlp_exporter *otlp_grpc_exporter_new(const otlp_exporter_options *options);

/** OTLP/HTTP with binary protobuf. As otlp_grpc_exporter_new. */
otlp_exporter *otlp_http_exporter_new(const otlp_exporter_options *options);

/**
 * The exporter that OTEL_EXPORTER_OTLP_PROTOCOL asks for, set up by OTEL_EXPORTER_OTLP_ENDPOINT,
 * _INSECURE, _CERTIFICATE, _CLIENT_KEY, _CLIENT_CERTIFICATE, _HEADERS, _COMPRESSION and _TIMEOUT;
 * each has a form OTEL_EXPORTER_OTLP_TRACES_..., and OTEL_EXPORTER_OTLP_LOGS_..., that wins. A
 * variable that makes no sense is logged and ignored. Protocols: `grpc` and `http/protobuf`. The
 * default here is `grpc`; the specification would rather have `http/protobuf`. As there, OTLP/HTTP
 * adds `/v1/traces` or `/v1/logs` to the general endpoint variable, and takes the signal's own as
 * it is.
 *
 * @return NULL as otlp_grpc_exporter_new.
 */
otlp_exporter *otlp_exporter_from_environment(otlp_signal signal);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
