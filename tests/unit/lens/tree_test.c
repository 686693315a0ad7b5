/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"
#include "tree.h"

#include <stdlib.h>

/* The tree as text: "name(child child)" in order; a stand-in is "?id", a cut cycle "name!". */
static void describe(const lens_tree *tree, lens_buffer *out) {
  size_t depth = 0;
  size_t at_depth = 0;
  for (size_t i = tree->first_root; i != LENS_NONE; i = lens_tree_next(tree, i, &depth)) {
    const lens_tree_node *node = &tree->nodes[i];
    for (; at_depth > depth; at_depth--) {
      lens_buffer_add_text(out, ")");
    }
    lens_buffer_add_text(out, out->size == 0 ? "" : depth > at_depth ? "(" : " ");
    at_depth = depth;
    if (node->is_missing) {
      lens_buffer_add_format(out, "?%u", node->view.span_id.data[7]);
    }
    lens_buffer_add_bytes(out, node->view.name);
    lens_buffer_add_text(out, node->is_cycle ? "!" : "");
  }
  for (; at_depth > 0; at_depth--) {
    lens_buffer_add_text(out, ")");
  }
}

static void assert_tree(const sample_span *spans, size_t count, const char *expected) {
  lens_buffer request = sample_request(spans, count);
  lens_buffer seen = {0};
  lens_tree tree;
  lens_tree_init(&tree, lens_buffer_bytes(&request));
  describe(&tree, &seen);
  assert_bytes_equal(&seen, expected);
  lens_tree_clean_up(&tree);
  lens_buffer_clean_up(&seen);
  lens_buffer_clean_up(&request);
}

/* Children would stand below the wrong span, or in the order they happened to arrive. */
static void children_are_in_the_order_of_their_starts(void **state) {
  (void)state;
  static const sample_span spans[] = {
      {.service = "b", .name = "late", .trace = 1, .id = 3, .parent = 1, .start = 30},
      {.service = "a", .name = "root", .trace = 1, .id = 1, .start = 10},
      {.service = "b", .name = "early", .trace = 1, .id = 2, .parent = 1, .start = 20},
      {.service = "b", .name = "below", .trace = 1, .id = 4, .parent = 2, .start = 25}};
  assert_tree(spans, COUNT_OF(spans), "root(early(below) late)");
}

/* A span whose parent is late or lost would not be shown at all. */
static void orphans_hang_below_a_stand_in(void **state) {
  (void)state;
  static const sample_span spans[] = {{.name = "b", .trace = 1, .id = 2, .parent = 9, .start = 20},
                                      {.name = "root", .trace = 1, .id = 1, .start = 25},
                                      {.name = "a", .trace = 1, .id = 3, .parent = 9, .start = 10},
                                      {.name = "c", .trace = 1, .id = 4, .parent = 8, .start = 30},
                                      {.name = "d", .trace = 1, .id = 5, .parent = 4, .start = 31}};
  assert_tree(spans, COUNT_OF(spans), "?9(a b) root ?8(c(d))");
}

/* A ring of parents would hide its spans, or be walked for ever. */
static void cycles_are_cut_at_their_earliest_span(void **state) {
  (void)state;
  static const sample_span ring[] = {{.name = "c", .trace = 1, .id = 3, .parent = 2, .start = 3},
                                     {.name = "a", .trace = 1, .id = 1, .parent = 3, .start = 1},
                                     {.name = "b", .trace = 1, .id = 2, .parent = 1, .start = 2},
                                     {.name = "x", .trace = 1, .id = 4, .parent = 2, .start = 0}};
  static const sample_span self[] = {{.name = "own", .trace = 1, .id = 1, .parent = 1}};
  assert_tree(ring, COUNT_OF(ring), "a!(b(x c))");
  assert_tree(self, COUNT_OF(self), "own!");
}

/* A span sent twice would be shown twice. */
static void duplicates_are_there_once(void **state) {
  (void)state;
  static const sample_span spans[] = {{.name = "a", .trace = 1, .id = 1, .start = 1},
                                      {.name = "b", .trace = 1, .id = 2, .parent = 1, .start = 1},
                                      {.name = "a", .trace = 1, .id = 1, .start = 1}};
  assert_tree(spans, COUNT_OF(spans), "a(b)");
}

/* A client and a server that share a span id would make a ring, or lose their children. */
static void spans_may_share_an_id(void **state) {
  (void)state;
  static const sample_span spans[] = {
      {.name = "client", .trace = 1, .id = 1, .start = 1, .kind = 3},
      {.name = "server", .trace = 1, .id = 1, .start = 2, .kind = 2},
      {.name = "child", .trace = 1, .id = 2, .parent = 1, .start = 3}};
  assert_tree(spans, COUNT_OF(spans), "client(child) server");
}

/* Nothing, or nothing readable, would crash the viewer. */
static void an_empty_trace_is_an_empty_tree(void **state) {
  (void)state;
  lens_tree tree;
  lens_tree_init(&tree, (lens_bytes){(const uint8_t *)"\x0a\xff", 2});
  assert_int_equal(tree.count, 0);
  assert_true(tree.first_root == LENS_NONE);
  lens_tree_clean_up(&tree);
}

/* A chain as long as a trace can be would exhaust the stack, or take quadratic time. */
static void a_long_chain_is_no_trouble(void **state) {
  (void)state;
  lens_buffer all = {0};
  enum { LENGTH = 20000 };
  for (uint64_t i = 1; i <= LENGTH; i++) {
    sample_span span = {.name = "n", .trace = 1, .id = i, .parent = i - 1, .start = i};
    lens_buffer one = sample_request(&span, 1);
    lens_buffer_add_bytes(&all, lens_buffer_bytes(&one));
    lens_buffer_clean_up(&one);
  }
  lens_tree tree;
  lens_tree_init(&tree, lens_buffer_bytes(&all));
  size_t depth = 0;
  size_t count = 0;
  for (size_t i = tree.first_root; i != LENS_NONE; i = lens_tree_next(&tree, i, &depth)) {
    assert_int_equal(depth, count);
    count++;
  }
  assert_int_equal(count, LENGTH);
  lens_tree_clean_up(&tree);
  lens_buffer_clean_up(&all);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(children_are_in_the_order_of_their_starts),
      cmocka_unit_test(orphans_hang_below_a_stand_in),
      cmocka_unit_test(cycles_are_cut_at_their_earliest_span),
      cmocka_unit_test(duplicates_are_there_once),
      cmocka_unit_test(spans_may_share_an_id),
      cmocka_unit_test(an_empty_trace_is_an_empty_tree),
      cmocka_unit_test(a_long_chain_is_no_trouble),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
