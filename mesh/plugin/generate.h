/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plugin without its pipes: a google.protobuf.compiler.CodeGeneratorRequest in, a
 * CodeGeneratorResponse out. What is wrong with the .proto files or the options is said in the
 * response's `error`, a line each.
 *
 * Threads: one at a time for each pool.
 */
#ifndef GEN_GENERATE_H
#define GEN_GENERATE_H

#include "text.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Runs another plugin (protoc-gen-c, for the option "messages"): its request in, its answer out.
 * False when that does not work; out_answer then says why, as text. Lives in `pool`.
 */
typedef bool gen_run_fn(gen_pool *pool, const char *program, const gen_text *request,
                        gen_text *out_answer);

/* False when `request` cannot be parsed. The response lives in `pool`. */
bool gen_generate(gen_pool *pool, const uint8_t *request, size_t size, gen_run_fn *run,
                  gen_text *out_response);

#endif
