/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hash table of objects that carry their own node. It grows and never shrinks, and has twice as
 * many buckets as nodes, so that looking for one seldom touches another; what equal means is for
 * its users, who walk the nodes of one hash.
 */
#ifndef LENS_TABLE_H
#define LENS_TABLE_H

#include "bytes.h"

/* The first member of what is in a table. */
typedef struct lens_node {
  struct lens_node *next;
  uint64_t hash;
} lens_node;

typedef struct lens_table {
  lens_node **buckets;
  size_t bucket_count; /* a power of two */
  size_t count;
} lens_table;

void lens_table_init(lens_table *table);
void lens_table_clean_up(lens_table *table); /* the nodes are their owner's */

/* Adds a node whose hash is set. */
void lens_table_add(lens_table *table, lens_node *node);

/* Removes a node that is in the table. */
void lens_table_remove(lens_table *table, lens_node *node);

/* The first node with this hash, and the next one with the same; NULL when there is none. */
lens_node *lens_table_first(const lens_table *table, uint64_t hash);
lens_node *lens_node_next(const lens_node *node);

/* Bytes that the table itself takes. */
size_t lens_table_size(const lens_table *table);

/* A hash that cannot be foreseen without `seed`, so that chosen ids do not collide. */
uint64_t lens_hash(uint64_t seed, lens_bytes bytes);

/* A seed that nobody can foresee. */
uint64_t lens_hash_seed(void);

#endif
