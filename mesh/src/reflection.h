/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Server reflection, v1 and v1alpha, which comes with every server.
 *
 * Ownership: outlives its calls; what descriptors it is given outlives it. Threads: set up on one,
 * before the server starts; the services on the server's loops; shutting down from any.
 */
#ifndef MESH__REFLECTION_H
#define MESH__REFLECTION_H

#include <mesh/loop.h>
#include <mesh/service.h>

typedef struct mesh__reflection mesh__reflection;

mesh__reflection *mesh__reflection_new(mesh_loop *const *loops, size_t loop_count);
void mesh__reflection_destroy(mesh__reflection *reflection);

/* The two services, to be added to the server. */
enum { MESH__REFLECTION_SERVICES = 2 };
void mesh__reflection_services(mesh__reflection *reflection,
                               mesh_service out_services[MESH__REFLECTION_SERVICES]);

/* Tells of a service. INVALID_ARGUMENT when its descriptor set cannot be read. A service without a
 * set is listed, and nothing more is known of it. */
MESH_MUST_USE mesh_status mesh__reflection_add(mesh__reflection *reflection,
                                               const mesh_service_descriptor *descriptor);

/* Ends the adding; before the first call. */
void mesh__reflection_finish(mesh__reflection *reflection);

/* Ends the streams that wait for their clients, so that they do not hold up the drain. */
void mesh__reflection_shut_down(mesh__reflection *reflection);

#endif
