/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"
#include "table.h"

/* Nodes would be lost when the table grows, or others go with one that is removed. */
static void finds_every_node_while_growing_and_shrinking(void **state) {
  (void)state;
  static lens_node nodes[1000];
  lens_table table;
  lens_table_init(&table);
  for (size_t i = 0; i < COUNT_OF(nodes); i++) {
    nodes[i].hash = lens_hash(7, (lens_bytes){(const uint8_t *)&i, sizeof(i)});
    lens_table_add(&table, &nodes[i]);
  }
  assert_true(lens_table_size(&table) >= COUNT_OF(nodes) * sizeof(void *));
  for (size_t i = 0; i < COUNT_OF(nodes); i += 2) {
    lens_table_remove(&table, &nodes[i]);
  }
  assert_int_equal(table.count, COUNT_OF(nodes) / 2);
  for (size_t i = 0; i < COUNT_OF(nodes); i++) {
    assert_ptr_equal(lens_table_first(&table, nodes[i].hash), i % 2 == 0 ? NULL : &nodes[i]);
  }
  lens_table_clean_up(&table);
}

/* Objects whose hashes collide would hide each other. */
static void walks_all_nodes_of_one_hash(void **state) {
  (void)state;
  lens_node nodes[3] = {{.hash = 5}, {.hash = 5 + 64}, {.hash = 5}};
  lens_table table;
  lens_table_init(&table);
  for (size_t i = 0; i < COUNT_OF(nodes); i++) {
    lens_table_add(&table, &nodes[i]);
  }
  const lens_node *first = lens_table_first(&table, 5);
  assert_ptr_equal(first, &nodes[2]);
  assert_ptr_equal(lens_node_next(first), &nodes[0]);
  assert_null(lens_node_next(&nodes[0]));
  lens_table_clean_up(&table);
}

/* Ids chosen by a sender could be made to collide. */
static void hash_depends_on_seed_length_and_every_byte(void **state) {
  (void)state;
  uint8_t bytes[16] = {0};
  lens_bytes key = {bytes, sizeof(bytes)};
  uint64_t plain = lens_hash(1, key);
  assert_true(plain == lens_hash(1, key));
  assert_true(plain != lens_hash(2, key));
  assert_true(plain != lens_hash(1, (lens_bytes){bytes, 15}));
  for (size_t i = 0; i < sizeof(bytes); i++) {
    bytes[i] = 1;
    assert_true(plain != lens_hash(1, key));
    bytes[i] = 0;
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(finds_every_node_while_growing_and_shrinking),
      cmocka_unit_test(walks_all_nodes_of_one_hash),
      cmocka_unit_test(hash_depends_on_seed_length_and_every_byte),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
