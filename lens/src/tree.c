/* SPDX-License-Identifier: Apache-2.0 */
#include "tree.h"

#include <stdlib.h>
#include <string.h>

/* A node under one of its ids: its own, or its parent's. */
typedef struct id_entry {
  lens_bytes id;
  size_t node;
  size_t stand_in; /* of the first entry of a missing parent: the stand-in, once there is one */
} id_entry;

typedef struct id_index {
  id_entry *entries; /* sorted by id, then by node */
  size_t count;
} id_index;

typedef struct collector {
  lens_tree *tree;
  lens_bytes service;
} collector;

static lens_tree_node *add_node(lens_tree *tree) {
  if (tree->count == tree->capacity) {
    size_t capacity = tree->capacity > 0 ? tree->capacity * 2 : 32;
    lens_tree_node *nodes = lens_alloc(capacity * sizeof(nodes[0]));
    if (tree->count > 0) {
      memcpy(nodes, tree->nodes, tree->count * sizeof(nodes[0]));
    }
    free(tree->nodes);
    tree->nodes = nodes;
    tree->capacity = capacity;
  }
  lens_tree_node *node = &tree->nodes[tree->count++];
  *node =
      (lens_tree_node){.parent = LENS_NONE, .first_child = LENS_NONE, .next_sibling = LENS_NONE};
  return node;
}

static void enter_resource(void *self, const lens_origin *resource) {
  collector *collecting = self;
  collecting->service = lens_resource_service(resource->message);
}

static void take_span(void *self, lens_bytes span) {
  collector *collecting = self;
  lens_tree_node *node = add_node(collecting->tree);
  node->view = lens_span_view_of(span);
  node->span = span;
  node->service = collecting->service;
}

