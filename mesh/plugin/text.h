/* SPDX-License-Identifier: Apache-2.0 */
/* Text that grows, and templates with $names$ in them. Lives in a pool. Threads: one. */
#ifndef GEN_TEXT_H
#define GEN_TEXT_H

#include "pool.h"

typedef struct gen_text {
  gen_pool *pool;
  char *data; /* NUL-terminated once something was added; NULL before */
  size_t size;
  size_t capacity;
} gen_text;

/* What stands for $name$ in a template. */
typedef struct gen_variable {
  const char *name;
  const char *value;
} gen_variable;

/* An empty text in `pool`. */
gen_text gen_text_make(gen_pool *pool);

void gen_text_add(gen_text *text, const char *piece, size_t size);
void gen_text_printf(gen_text *text, const char *format, ...)
    __attribute__((__format__(__printf__, 2, 3)));

/*
 * Adds `format` with each $name$ replaced by its value; "$$" is a dollar. `variables` ends with a
 * NULL name. A name that is not there is a bug, and asserted.
 */
void gen_text_template(gen_text *text, const char *format, const gen_variable *variables);

/*
 * Adds a doc comment, indented by `indent` blanks: the lines of `comment` as protoc hands them out
 * (each but for its slashes), trimmed at both ends. Nothing for NULL and blank ones.
 */
void gen_text_comment(gen_text *text, const char *comment, int indent);

#endif
