/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kill -9 of any of the six processes, or of two, at random moments under load; or SIGTERM to one
 * of them; or calls that fail and answers that are lost between all of them; then the books are
 * checked. CRASH_SECONDS says for how long (15, a third, and half of it), CRASH_SEED repeats a run.
 */
#include "audit.h"
#include "cmocka_headers.h"
#include "http.h"
#include "shop.h"
#include "shoppers.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { SHORTEST_LIFE_MS = 50, LONGEST_LIFE_MS = 700, SETTLING_TURNS = 3 };

static const audit_stock first_stock = {.inventory = {300, 30, 100, 75}, .warehouse = {340, 30}};

static unsigned number_of(const char *variable, unsigned fallback) {
  const char *text = getenv(variable);
  return text != NULL ? (unsigned)strtoul(text, NULL, 10) : fallback;
}

static double now_seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Every one of the six, but not lens, which does not run. */
static shop_program choose(unsigned *seed) {
  return (shop_program)(SHOP_FRAUD + rand_r(seed) % (SHOP_PROGRAM_COUNT - SHOP_FRAUD));
}

/* This one, and sometimes another with it. */
static void kill_one(shop *self, shop_program first, unsigned *seed, int *kills) {
  shop_program second = rand_r(seed) % 3 == 0 ? choose(seed) : first;
  shop_kill_program(self, first);
  kills[first]++;
  if (second != first) {
    shop_kill_program(self, second);
    kills[second]++;
    shop_start_program(self, second);
  }
  shop_start_program(self, first);
}

/* As a deployment does it: it ends well, whatever it has at hand. */
static void stop_one(shop *self, shop_program program, unsigned *seed, int *stops) {
  (void)seed;
  assert_int_equal(shop_stop_program(self, program), 0);
  stops[program]++;
  shop_start_program(self, program);
}

static void let_live(unsigned *seed) {
  usleep(1000u *
         (SHORTEST_LIFE_MS + (unsigned)rand_r(seed) % (LONGEST_LIFE_MS - SHORTEST_LIFE_MS)));
}

/* How programs end, and start again. */
typedef void ending(shop *self, shop_program program, unsigned *seed, int *ends);

/* Each of them once, and then whoever. */
static void end_for(shop *self, ending *end_one, unsigned seconds, unsigned seed, int *ends) {
  double end = now_seconds() + seconds;
  for (int i = SHOP_FRAUD; i < SHOP_PROGRAM_COUNT; i++) {
    let_live(&seed);
    end_one(self, (shop_program)i, &seed, ends);
  }
  while (now_seconds() < end) {
    let_live(&seed);
    end_one(self, choose(&seed), &seed, ends);
  }
}

static bool is_settled(void *books) {
  return audit_is_settled(books);
}

static void wait_until_settled(const shop *self) {
  sqlite3 *books = audit_open(self->folder);
  bool settled = false;
  for (int i = 0; i < SETTLING_TURNS && !settled; i++) {
    settled = mesh_process_wait_until(is_settled, books);
  }
  assert_true(settled);
  sqlite3_close(books);
}

static void stop_all(shop *self) {
  for (int i = SHOP_PROGRAM_COUNT - 1; i >= SHOP_FRAUD; i--) {
    assert_int_equal(shop_stop_program(self, (shop_program)i), 0);
  }
}

static void report(const shoppers *buyers, const int *ends) {
  print_message("%d orders, %d declined, %d unknown items, %d out of stock, %d retries; ends:"
                " fraud %d, payment %d, warehouse %d, inventory %d, order %d, gateway %d\n",
                buyers->outcomes[SHOPPERS_BOUGHT], buyers->outcomes[SHOPPERS_DECLINED],
                buyers->outcomes[SHOPPERS_UNKNOWN_ITEM], buyers->outcomes[SHOPPERS_OUT_OF_STOCK],
                buyers->retries, ends[SHOP_FRAUD], ends[SHOP_PAYMENT], ends[SHOP_WAREHOUSE],
                ends[SHOP_INVENTORY], ends[SHOP_ORDER], ends[SHOP_GATEWAY]);
}