static int compare_bytes(lens_bytes a, lens_bytes b) {
  size_t common = a.size < b.size ? a.size : b.size;
  int order = common > 0 ? memcmp(a.data, b.data, common) : 0;
  return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

static int compare_starts(const void *left, const void *right) {
  const lens_tree_node *a = left;
  const lens_tree_node *b = right;
  uint64_t a_start = a->view.start_unix_nanos;
  uint64_t b_start = b->view.start_unix_nanos;
  if (a_start != b_start) {
    return a_start < b_start ? -1 : 1;
  }
  int order = compare_bytes(a->view.span_id, b->view.span_id);
  return order != 0 ? order : compare_bytes(a->span, b->span);
}

static int compare_entries(const void *left, const void *right) {
  const id_entry *a = left;
  const id_entry *b = right;
  int order = compare_bytes(a->id, b->id);
  return order != 0 ? order : (a->node > b->node) - (a->node < b->node);
}

/* In sorted order, what is there twice lies side by side. */
static void remove_duplicates(lens_tree *tree) {
  size_t kept = 0;
  for (size_t i = 0; i < tree->count; i++) {
    if (kept > 0 && lens_bytes_equal(tree->nodes[i].span, tree->nodes[kept - 1].span)) {
      continue;
    }
    tree->nodes[kept++] = tree->nodes[i];
  }
  tree->count = kept;
}

static void index_add(id_index *index, lens_bytes id, size_t node) {
  index->entries[index->count++] = (id_entry){id, node, LENS_NONE};
}

static void index_sort(id_index *index) {
  qsort(index->entries, index->count, sizeof(index->entries[0]), compare_entries);
}

/* The first entry of this id: the earliest node, as nodes are in the order of their starts. */
static id_entry *index_find(const id_index *index, lens_bytes id) {
  size_t low = 0;
  size_t high = index->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (compare_bytes(index->entries[middle].id, id) < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  bool is_found = low < index->count && lens_bytes_equal(index->entries[low].id, id);
  return is_found ? &index->entries[low] : NULL;
}

static void find_parents(lens_tree *tree) {
  id_index ids = {lens_alloc(tree->count * sizeof(id_entry)), 0};
  for (size_t i = 0; i < tree->count; i++) {
    index_add(&ids, tree->nodes[i].view.span_id, i);
  }
  index_sort(&ids);
  for (size_t i = 0; i < tree->count; i++) {
    lens_tree_node *node = &tree->nodes[i];
    if (node->view.parent_span_id.size > 0) {
      const id_entry *parent = index_find(&ids, node->view.parent_span_id);
      node->parent = parent != NULL ? parent->node : LENS_NONE;
    }
  }
  free(ids.entries);
}

static bool is_orphan(const lens_tree_node *node) {
  return node->parent == LENS_NONE && node->view.parent_span_id.size > 0;
}

static size_t add_stand_in(lens_tree *tree, size_t child) {
  lens_tree_node *missing = add_node(tree);
  missing->is_missing = true;
  missing->view.span_id = tree->nodes[child].view.parent_span_id;
  missing->view.start_unix_nanos = tree->nodes[child].view.start_unix_nanos;
  return tree->count - 1;
}

/* One stand-in for each parent that is missing, however many children it has. */
static void add_stand_ins(lens_tree *tree) {
  id_index orphans = {lens_alloc(tree->count * sizeof(id_entry)), 0};
  for (size_t i = 0; i < tree->span_count; i++) {
    if (is_orphan(&tree->nodes[i])) {
      index_add(&orphans, tree->nodes[i].view.parent_span_id, i);
    }
  }
  index_sort(&orphans);
  for (size_t i = 0; i < tree->span_count; i++) {
    if (is_orphan(&tree->nodes[i])) {
      id_entry *group = index_find(&orphans, tree->nodes[i].view.parent_span_id);
      if (group->stand_in == LENS_NONE) {
        group->stand_in = add_stand_in(tree, i);
      }
      tree->nodes[i].parent = group->stand_in;
    }
  }
  free(orphans.entries);
}

/* Follows the parents from `index` up; what was seen on this very way up is a ring. */
static void cut_cycle(lens_tree *tree, size_t index, size_t *seen_from) {
  size_t at = index;
  while (at != LENS_NONE && seen_from[at] == LENS_NONE) {
    seen_from[at] = index;
    at = tree->nodes[at].parent;
  }
  if (at == LENS_NONE || seen_from[at] != index) {
    return;
  }
  size_t earliest = at;
  for (size_t i = tree->nodes[at].parent; i != at; i = tree->nodes[i].parent) {
    earliest = i < earliest ? i : earliest;
  }
  tree->nodes[earliest].parent = LENS_NONE;
  tree->nodes[earliest].is_cycle = true;
}

static void cut_cycles(lens_tree *tree) {
  size_t *seen_from = lens_alloc(tree->count * sizeof(seen_from[0]));
  memset(seen_from, 0xff, tree->count * sizeof(seen_from[0])); /* LENS_NONE */
  for (size_t i = 0; i < tree->count; i++) {
    cut_cycle(tree, i, seen_from);
  }
  free(seen_from);
}

static void link_node(lens_tree *tree, size_t index) {
  lens_tree_node *node = &tree->nodes[index];
  size_t *head =
      node->parent == LENS_NONE ? &tree->first_root : &tree->nodes[node->parent].first_child;
  node->next_sibling = *head;
  *head = index;
}

/* Stand-ins are roots and lie behind the spans; both are in the order of their starts. */
static void link_children(lens_tree *tree) {
  size_t *order = lens_alloc(tree->count * sizeof(order[0]));
  size_t missing = tree->span_count;
  size_t span = 0;
  for (size_t i = 0; i < tree->count; i++) {
    bool is_missing_next = span == tree->span_count ||
                           (missing < tree->count && tree->nodes[missing].view.start_unix_nanos <=
                                                         tree->nodes[span].view.start_unix_nanos);
    order[i] = is_missing_next ? missing++ : span++;
  }
  for (size_t i = tree->count; i > 0; i--) {
    link_node(tree, order[i - 1]);
  }
  free(order);
}

void lens_tree_init(lens_tree *tree, lens_bytes traces) {
  *tree = (lens_tree){.first_root = LENS_NONE};
  collector collecting = {.tree = tree};
  lens_visitor visitor = {.resource = enter_resource, .item = take_span, .self = &collecting};
  lens_otlp_walk(traces, &visitor);
  if (tree->count == 0) {
    return;
  }
  qsort(tree->nodes, tree->count, sizeof(tree->nodes[0]), compare_starts);
  remove_duplicates(tree);
  tree->span_count = tree->count;
  find_parents(tree);
  add_stand_ins(tree);
  cut_cycles(tree);
  link_children(tree);
}

void lens_tree_clean_up(lens_tree *tree) {
  free(tree->nodes);
  *tree = (lens_tree){0};
}

size_t lens_tree_next(const lens_tree *tree, size_t index, size_t *depth) {
  if (tree->nodes[index].first_child != LENS_NONE) {
    (*depth)++;
    return tree->nodes[index].first_child;
  }
  while (tree->nodes[index].next_sibling == LENS_NONE && tree->nodes[index].parent != LENS_NONE) {
    (*depth)--;
    index = tree->nodes[index].parent;
  }
  return tree->nodes[index].next_sibling;
}
