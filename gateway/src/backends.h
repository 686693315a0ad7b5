/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who serves the API: clients for each service, of few channels for each target.
 *
 * The target of a service "shop.order.v1.OrderService" is, the first that is there: a --backend
 * option for it, its package or a package around it (the longest wins), or "*"; the variable
 * SHOP_ORDER_V1_ORDER_SERVICE_URL; the variable ORDER_SERVICE_URL; the option
 * meshwork.http.v1.default_target of the service in its .proto file.
 *
 * Ownership: the backends own their clients; configuration and API outlive them. Threads: constant
 * once made; clients are safe on any loop.
 */
#ifndef GATEWAY_BACKENDS_H
#define GATEWAY_BACKENDS_H

#include "api.h"
#include "config.h"

#include <mesh/client.h>

typedef struct gateway_backends gateway_backends;

typedef struct gateway_backends_options {
  const gateway_api *api;
  const gateway_config *config;
  const mesh_interceptor *const *interceptors; /* of the clients of calls, not of health checks */
  size_t interceptor_count;
} gateway_backends_options;

/* INVALID_ARGUMENT names the service that nobody serves, or the target that is none. */
MESH_MUST_USE mesh_status gateway_backends_new(const gateway_backends_options *options,
                                               gateway_backends **out_backends);

/* No call may be under way. NULL does nothing. */
void gateway_backends_destroy(gateway_backends *backends);

/* For the service of this index in the API. */
mesh_client *gateway_backends_client(const gateway_backends *backends, size_t service);

/* The same for calls with a stream of replies, which are bounded in how much of one waits here. */
mesh_client *gateway_backends_stream_client(const gateway_backends *backends, size_t service);

/* One for health checks of it, which no interceptor sees. */
mesh_client *gateway_backends_health_client(const gateway_backends *backends, size_t service);
const char *gateway_backends_target(const gateway_backends *backends, size_t service);

/* The names of the variables for a service, in `out_names`: by its full name, and by its own. */
enum { GATEWAY_VARIABLE_SIZE = 256 };
typedef struct gateway_target_variables {
  char full_name[GATEWAY_VARIABLE_SIZE];
  char short_name[GATEWAY_VARIABLE_SIZE];
} gateway_target_variables;
void gateway_target_variables_of(const char *service, gateway_target_variables *out_names);

/* The target that the options give for a service, or NULL. */
const char *gateway_backend_option_find(const gateway_config *config, const char *service);

#endif
