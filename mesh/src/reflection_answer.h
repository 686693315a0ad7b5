/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Server reflection without its streams: a request in, a response out (grpc/reflection/v1;
 * v1alpha is the same on the wire).
 *
 * Ownership: a response lives in the arena it was made in, and points into the request, the index
 * and the names. Threads: the index and the names are constant; an asker belongs to one stream.
 */
#ifndef MESH__REFLECTION_ANSWER_H
#define MESH__REFLECTION_ANSWER_H

#include <grpc/reflection/v1/reflection.pb-c.h>
#include <mesh/arena.h>

#include "descriptor_index.h"

/* The longest name that is looked for; longer ones are INVALID_ARGUMENT. */
enum { MESH__REFLECTION_NAME_MAX = 1024 };

/* What there is to tell. */
typedef struct mesh__reflection_facts {
  const mesh__descriptor_index *index;
  const char *const *services; /* their full names, in the order to list them */
  size_t service_count;
} mesh__reflection_facts;

/* One stream: it remembers which files it has sent, so that none is sent twice but when it is asked
 * for by name. All zero but `facts` and `sent`, which has a place for each file of the index. */
typedef struct mesh__reflection_asker {
  const mesh__reflection_facts *facts;
  bool *sent;
} mesh__reflection_asker;

/* The response; what cannot be answered is an error_response. */
const Grpc__Reflection__V1__ServerReflectionResponse *
mesh__reflection_answer(mesh__reflection_asker *asker,
                        const Grpc__Reflection__V1__ServerReflectionRequest *request,
                        mesh_arena *arena);

#endif
