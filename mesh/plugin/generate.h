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

/* False when `request` cannot be parsed. The response lives in `pool`. */
bool gen_generate(gen_pool *pool, const uint8_t *request, size_t size, gen_text *out_response);

#endif
