/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the gateway is told from outside: options of the command line, and variables of the
 * environment. gateway/README.md lists them.
 */
#ifndef GATEWAY_CONFIG_H
#define GATEWAY_CONFIG_H

#include <mesh/status.h>
#include <stdint.h>

enum {
  GATEWAY_DESCRIPTOR_FILES_MAX = 16,
  GATEWAY_BACKENDS_MAX = 64,
};

/* Limits; all are at least 1. */
typedef struct gateway_limits {
  int64_t body_bytes;
  int64_t bodies_bytes; /* of all bodies that are on their way in */
  int64_t header_bytes; /* all headers together */
  int64_t url_bytes;
  int64_t connections;
  int64_t connections_per_ip;
  int64_t in_flight;  /* requests between their last byte and the first of their answer */
  int64_t timeout_ms; /* of a call */
  int64_t receive_ms; /* for a request to arrive, once it has begun */
  int64_t idle_ms;    /* of a connection without a request, or without progress */
} gateway_limits;

/* A part of the API and who serves it: `service` is the full name of a service, of a package (and
 * all below it), or "*". */
typedef struct gateway_backend_option {
  const char *service;
  size_t service_size;
  const char *target;
} gateway_backend_option;

/* Texts are borrowed from the command line and the environment. */
typedef struct gateway_config {
  const char *address; /* "host:port"; NULL: every address, at `port` */
  int port;
  const char *cors_origin; /* Access-Control-Allow-Origin, or NULL */
  const char *descriptor_files[GATEWAY_DESCRIPTOR_FILES_MAX];
  size_t descriptor_file_count;
  gateway_backend_option backends[GATEWAY_BACKENDS_MAX];
  size_t backend_count;
  gateway_limits limits;
  bool wants_help;
} gateway_config;

/* Reads the environment, then the command line, which wins. INVALID_ARGUMENT names the variable or
 * option that is wrong. */
MESH_MUST_USE mesh_status gateway_config_read(int argument_count, const char *const *arguments,
                                              gateway_config *out_config);

/* What --help prints. */
extern const char gateway_config_usage[];

#endif
