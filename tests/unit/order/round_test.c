/* SPDX-License-Identifier: Apache-2.0 */
#include "round.h"

#include "../../support/cmocka_headers.h"
#include "order_id.h"

enum { RUN = 7, OTHER_RUN = 8 };
static const int64_t now = 1700000000000;

static const char *id_of(int64_t age_ms, uint32_t run) {
  static char id[ORDER_ID_LENGTH + 1];
  order_id_write((uint64_t)(now - age_ms), 42, run, id);
  return id;
}

/* An acknowledged order would lose its stock, whatever else is true of it. */
static void test_commits_what_stands(void **state) {
  (void)state;
  static const char *const ids[] = {"01900000-0000-7000-8000-000000000007", "x", "not ours"};
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(order_round_decide(ids[i], LEDGER_CONFIRMED, RUN, now), ORDER_ROUND_COMMIT);
  }
}

/* The stock of an order that was given up would stay away. */
static void test_releases_what_failed(void **state) {
  (void)state;
  assert_int_equal(order_round_decide(id_of(0, RUN), LEDGER_FAILED, RUN, now), ORDER_ROUND_RELEASE);
}

/* What a crash cut short would stay reserved until someone looks. */
static void test_gives_up_orders_of_earlier_runs_at_once(void **state) {
  (void)state;
  assert_int_equal(order_round_decide(id_of(0, OTHER_RUN), LEDGER_UNKNOWN, RUN, now),
                   ORDER_ROUND_GIVE_UP);
}

/* An order that is being made would lose its stock half way, or one that never will be keep it. */
static void test_waits_for_orders_of_this_run(void **state) {
  (void)state;
  static const struct {
    int64_t age_ms;
    order_round_action action;
  } cases[] = {
      {0, ORDER_ROUND_AWAIT},
      {ORDER_CREATE_TIMEOUT_MS, ORDER_ROUND_AWAIT},
      {ORDER_GIVE_UP_AFTER_MS - 1, ORDER_ROUND_AWAIT},
      {ORDER_GIVE_UP_AFTER_MS, ORDER_ROUND_GIVE_UP},
      {-1000, ORDER_ROUND_AWAIT}, /* the clock was set back */
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    assert_int_equal(order_round_decide(id_of(cases[i].age_ms, RUN), LEDGER_UNKNOWN, RUN, now),
                     cases[i].action);
  }
}

/* Reservations that others made for their own orders would be released. */
static void test_leaves_what_is_not_ours(void **state) {
  (void)state;
  assert_int_equal(order_round_decide("cart-17", LEDGER_UNKNOWN, RUN, now), ORDER_ROUND_LEAVE);
}

/* What is being undone would be undone by two at once, and logged twice. */
static void test_leaves_open_orders_to_settling(void **state) {
  (void)state;
  static const ledger_status statuses[] = {LEDGER_PENDING, LEDGER_UNDOING};
  for (size_t i = 0; i < 2; i++) {
    assert_int_equal(order_round_decide(id_of(0, RUN), statuses[i], RUN, now), ORDER_ROUND_LEAVE);
    assert_int_equal(order_round_decide(id_of(0, OTHER_RUN), statuses[i], RUN, now),
                     ORDER_ROUND_LEAVE);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_commits_what_stands),
      cmocka_unit_test(test_releases_what_failed),
      cmocka_unit_test(test_gives_up_orders_of_earlier_runs_at_once),
      cmocka_unit_test(test_waits_for_orders_of_this_run),
      cmocka_unit_test(test_leaves_what_is_not_ours),
      cmocka_unit_test(test_leaves_open_orders_to_settling),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
