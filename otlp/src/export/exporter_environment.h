/* SPDX-License-Identifier: Apache-2.0 */
/* What the OTEL_EXPORTER_OTLP_* variables say about a signal's exporter. */
#ifndef OTLP_EXPORT_EXPORTER_ENVIRONMENT_H
#define OTLP_EXPORT_EXPORTER_ENVIRONMENT_H

#include "export/endpoint.h"
#include "key_values.h"

#include <otlp/otlp_exporter.h>

typedef enum otlp__protocol {
  OTLP__PROTOCOL_GRPC,
  OTLP__PROTOCOL_HTTP_PROTOBUF,
} otlp__protocol;

typedef struct otlp__exporter_environment {
  otlp__protocol protocol;
  otlp_exporter_options options; /* its pointers lead into this struct */
  char endpoint[OTLP__ENDPOINT_SIZE];
  char *files[3];
  otlp__key_values header_pairs;
  otlp_header *headers;
} otlp__exporter_environment;

/* Reads them all. False when memory is short. To be cleaned up either way. */
bool otlp__exporter_environment_init(otlp__exporter_environment *self, otlp_signal signal);
void otlp__exporter_environment_clean_up(otlp__exporter_environment *self);

#endif
