/* SPDX-License-Identifier: Apache-2.0 */
/* Spans kept in memory, as a tree that a test can compare. */
#ifndef TESTS_SUPPORT_SPAN_TREE_H
#define TESTS_SUPPORT_SPAN_TREE_H

#include <otlp/exporters.h>
#include <otlp/sdk.h>

enum { SPAN_TREE_MAX = 1024, SPAN_TREE_TEXT_MAX = 16384 };

/* A provider that keeps its spans, and where it keeps them; of the provider, which is the caller's
 * to destroy. */
typedef struct span_tree {
  otlp_tracer_provider *provider;
  otlp_exporter *memory;
  char text[SPAN_TREE_TEXT_MAX];
  char value[1024];
} span_tree;

void span_tree_init(span_tree *self);
void span_tree_clean_up(span_tree *self);
otlp_tracer *span_tree_tracer(span_tree *self);

/*
 * Every span in a line of its own, below its parent and indented by two more, in the order they
 * started: "NAME KIND", " ERROR" behind it if it has that status, then " !EVENT" for each event.
 * Spans whose parent is not there are roots.
 */
const char *span_tree_text(span_tree *self);

/* An attribute of the first span of this name, as text; NULL when there is none. */
const char *span_tree_attribute(span_tree *self, const char *span_name, const char *key);

/* How many spans have this name. */
size_t span_tree_count(span_tree *self, const char *span_name);

/* Forgets all spans. */
void span_tree_reset(span_tree *self);

#endif
