/* SPDX-License-Identifier: Apache-2.0 */
#include "export/exporter_environment.h"

#include "env.h"
#include "signal_facts.h"

#include <otlp/log.h>
#include <stdlib.h>

/* A setting's variables: the signal's own, which wins, and the one for all signals. */
typedef struct variable {
  const char *own[OTLP__SIGNALS];
  const char *general;
} variable;

#define VARIABLE(name)                                                    \
  {                                                                       \
    {"OTEL_EXPORTER_OTLP_TRACES_" name, "OTEL_EXPORTER_OTLP_LOGS_" name}, \
        "OTEL_EXPORTER_OTLP_" name                                        \
  }

static const variable PROTOCOL = VARIABLE("PROTOCOL");
static const variable ENDPOINT = VARIABLE("ENDPOINT");
static const variable INSECURE = VARIABLE("INSECURE");
static const variable CERTIFICATE = VARIABLE("CERTIFICATE");
static const variable CLIENT_KEY = VARIABLE("CLIENT_KEY");
static const variable CLIENT_CERTIFICATE = VARIABLE("CLIENT_CERTIFICATE");
static const variable HEADERS = VARIABLE("HEADERS");
static const variable COMPRESSION = VARIABLE("COMPRESSION");
static const variable TIMEOUT = VARIABLE("TIMEOUT");

static const char *own_name(const otlp__exporter_environment *self, const variable *names) {
  return names->own[self->options.signal];
}

static int read_enum(const otlp__exporter_environment *self, const variable *names,
                     const char *const values[2]) {
  int own = otlp__env_enum(own_name(self, names), values, 2);
  return own >= 0 ? own : otlp__env_enum(names->general, values, 2);
}

static otlp_string read_string(const otlp__exporter_environment *self, const variable *names) {
  otlp_string own = otlp__env_string(own_name(self, names));
  return own.length > 0 ? own : otlp__env_string(names->general);
}

/* Sets the endpoint from one variable; false when it is unset or makes no sense. */
static bool take_endpoint(otlp__exporter_environment *self, const char *name,
                          const char *signal_path) {
  otlp_string text = otlp__env_string(name);
  if (text.length == 0) {
    return false;
  }
  otlp__grpc_endpoint ignored;
  const char *problem =
      self->protocol == OTLP__PROTOCOL_GRPC
          ? otlp__grpc_endpoint_parse(text, &ignored)
          : otlp__http_endpoint_parse(text, otlp_string_from(signal_path), self->endpoint);
  if (problem != NULL) {
    otlp_log(OTLP_LOG_WARN, "%s is ignored: %s", name, problem);
    return false;
  }
  if (self->protocol == OTLP__PROTOCOL_GRPC) {
    memcpy(self->endpoint, text.data, text.length);
    self->endpoint[text.length] = '\0';
  }
  self->options.endpoint = self->endpoint;
  return true;
}

/* Sets the headers from one variable; false when it is unset or makes no sense. */
static bool take_headers(otlp__exporter_environment *self, const char *name) {
  otlp_string text = otlp__env_string(name);
  if (text.length == 0) {
    return false;
  }
  const char *problem = otlp__key_values_parse(text, OTLP__VALUES_ANY, &self->header_pairs);
  if (problem == NULL && self->header_pairs.count > 0) {
    self->headers = calloc(self->header_pairs.count, sizeof(*self->headers));
    problem = self->headers == NULL ? "out of memory" : NULL;
  }
  if (problem != NULL) { /* the value stays out of the log: it may be a secret */
    otlp_log(OTLP_LOG_WARN, "%s is ignored: %s", name, problem);
    otlp__key_values_clean_up(&self->header_pairs);
    return false;
  }
  for (size_t i = 0; i < self->header_pairs.count; i++) {
    self->headers[i] =
        (otlp_header){self->header_pairs.items[i].key, self->header_pairs.items[i].value};
  }
  self->options.headers = self->headers;
  self->options.header_count = self->header_pairs.count;
  return true;
}

static bool take_file(const otlp__exporter_environment *self, const variable *names,
                      char **out_path) {
  otlp_string path = read_string(self, names);
  *out_path = path.length > 0 ? strndup(path.data, path.length) : NULL;
  return path.length == 0 || *out_path != NULL;
}

static bool take_files(otlp__exporter_environment *self) {
  bool taken = take_file(self, &CERTIFICATE, &self->files[0]) &&
               take_file(self, &CLIENT_KEY, &self->files[1]) &&
               take_file(self, &CLIENT_CERTIFICATE, &self->files[2]);
  self->options.certificate_file = self->files[0];
  self->options.client_key_file = self->files[1];
  self->options.client_certificate_file = self->files[2];
  return taken;
}

bool otlp__exporter_environment_init(otlp__exporter_environment *self, otlp_signal signal) {
  static const char *const PROTOCOLS[] = {"grpc", "http/protobuf"};
  static const char *const COMPRESSIONS[] = {"none", "gzip"};
  *self = (otlp__exporter_environment){.options = OTLP_EXPORTER_OPTIONS_INIT};
  self->options.signal = signal;
  bool http = read_enum(self, &PROTOCOL, PROTOCOLS) == 1;
  self->protocol = http ? OTLP__PROTOCOL_HTTP_PROTOBUF : OTLP__PROTOCOL_GRPC;
  if (!take_endpoint(self, own_name(self, &ENDPOINT), "")) {
    take_endpoint(self, ENDPOINT.general, otlp__signal_facts_of(signal)->http_path);
  }
  if (!take_headers(self, own_name(self, &HEADERS))) {
    take_headers(self, HEADERS.general);
  }
  bool gzip = read_enum(self, &COMPRESSION, COMPRESSIONS) == 1;
  self->options.compression = gzip ? OTLP_COMPRESSION_GZIP : OTLP_COMPRESSION_NONE;
  self->options.insecure = otlp__env_bool(own_name(self, &INSECURE),
                                          otlp__env_bool(INSECURE.general, self->options.insecure));
  self->options.timeout_ms = otlp__env_timeout_ms(
      own_name(self, &TIMEOUT), otlp__env_timeout_ms(TIMEOUT.general, self->options.timeout_ms));
  return take_files(self);
}

void otlp__exporter_environment_clean_up(otlp__exporter_environment *self) {
  for (size_t i = 0; i < sizeof(self->files) / sizeof(self->files[0]); i++) {
    free(self->files[i]);
  }
  free(self->headers);
  otlp__key_values_clean_up(&self->header_pairs);
}

otlp_exporter *otlp_exporter_from_environment(otlp_signal signal) {
  otlp__exporter_environment environment;
  otlp_exporter *exporter = NULL;
  if (otlp__exporter_environment_init(&environment, signal)) {
    exporter = environment.protocol == OTLP__PROTOCOL_GRPC
                   ? otlp_grpc_exporter_new(&environment.options)
                   : otlp_http_exporter_new(&environment.options);
  }
  otlp__exporter_environment_clean_up(&environment);
  return exporter;
}
