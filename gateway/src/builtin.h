/* SPDX-License-Identifier: Apache-2.0 */
/* The descriptor sets inside the program. */
#ifndef GATEWAY_BUILTIN_H
#define GATEWAY_BUILTIN_H

#include "descriptors.h"

/* Adds what every API leans on and no set before has brought: google.api, google.rpc, the
 * well-known types, meshwork.http. */
void gateway_builtin_add_base(gateway_descriptors *descriptors);

/* Adds the shop's services. */
MESH_MUST_USE mesh_status gateway_builtin_add_shop(gateway_descriptors *descriptors);

#endif
