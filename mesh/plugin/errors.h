/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong with the input, a line each, so that one run shows it all. Threads: one. */
#ifndef GEN_ERRORS_H
#define GEN_ERRORS_H

#include "text.h"

typedef struct gen_errors {
  gen_text text; /* empty: nothing is wrong */
} gen_errors;

/* Adds a line, "FILE: message"; `file` may be NULL for what no file is to blame for. */
void gen_errors_add(gen_errors *errors, const char *file, const char *format, ...)
    __attribute__((__format__(__printf__, 3, 4)));

#endif
