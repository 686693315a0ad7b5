/* SPDX-License-Identifier: Apache-2.0 */
/* Two things of one file must not get the same C name. Threads: one. */
#ifndef GEN_SYMBOLS_H
#define GEN_SYMBOLS_H

#include "model.h"

/* Reports each pair of services or methods that would make the same C name, and what to do. */
void gen_symbols_check(gen_pool *pool, const gen_file *file, const gen_options *options,
                       gen_errors *errors);

#endif
