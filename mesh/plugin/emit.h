/* SPDX-License-Identifier: Apache-2.0 */
/* Writing the two files. Texts live in the pool. Threads: one. */
#ifndef GEN_EMIT_H
#define GEN_EMIT_H

#include "model.h"

/* x.mesh.h */
gen_text gen_emit_header(gen_pool *pool, const gen_file *file);

/* x.mesh.c; `descriptor_set` is what reflection serves: the file and all that it imports. */
gen_text gen_emit_source(gen_pool *pool, const gen_file *file, const gen_text *descriptor_set);

#endif
