/* SPDX-License-Identifier: Apache-2.0 */
/* Rules as messages of meshwork.fault.v1. */
#ifndef MESH__FAULT_MESSAGE_H
#define MESH__FAULT_MESSAGE_H

#include <mesh/arena.h>
#include <meshwork/fault/v1/fault.pb-c.h>

#include "fault_set.h"

typedef Meshwork__Fault__V1__Rule mesh__fault_message;

/* What a message says; a static text of what is wrong with it, or NULL. */
const char *mesh__fault_from_message(const mesh__fault_message *message,
                                     mesh__fault_rule *out_rule);

/* A rule in force, as a message in the arena. */
mesh__fault_message *mesh__fault_to_message(mesh__fault *fault, int64_t now_ms, mesh_arena *arena);

#endif
