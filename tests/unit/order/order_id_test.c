/* SPDX-License-Identifier: Apache-2.0 */
#include "order_id.h"

#include <string.h>

#include "../../support/cmocka_headers.h"

/* Tools that know UUIDs would not know these (RFC 9562, section 5.7). */
static void test_is_a_uuid_of_version_7(void **state) {
  (void)state;
  char id[ORDER_ID_LENGTH + 1];
  order_id_write(UINT64_C(0x0192f3a4b5c6), 0, 0, id);
  assert_string_equal(id, "0192f3a4-b5c6-7000-8000-000000000000");
  order_id_write(UINT64_C(0xffffffffffff), UINT64_MAX, UINT32_MAX, id);
  assert_string_equal(id, "ffffffff-ffff-7fff-bfff-ffffffffffff");
}

/* Orders of one millisecond would get the same id. */
static void test_every_random_bit_counts(void **state) {
  (void)state;
  char ids[43][ORDER_ID_LENGTH + 1];
  for (int bit = 0; bit < 42; bit++) {
    order_id_write(1, UINT64_C(1) << bit, 7, ids[bit]);
  }
  order_id_write(1, 0, 7, ids[42]);
  for (int i = 0; i < 43; i++) {
    for (int j = 0; j < i; j++) {
      assert_string_not_equal(ids[i], ids[j]);
    }
  }
}

/* Lists, which go by id, would not go by time. */
static void test_sorts_by_time(void **state) {
  (void)state;
  char earlier[ORDER_ID_LENGTH + 1];
  char later[ORDER_ID_LENGTH + 1];
  order_id_write(1700000000000, UINT64_MAX, UINT32_MAX, earlier);
  order_id_write(1700000000001, 0, 0, later);
  assert_true(strcmp(earlier, later) < 0);
}

/* The recovery would take an order of this run for an old one, and give it up. */
static void test_says_when_and_in_which_run(void **state) {
  (void)state;
  char id[ORDER_ID_LENGTH + 1];
  order_id_parts parts;
  order_id_write(1700000000123, UINT64_C(0x123456789abcdef), 0xdeadbeef, id);
  assert_true(order_id_read(id, &parts));
  assert_true(parts.unix_ms == 1700000000123);
  assert_int_equal(parts.run, 0xdeadbeef);
}

/* The recovery would take other people's reservations for its own. */
static void test_knows_foreign_ids(void **state) {
  (void)state;
  static const char *const foreign[] = {
      "",
      "o-1",
      "0192f3a4-b5c6-4000-8000-000000000000",  /* another version */
      "0192f3a4-b5c6-7000-c000-000000000000",  /* another variant */
      "0192f3a4-b5c6-7000-8000-00000000000",   /* short */
      "0192f3a4-b5c6-7000-8000-0000000000000", /* long */
      "0192F3A4-b5c6-7000-8000-000000000000",  /* not as we write it */
      "0192f3a4xb5c6-7000-8000-000000000000",
      "0192f3a4-b5c6-7000-8000-00000000000g",
      "------------------------------------",
  };
  order_id_parts parts;
  for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
    assert_false(order_id_read(foreign[i], &parts));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_is_a_uuid_of_version_7),
      cmocka_unit_test(test_every_random_bit_counts),
      cmocka_unit_test(test_sorts_by_time),
      cmocka_unit_test(test_says_when_and_in_which_run),
      cmocka_unit_test(test_knows_foreign_ids),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
