/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that is served, compiled from descriptors at start: services, methods, routes. A request
 * looks nothing up by name any more.
 *
 * Ownership: the API owns everything in it, and borrows the descriptors, which outlive it.
 * Threads: constant once made.
 */
#ifndef GATEWAY_API_H
#define GATEWAY_API_H

#include "descriptors.h"
#include "field_path.h"
#include "http_rule.h"
#include "router.h"

#include <mesh/service.h>

/* A service with at least one route. */
typedef struct gateway_service {
  const char *name; /* "shop.order.v1.OrderService" */
  const upb_ServiceDef *def;
  const char *default_target; /* from its .proto file, or NULL */
} gateway_service;

typedef struct gateway_method {
  const upb_MethodDef *def;
  const upb_MessageDef *input, *output;
  size_t service; /* index into the API's services */
  mesh_method call;
  bool may_hold_any; /* the output: see json_form.h */
  bool is_safe; /* GET, or declared to have no side effects or to be idempotent: may be retried */
  int success_status;
  gateway_path_template *location;     /* over fields of the output, or NULL */
  gateway_field_path *location_fields; /* one for each variable of `location` */
  gateway_failures failures;           /* those that are answered in a way of their own */
  const char *span_name;               /* of the INTERNAL span around the call, or NULL */
} gateway_method;

typedef enum gateway_body_kind {
  GATEWAY_BODY_NONE,  /* the request comes from path and query */
  GATEWAY_BODY_WHOLE, /* body: "*" */
  GATEWAY_BODY_FIELD,
} gateway_body_kind;

typedef struct gateway_route {
  const gateway_method *method;
  gateway_text http_method;
  gateway_path_template path_template;
  gateway_field_path variables[GATEWAY_VARIABLES_MAX]; /* where the template's variables go */
  gateway_body_kind body_kind;
  const upb_FieldDef *body_field;     /* with GATEWAY_BODY_FIELD */
  const upb_FieldDef *response_field; /* of response_body, or NULL for the whole response */
  const char *template_text;          /* as in the rule: the attribute http.route */
} gateway_route;

typedef struct gateway_api {
  upb_Arena *arena;
  const gateway_descriptors *descriptors;
  const upb_DefPool *pool;
  gateway_router *router;
  gateway_service *services;
  size_t service_count;
  gateway_method **methods;
  size_t method_count;
  gateway_route **routes; /* in the order of the descriptors */
  size_t route_count;
} gateway_api;

/* Compiles all services. INVALID_ARGUMENT names the method, its rule and what is wrong with it:
 * syntax, an unknown field, a path that another method has; or says that there is no method with a
 * rule at all. */
MESH_MUST_USE mesh_status gateway_api_new(const gateway_descriptors *descriptors,
                                          gateway_api **out_api);
void gateway_api_destroy(gateway_api *api);

#endif
