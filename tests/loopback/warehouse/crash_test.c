/* SPDX-License-Identifier: Apache-2.0 */
/* kill -9 while orders are reserved and settled: after the same calls again the books add up. */
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "../../support/shop_process.h"
#include "shop/warehouse/v1/warehouse.mesh.h"

enum { ROUNDS = 5, ORDERS = 60, FIRST_STOCK = 1000000 };

typedef struct fixture {
  shop_harness shop;
  shop_process warehouse;
  shop_answer *answers[ORDERS];
  int first; /* order of the round */
  unsigned seed;
} fixture;

static int start(void **state) {
  static fixture self;
  const char *given = getenv("CRASH_SEED");
  self.seed = given != NULL ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
  print_message("CRASH_SEED=%u\n", self.seed);
  shop_harness_init(&self.shop);
  self.warehouse = (shop_process){.program = "warehouse-service",
                                  .environment = {"INVENTORY_AVAILABILITY=1000000"}};
  *state = &self;
  return 0;
}

static int stop(void **state) {
  fixture *self = *state;
  mesh_process_destroy(self->warehouse.process);
  shop_harness_clean_up(&self->shop);
  return 0;
}

static void restart(fixture *self) {
  if (self->warehouse.process != NULL) {
    shop_process_kill(&self->warehouse);
  }
  shop_process_start(&self->warehouse, &self->shop);
  shop_process_connect(&self->warehouse, &self->shop);
}

static shop_answer *begin(fixture *self, const char *method, const ProtobufCMessage *request) {
  return shop_start(&self->shop, &shop_warehouse_v1_warehouse_service_descriptor, method, request,
                    NULL);
}

static shop_answer *reserve(fixture *self, char *order_id, int index) {
  Shop__Warehouse__V1__Item item = SHOP__WAREHOUSE__V1__ITEM__INIT;
  Shop__Warehouse__V1__Item *items[] = {&item};
  Shop__Warehouse__V1__ReserveRequest request = SHOP__WAREHOUSE__V1__RESERVE_REQUEST__INIT;
  item.item_id = shop_text("sku001");
  item.quantity = 1 + index % 5;
  request.order_id = order_id;
  request.items = items;
  request.n_items = 1;
  return begin(self, "Reserve", &request.base);
}

/* Of three orders one is released, one committed and one left as it is. */
static shop_answer *settle(fixture *self, char *order_id, int index) {
  Shop__Warehouse__V1__ReleaseRequest release = SHOP__WAREHOUSE__V1__RELEASE_REQUEST__INIT;
  Shop__Warehouse__V1__CommitRequest commit = SHOP__WAREHOUSE__V1__COMMIT_REQUEST__INIT;
  release.order_id = order_id;
  commit.order_ids = &order_id;
  commit.n_order_ids = 1;
  switch (index % 3) {
  case 0:
    return begin(self, "Release", &release.base);
  case 1:
    return begin(self, "Commit", &commit.base);
  default:
    return reserve(self, order_id, index);
  }
}

/* Makes a call for each order of the round; kills the warehouse after some of the answers, if so
 * told, and makes all of them again. */
static void for_all(fixture *self, shop_answer *(*make)(fixture *, char *, int), bool is_killed) {
  for (int i = 0; i < ORDERS; i++) {
    char id[16];
    snprintf(id, sizeof id, "o-%05d", self->first + i);
    self->answers[i] = make(self, id, i);
  }
  if (is_killed) {
    shop_wait(self->answers[rand_r(&self->seed) % ORDERS]);
    mesh_process_signal(self->warehouse.process, SIGKILL);
  }
  for (int i = 0; i < ORDERS; i++) {
    shop_wait(self->answers[i]);
    if (!is_killed) {
      assert_string_equal(self->answers[i]->message, "");
    }
  }
  if (is_killed) {
    restart(self);
    for_all(self, make, false);
  }
}

static const ProtobufCMessage *ask(fixture *self, const char *method,
                                   const ProtobufCMessage *request) {
  shop_answer *answer = begin(self, method, request);
  shop_wait(answer);
  assert_string_equal(answer->message, "");
  return answer->reply;
}

/* What is reserved in a state, of the first page's thousand. */
static int64_t pieces(fixture *self, int state) {
  Shop__Warehouse__V1__ListReservationsRequest request =
      SHOP__WAREHOUSE__V1__LIST_RESERVATIONS_REQUEST__INIT;
  request.page_size = 1000;
  request.state = (Shop__Warehouse__V1__ReservationState)state;
  const Shop__Warehouse__V1__ListReservationsResponse *list =
      (const void *)ask(self, "ListReservations", &request.base);
  int64_t sum = 0;
  assert_string_equal(list->next_page_token, "");
  for (size_t i = 0; i < list->n_reservations; i++) {
    sum += list->reservations[i]->quantity;
  }
  return sum;
}

static void check_books(fixture *self, int rounds) {
  enum { HELD = 1, COMMITTED = 2, RELEASED = 3 };
  Shop__Warehouse__V1__ListStockRequest request = SHOP__WAREHOUSE__V1__LIST_STOCK_REQUEST__INIT;
  request.item_id = shop_text("sku001");
  const Shop__Warehouse__V1__ListStockResponse *list =
      (const void *)ask(self, "ListStock", &request.base);
  assert_int_equal(list->stock[0]->reserved_quantity, pieces(self, HELD));
  assert_int_equal(list->stock[0]->available_quantity + pieces(self, HELD) +
                       pieces(self, COMMITTED),
                   FIRST_STOCK);
  static const int each[] = {60, 60, 60}; /* 20 orders of each kind take 1 to 5 pieces */
  assert_int_equal(pieces(self, RELEASED), rounds * each[0]);
  assert_int_equal(pieces(self, COMMITTED), rounds * each[1]);
  assert_int_equal(pieces(self, HELD), rounds * each[2]);
}

/* An order would have its pieces twice or not at all, or pieces would be nobody's, after a crash.
 */
static void test_books_add_up(void **state) {
  fixture *self = *state;
  restart(self);
  for (int round = 0; round < ROUNDS; round++) {
    for_all(self, reserve, true);
    for_all(self, settle, true);
    check_books(self, round + 1);
    self->first += ORDERS;
  }
  shop_process_stop(&self->warehouse, &self->shop);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_books_add_up, start, stop),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
