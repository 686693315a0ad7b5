/* SPDX-License-Identifier: Apache-2.0 */
/* What a method's options say about HTTP: google.api.http and those of meshwork.http.v1. */
#ifndef GATEWAY_HTTP_RULE_H
#define GATEWAY_HTTP_RULE_H

#include "descriptors.h"
#include "failure.h"

enum { GATEWAY_RULES_MAX = 32 };

/* One binding (google/api/http.proto, HttpRule). */
typedef struct gateway_http_rule {
  gateway_text method; /* "GET", a custom kind, or "*" for any */
  gateway_text path;
  gateway_text body;          /* empty, "*", or a field of the request */
  gateway_text response_body; /* empty, or a field of the response */
} gateway_http_rule;

/* A method's rule and its additional bindings; how its calls are answered. */
typedef struct gateway_http_options {
  gateway_http_rule rules[GATEWAY_RULES_MAX];
  size_t rule_count;      /* 0: not served over HTTP */
  int success_status;     /* 200 to 299 */
  gateway_text location;  /* a path template over the response; may be empty */
  gateway_text span_name; /* may be empty */
  gateway_failures failures;
} gateway_http_options;

/* Reads them; texts live in `arena`. INVALID_ARGUMENT names the method and what is wrong. */
MESH_MUST_USE mesh_status gateway_http_options_read(const gateway_descriptors *descriptors,
                                                    const upb_MethodDef *method, upb_Arena *arena,
                                                    gateway_http_options *out_options);

/* The target that a service names for itself (meshwork.http.v1.default_target); empty if none. */
gateway_text gateway_http_default_target(const gateway_descriptors *descriptors,
                                         const upb_ServiceDef *service, upb_Arena *arena);

#endif
