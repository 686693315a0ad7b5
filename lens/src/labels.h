/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Resources and scopes, kept once however many spans refer to them. A label is counted; the last
 * release takes it out of the dictionary.
 */
#ifndef LENS_LABELS_H
#define LENS_LABELS_H

#include "otlp_walk.h"
#include "table.h"

typedef struct lens_label {
  lens_node node;
  struct lens_label *parent; /* a scope's resource, which it holds; NULL for a resource */
  uint64_t sequence;         /* in the order they were first seen */
  size_t references;
  const void *holder; /* the last of those who hold it once for many spans; theirs to use */
  lens_origin origin;
  lens_bytes service; /* the resource's service.name */
  uint8_t bytes[];
} lens_label;

typedef struct lens_labels {
  lens_table table;
  uint64_t seed;
  uint64_t next_sequence;
  size_t memory; /* bytes of all labels, and of the table */
} lens_labels;

void lens_labels_init(lens_labels *labels, uint64_t seed);

/* Every label must have been released. */
void lens_labels_clean_up(lens_labels *labels);

/* The label of a resource; one without attributes gets a service.name, for readers that show
 * nothing of a resource without any. */
lens_label *lens_labels_resource(lens_labels *labels, const lens_origin *resource);

/* The label of a scope within `resource`. */
lens_label *lens_labels_scope(lens_labels *labels, lens_label *resource, const lens_origin *scope);

/* The labels around the item at hand while a request is walked: `lens_labels_enter_...` are a
 * visitor's functions, for a `self` that begins with this. To be left at the end. */
typedef struct lens_label_walk {
  lens_labels *labels;
  lens_label *resource; /* held */
  lens_label *scope;    /* held */
} lens_label_walk;

void lens_labels_enter_resource(void *walk, const lens_origin *resource);
void lens_labels_enter_scope(void *walk, const lens_origin *scope);
void lens_labels_leave(lens_label_walk *walk);

lens_label *lens_label_acquire(lens_label *label);
void lens_labels_release(lens_labels *labels, lens_label *label); /* NULL does nothing */

#endif
