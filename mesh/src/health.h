/* SPDX-License-Identifier: Apache-2.0 */
/*
 * grpc.health.v1, which comes with every server.
 *
 * Ownership: outlives its calls. Threads: setting from any; the service on the server's loops.
 */
#ifndef MESH__HEALTH_H
#define MESH__HEALTH_H

#include <mesh/loop.h>
#include <mesh/service.h>

typedef struct mesh__health mesh__health;

mesh__health *mesh__health_new(mesh_loop *const *loops, size_t loop_count);
void mesh__health_destroy(mesh__health *health);

/* The service, to be added to the server. */
mesh_service mesh__health_service(mesh__health *health);

/* Makes a service of the server known as SERVING, unless it has been set already. */
void mesh__health_add(mesh__health *health, const char *service);

/* Sets a service ("" is the server as a whole) and tells those who watch it. */
void mesh__health_set(mesh__health *health, const char *service, bool is_serving);

/* Everything is NOT_SERVING from now on; watchers are told, and then their calls are ended, so that
 * they do not hold up the drain. */
void mesh__health_shut_down(mesh__health *health);

#endif
