/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which services are healthy: what grpc.health.v1 answers from, without its calls.
 *
 * Ownership: names are copied. Threads: any, it has a lock.
 */
#ifndef MESH__HEALTH_REGISTRY_H
#define MESH__HEALTH_REGISTRY_H

#include <stdbool.h>

/* The values of grpc.health.v1.HealthCheckResponse.ServingStatus. */
typedef enum mesh__serving {
  MESH__SERVING = 1,
  MESH__NOT_SERVING = 2,
  MESH__SERVICE_UNKNOWN = 3,
} mesh__serving;

typedef struct mesh__health_registry mesh__health_registry;

/* Knows "", the server as a whole, as SERVING. */
mesh__health_registry *mesh__health_registry_new(void);
void mesh__health_registry_destroy(mesh__health_registry *registry);

/* Sets a service, known or new. @return whether that changed anything. */
bool mesh__health_registry_set(mesh__health_registry *registry, const char *service,
                               bool is_serving);

/* Makes a service known as SERVING, unless it is known already. */
void mesh__health_registry_add(mesh__health_registry *registry, const char *service);

mesh__serving mesh__health_registry_get(mesh__health_registry *registry, const char *service);

/* From here on all that is known is NOT_SERVING, for good. */
void mesh__health_registry_shut_down(mesh__health_registry *registry);
bool mesh__health_registry_is_shut_down(mesh__health_registry *registry);

#endif
