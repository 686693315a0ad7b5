/* SPDX-License-Identifier: Apache-2.0 */
/* The ballot. Ownership: outlives the server it is bound to. Threads: one loop. */
#ifndef BALLOT_H
#define BALLOT_H

#include <mesh/service.h>

typedef struct ballot ballot;

ballot *ballot_new(void);

/* NULL does nothing. */
void ballot_destroy(ballot *self);

/* The ballot as a service, for mesh_app_add or mesh_server_add. */
mesh_service ballot_bind(ballot *self);

#endif