/* Waits for the last purchase, and until nothing is open any more; then everything must add up. */
static void check_books(shop *self, shoppers *buyers, const int *ends) {
  shoppers_close(buyers);
  report(buyers, ends);
  assert_string_equal(buyers->wrong_answer, "");
  wait_until_settled(self);
  stop_all(self);

  sqlite3 *books = audit_open(self->folder);
  audit_check(books, buyers, &first_stock);
  sqlite3_close(books);
  assert_true(buyers->sale_count > 0);
  shoppers_clean_up(buyers);
  shop_clean_up(self);
}

/* With two more variables, or none: NULL. */
static void start_shop(shop *self, const char *chaos, const char *rules) {
  shop_start(
      self, &(shop_options){.otlp_endpoint = "http://127.0.0.1:9",
                            .environment = {"OTEL_SDK_DISABLED=true", "MESH_LOOPS=2",
                                            "FRAUD_PERCENTAGE=5", "FRAUD_ALLOW_FORCED_OUTCOME=true",
                                            "INVENTORY_AVAILABILITY=300", chaos, rules}});
}

/* Ends programs under load, and checks the books. */
static void end_and_check(shoppers *buyers, ending *end_one, unsigned seconds) {
  static shop self;
  int ends[SHOP_PROGRAM_COUNT] = {0};
  unsigned seed = number_of("CRASH_SEED", (unsigned)time(NULL));
  print_message("CRASH_SEED=%u\n", seed);
  start_shop(&self, NULL, NULL);
  shoppers_start(buyers, self.ports[SHOP_GATEWAY], seed);
  end_for(&self, end_one, seconds, seed, ends);
  check_books(&self, buyers, ends);
}

/* A crash would leave stock or payments for no order, orders without stock or payment, lose an
 * order that was acknowledged, or make two of one. */
static void no_crash_leaves_the_books_wrong(void **state) {
  (void)state;
  static shoppers buyers;
  end_and_check(&buyers, kill_one, number_of("CRASH_SECONDS", 15));
  for (int i = 0; i < SHOPPERS_OUTCOMES; i++) {
    assert_true(buyers.outcomes[i] > 0);
  }
}

/* A deployment would: a program that is asked to stop would drop what it had taken, or go before
 * what it has said is in its books, or not go well. */
static void no_deployment_leaves_the_books_wrong(void **state) {
  (void)state;
  static shoppers buyers;
  end_and_check(&buyers, stop_one, number_of("CRASH_SECONDS", 15) / 3);
}

/* For every call between any two of them, those of the recovery too: its work is done, and its
 * answer is late, or lost. */
static const char faults[] =
    "MESH_FAULTS=* client delay=exponential(10ms)@20% abort=INTERNAL@10% when=after;"
    "* server delay=uniform(0ms,40ms)@30% abort=UNAVAILABLE@30% when=after";

/* An answer that is lost would be taken for work that was not done, or a call that is tried again
 * do its work twice. */
static void no_lost_answer_leaves_the_books_wrong(void **state) {
  (void)state;
  static shop self;
  static shoppers buyers;
  const int kills[SHOP_PROGRAM_COUNT] = {0};
  unsigned seed = number_of("CRASH_SEED", (unsigned)time(NULL));
  start_shop(&self, "CHAOS_MONKEY_ENABLED=true", faults);
  shoppers_start(&buyers, self.ports[SHOP_GATEWAY], seed);
  sleep(number_of("CRASH_SECONDS", 15) / 2);
  check_books(&self, &buyers, kills);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_crash_leaves_the_books_wrong),
      cmocka_unit_test(no_deployment_leaves_the_books_wrong),
      cmocka_unit_test(no_lost_answer_leaves_the_books_wrong),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
