/* SPDX-License-Identifier: Apache-2.0 */
/** What differs between signals on their way out; everything else is the same code. */
#ifndef OTLP_SRC_SIGNAL_FACTS_H
#define OTLP_SRC_SIGNAL_FACTS_H

#include <otlp/signal.h>

enum { OTLP__SIGNALS = 2 };

typedef struct otlp__signal_facts {
  const char *items;             /* for the log: "spans" */
  const char *grpc_method;       /* of the collector's service */
  const char *http_path;         /* below a collector's address: "/v1/traces" */
  const char *http_endpoint;     /* the default */
  const char *exporter_variable; /* "OTEL_TRACES_EXPORTER" */
} otlp__signal_facts;

const otlp__signal_facts *otlp__signal_facts_of(otlp_signal signal);

#endif
