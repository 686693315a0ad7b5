/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an OTLP endpoint means (specification, protocol/exporter.md, "Endpoint URLs for OTLP/gRPC"
 * and "Endpoint URLs for OTLP/HTTP").
 */
#ifndef OTLP_EXPORT_ENDPOINT_H
#define OTLP_EXPORT_ENDPOINT_H

#include <otlp/value.h>

enum {
  OTLP__ENDPOINT_SIZE = 1024, /* longest target or URL, NUL included */
  OTLP__GRPC_PORT = 4317,
};

/* What the endpoint itself says about TLS. */
typedef enum otlp__endpoint_security {
  OTLP__SECURITY_UNSAID, /* no http or https in it: other settings decide */
  OTLP__SECURITY_PLAIN,
  OTLP__SECURITY_TLS,
} otlp__endpoint_security;

typedef struct otlp__grpc_endpoint {
  char target[OTLP__ENDPOINT_SIZE]; /* what gRPC makes a channel to */
  otlp__endpoint_security security;
  bool path_ignored; /* an http URL had a path, which gRPC has no use for */
} otlp__grpc_endpoint;

/*
 * Understands http and https URLs, `host`, `host:port`, `[ipv6]:port`, and gRPC's own targets
 * (unix:, unix-abstract:, dns:, ipv4:, ipv6:, vsock:, xds:), which are passed on untouched. A URL
 * without a port gets its scheme's, 80 or 443; a host without one gets OTLP's, 4317.
 *
 * Returns NULL, or what is wrong, a static string.
 */
const char *otlp__grpc_endpoint_parse(otlp_string text, otlp__grpc_endpoint *out_endpoint);

/*
 * Checks an http or https URL and copies it out with `signal_path` ("/v1/traces", or empty) added
 * to its path; a path that is still empty then becomes "/". Queries stay, fragments go.
 *
 * Returns NULL, or what is wrong, a static string.
 */
const char *otlp__http_endpoint_parse(otlp_string text, otlp_string signal_path,
                                      char out_url[OTLP__ENDPOINT_SIZE]);

#endif
