/* SPDX-License-Identifier: Apache-2.0 */
/* Running another protoc plugin. Threads: one. */
#ifndef GEN_CHILD_H
#define GEN_CHILD_H

#include "generate.h"

/* A gen_run_fn: runs `program`, found in the PATH unless it has a slash, with the request on its
 * stdin. */
bool gen_child_run(gen_pool *pool, const char *program, const gen_text *request,
                   gen_text *out_answer);

#endif
