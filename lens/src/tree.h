/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree of a trace: which span stands below which, whatever state the trace is in. A span whose
 * parent has not come hangs below a stand-in for that parent; a ring of parents is cut at its
 * earliest span, which becomes a root. Roots and children are in the order of their starts.
 */
#ifndef LENS_TREE_H
#define LENS_TREE_H

#include "otlp_walk.h"

/* No span. */
#define LENS_NONE SIZE_MAX

typedef struct lens_tree_node {
  lens_span_view view; /* of a stand-in: only span_id, and the start of its first child */
  lens_bytes span;     /* the bytes; empty for a stand-in */
  lens_bytes service;
  size_t parent;
  size_t first_child;
  size_t next_sibling; /* for roots: the next root */
  bool is_missing;     /* a stand-in for a span that has not come */
  bool is_cycle;       /* its parent is one of its own descendants */
} lens_tree_node;

typedef struct lens_tree {
  lens_tree_node *nodes;
  size_t count;
  size_t capacity;
  size_t span_count; /* nodes that are no stand-ins: the first ones, by their starts */
  size_t first_root;
} lens_tree;

/* Builds the tree of all spans in `traces` (TracesData), which must outlive it. Spans that come
 * twice are there once. */
void lens_tree_init(lens_tree *tree, lens_bytes traces);
void lens_tree_clean_up(lens_tree *tree);

/* The node after `index` in depth-first order, and in `*depth` how deep it stands; LENS_NONE at the
 * end. Starts with first_root at depth 0. */
size_t lens_tree_next(const lens_tree *tree, size_t index, size_t *depth);

#endif
