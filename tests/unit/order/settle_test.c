/* SPDX-License-Identifier: Apache-2.0 */
#include "settle.h"

#include "../../support/cmocka_headers.h"

enum { RUN = 7, OTHER_RUN = 8 };
static const int64_t now = 1700000000000;

/* An order that is being made would be undone under its call's feet, or one that never will be stay
 * as it is, with its stock and its payment. */
static void test_what_is_due(void **state) {
  (void)state;
  static const struct {
    int64_t age_ms;
    uint32_t run;
    ledger_status status;
    bool is_due;
  } cases[] = {
      {0, RUN, LEDGER_PENDING, false},
      {ORDER_CREATE_TIMEOUT_MS, RUN, LEDGER_PENDING, false},
      {ORDER_GIVE_UP_AFTER_MS - 1, RUN, LEDGER_PENDING, false},
      {ORDER_GIVE_UP_AFTER_MS, RUN, LEDGER_PENDING, true},
      {0, OTHER_RUN, LEDGER_PENDING, true},
      {0, RUN, LEDGER_UNDOING, true},
      {0, OTHER_RUN, LEDGER_UNDOING, true},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char id[ORDER_ID_LENGTH + 1];
    order_id_write((uint64_t)(now - cases[i].age_ms), 42, cases[i].run, id);
    assert_int_equal(order_settle_is_due(id, cases[i].status, RUN, now), cases[i].is_due);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_what_is_due),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
