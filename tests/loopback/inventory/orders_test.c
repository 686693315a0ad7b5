/* SPDX-License-Identifier: Apache-2.0 */
/* Orders of several products, some of which the warehouse has to agree to. */
#include <string.h>

#include "inventory_harness.h"

static int start(void **state) {
  static inventory_harness self;
  inventory_harness_start(&self, 100);
  *state = &self;
  return 0;
}

static int stop(void **state) {
  inventory_harness_stop(*state);
  return 0;
}

enum { ITEMS_MAX = 5 };

typedef struct line {
  const char *product_id; /* NULL: the end */
  int quantity;
} line;

static shop_answer *reserve(inventory_harness *self, const char *order_id, const line *lines) {
  Shop__Inventory__V1__ItemQuantity items[ITEMS_MAX];
  Shop__Inventory__V1__ItemQuantity *list[ITEMS_MAX];
  Shop__Inventory__V1__ReserveItemsRequest request =
      SHOP__INVENTORY__V1__RESERVE_ITEMS_REQUEST__INIT;
  request.order_id = shop_text(order_id);
  request.items = list;
  for (; lines[request.n_items].product_id != NULL; request.n_items++) {
    size_t i = request.n_items;
    shop__inventory__v1__item_quantity__init(&items[i]);
    items[i].product_id = shop_text(lines[i].product_id);
    items[i].quantity = lines[i].quantity;
    list[i] = &items[i];
  }
  return inventory_harness_call(self, "ReserveItems", &request.base);
}

static shop_answer *release(inventory_harness *self, const char *order_id,
                            const char *const *product_ids, size_t count) {
  Shop__Inventory__V1__ReleaseItemsRequest request =
      SHOP__INVENTORY__V1__RELEASE_ITEMS_REQUEST__INIT;
  request.order_id = shop_text(order_id);
  request.product_ids = (char **)(uintptr_t)product_ids;
  request.n_product_ids = count;
  request.reason = shop_text("a test");
  return inventory_harness_call(self, "ReleaseItems", &request.base);
}

static shop_answer *commit(inventory_harness *self, const char *const *order_ids, size_t count) {
  Shop__Inventory__V1__CommitRequest request = SHOP__INVENTORY__V1__COMMIT_REQUEST__INIT;
  request.order_ids = (char **)(uintptr_t)order_ids;
  request.n_order_ids = count;
  return inventory_harness_call(self, "Commit", &request.base);
}

static shop_answer *reserve_one(inventory_harness *self, const char *product_id, int quantity,
                                const char *order_id, const char *key) {
  Shop__Inventory__V1__ReserveRequest request = SHOP__INVENTORY__V1__RESERVE_REQUEST__INIT;
  request.product_id = shop_text(product_id);
  request.quantity = quantity;
  request.order_id = shop_text(order_id);
  request.idempotency_key = shop_text(key);
  return inventory_harness_call(self, "Reserve", &request.base);
}

static shop_answer *release_one(inventory_harness *self, const char *product_id,
                                const char *order_id) {
  Shop__Inventory__V1__ReleaseRequest request = SHOP__INVENTORY__V1__RELEASE_REQUEST__INIT;
  request.product_id = shop_text(product_id);
  request.order_id = shop_text(order_id);
  return inventory_harness_call(self, "Release", &request.base);
}

static const line both[] = {{"sku001", 3}, {"demo-product", 2}, {"sku002", 4}, {NULL, 0}};
static const char *const both_ids[] = {"sku001", "demo-product", "sku002"};

/* Asserts what is available and reserved of all three, and in the warehouse. */
static void assert_held(inventory_harness *self, int sku001, int demo, int sku002) {
  inventory_harness_assert_stock(self, "sku001", 100 - sku001, sku001);
  inventory_harness_assert_stock(self, "demo-product", 100 - demo, demo);
  inventory_harness_assert_stock(self, "sku002", 30 - sku002, sku002);
  assert_int_equal(self->warehouse.reserved[0], sku001);
  assert_int_equal(self->warehouse.reserved[1], sku002);
}

/* An order would get some of its items, or the warehouse not hear of it, or of it twice. */
static void test_all_items_are_held_here_and_there(void **state) {
  inventory_harness *self = *state;
  for (int i = 0; i < 2; i++) {
    shop_answer *answer = reserve(self, "o-1", both);
    assert_string_equal(answer->message, "");
    const Shop__Inventory__V1__ReserveItemsResponse *reply =
        (const Shop__Inventory__V1__ReserveItemsResponse *)answer->reply;
    assert_int_equal(reply->n_reservations, 3);
    assert_string_equal(reply->reservations[1]->product_id, "demo-product");
    assert_true(reply->reservations[0]->unit_price == 49.99);
    assert_int_equal(reply->reservations[2]->quantity, 4);
    assert_held(self, 3, 2, 4);
  }
}

/* Products that the warehouse has nothing to do with would depend on it. */
static void test_local_products_need_no_warehouse(void **state) {
  inventory_harness *self = *state;
  const line lines[] = {{"demo-product", 2}, {"laptop-001", 1}, {NULL, 0}};
  assert_int_equal(reserve(self, "o-1", lines)->code, GRPC_STATUS_OK);
  static const char *const ids[] = {"demo-product", "laptop-001"};
  assert_int_equal(release(self, "o-1", ids, 2)->code, GRPC_STATUS_OK);
  assert_int_equal(reserve(self, "o-2", lines)->code, GRPC_STATUS_OK);
  assert_int_equal(commit(self, (const char *const[]){"o-2"}, 1)->code, GRPC_STATUS_OK);
  assert_int_equal(self->warehouse.reserves + self->warehouse.releases + self->warehouse.commits,
                   0);
}

/* Part of an order that cannot be would stay reserved, or nobody know which item it was. */
static void test_all_or_nothing(void **state) {
  inventory_harness *self = *state;
  const line unknown[] = {{"demo-product", 2}, {"no-such", 1}, {NULL, 0}};
  shop_answer *answer = reserve(self, "o-1", unknown);
  assert_int_equal(answer->code, GRPC_STATUS_NOT_FOUND);
  assert_non_null(strstr(answer->message, "no-such"));
  assert_true(shop_has_detail(answer, "google.rpc.ResourceInfo"));
  const line many[] = {{"sku001", 2}, {"demo-product", 101}, {NULL, 0}};
  answer = reserve(self, "o-2", many);
  assert_int_equal(answer->code, GRPC_STATUS_FAILED_PRECONDITION);
  assert_string_equal(shop_reason(answer), "INSUFFICIENT_STOCK");
  assert_held(self, 0, 0, 0);
  assert_int_equal(self->warehouse.reserves, 0);
}

/* Nonsense would get into the books. */
static void test_refuses_nonsense(void **state) {
  inventory_harness *self = *state;
  const line twice[] = {{"sku001", 2}, {"sku001", 1}, {NULL, 0}};
  const line none[] = {{NULL, 0}};
  const line zero[] = {{"sku001", 0}, {NULL, 0}};
  assert_string_equal(shop_violated_field(reserve(self, "o-1", twice)), "items[1].product_id");
  assert_string_equal(shop_violated_field(reserve(self, "o-1", none)), "items");
  assert_string_equal(shop_violated_field(reserve(self, "o-1", zero)), "items[0].quantity");
  assert_string_equal(shop_violated_field(reserve(self, "", both)), "order_id");
  assert_string_equal(shop_violated_field(release(self, "o-1", NULL, 0)), "product_ids");
}

/* The shop would promise what the warehouse does not have. */
static void test_a_refusal_of_the_warehouse_releases_what_was_held(void **state) {
  inventory_harness *self = *state;
  self->warehouse.available[1] = 3;
  shop_answer *answer = reserve(self, "o-1", both);
  assert_int_equal(answer->code, GRPC_STATUS_FAILED_PRECONDITION);
  assert_string_equal(shop_reason(answer), "WAREHOUSE_REFUSED");
  assert_held(self, 0, 0, 0);
  assert_int_equal(self->warehouse.releases, 0);
  answer = reserve_one(self, "sku002", 4, "o-2", "");
  assert_string_equal(shop_reason(answer), "WAREHOUSE_REFUSED");
  assert_held(self, 0, 0, 0);
}

/* What the warehouse may hold after a call that broke would stay there. */
static void test_an_unclear_answer_of_the_warehouse_is_undone(void **state) {
  inventory_harness *self = *state;
  self->warehouse.reserve_code = GRPC_STATUS_UNAVAILABLE;
  self->warehouse.fails_late = true;
  shop_answer *answer = reserve(self, "o-1", both);
  assert_int_equal(answer->code, GRPC_STATUS_UNAVAILABLE);
  assert_int_equal(self->warehouse.releases, 1);
  assert_held(self, 0, 0, 0);
}

static bool is_work_over(void *data) {
  inventory_harness *self = data;
  return span_tree_count(&self->shop.spans, "check_availability") == 1;
}

/* Reserves as `owner`, and is gone before the warehouse has answered. */
static void reserve_and_go(inventory_harness *self, const char *owner) {
  self->warehouse.is_mute = true;
  Shop__Inventory__V1__ItemQuantity item = SHOP__INVENTORY__V1__ITEM_QUANTITY__INIT;
  item.product_id = shop_text("sku001");
  item.quantity = 3;
  Shop__Inventory__V1__ItemQuantity *items[] = {&item};
  Shop__Inventory__V1__ReserveItemsRequest request =
      SHOP__INVENTORY__V1__RESERVE_ITEMS_REQUEST__INIT;
  request.order_id = shop_text("o-1");
  request.items = items;
  request.n_items = 1;
  request.owner = shop_text(owner);
  mesh_context *context = mesh_context_new(self->shop.loop, NULL, 200);
  shop_answer *answer = shop_start(&self->shop, &shop_inventory_v1_inventory_service_descriptor,
                                   "ReserveItems", &request.base, context);
  shop_wait(answer);
  assert_int_equal(answer->code, GRPC_STATUS_DEADLINE_EXCEEDED);
  mesh_context_release(context);
  shop_harness_wait_for(&self->shop, is_work_over, self);
}

/* The owner may have called again and have been told that it has the stock: giving it back would
 * leave an order that stands without it. */
static void test_what_an_owner_left_is_its_own_to_settle(void **state) {
  inventory_harness *self = *state;
  reserve_and_go(self, "order-service");
  assert_int_equal(self->warehouse.releases, 0);
  assert_held(self, 3, 0, 0);
}

/* What nobody owns would stay held for ever. */
static void test_what_a_stranger_left_is_released(void **state) {
  inventory_harness *self = *state;
  reserve_and_go(self, "");
  assert_int_equal(self->warehouse.releases, 1);
  assert_held(self, 0, 0, 0);
}

/* Someone in between who answers with a code of refusals would leave pieces in the warehouse held,
 * with nobody who knows. */
static void test_a_refusal_without_a_reason_is_unclear(void **state) {
  inventory_harness *self = *state;
  self->warehouse.reserve_code = GRPC_STATUS_FAILED_PRECONDITION;
  self->warehouse.fails_late = true;
  shop_answer *answer = reserve(self, "o-1", both);
  assert_int_equal(answer->code, GRPC_STATUS_FAILED_PRECONDITION);
  assert_int_equal(self->warehouse.releases, 1);
  assert_int_equal(self->warehouse.reserved[0] + self->warehouse.reserved[1], 0);
  assert_held(self, 0, 0, 0);
}

/* A warehouse that is away would keep what it may hold, with nobody left who knows. */
static void test_what_cannot_be_undone_stays_held_until_it_can(void **state) {
  inventory_harness *self = *state;
  self->warehouse.reserve_code = GRPC_STATUS_UNAVAILABLE;
  self->warehouse.release_code = GRPC_STATUS_UNAVAILABLE;
  self->warehouse.fails_late = true;
  assert_int_equal(reserve(self, "o-1", both)->code, GRPC_STATUS_UNAVAILABLE);
  assert_held(self, 3, 2, 4);
  assert_int_equal(release(self, "o-1", both_ids, 3)->code, GRPC_STATUS_UNAVAILABLE);
  assert_held(self, 3, 2, 4);
  self->warehouse.release_code = GRPC_STATUS_OK;
  for (int i = 0; i < 2; i++) {
    assert_int_equal(release(self, "o-1", both_ids, 3)->code, GRPC_STATUS_OK);
    assert_held(self, 0, 0, 0);
  }
}

/* A Reserve that comes after the Release that undoes it would hold stock for ever. */
static void test_release_shuts_the_door(void **state) {
  inventory_harness *self = *state;
  static const char *const ids[] = {"sku001", "no-such", "demo-product", "sku002"};
  assert_int_equal(release(self, "o-1", ids, 4)->code, GRPC_STATUS_OK);
  assert_int_equal(reserve(self, "o-1", both)->code, GRPC_STATUS_ABORTED);
  assert_held(self, 0, 0, 0);
}

/* Stock would be sold here and still lie there, or the other way round. */
static void test_commits_there_and_here(void **state) {
  inventory_harness *self = *state;
  reserve(self, "o-1", both);
  for (int i = 0; i < 2; i++) {
    shop_answer *answer = commit(self, (const char *const[]){"o-1"}, 1);
    assert_int_equal(answer->code, GRPC_STATUS_OK);
    assert_int_equal(
        ((const Shop__Inventory__V1__CommitResponse *)answer->reply)->n_refused_order_ids, 0);
    inventory_harness_assert_stock(self, "sku001", 97, 0);
    inventory_harness_assert_stock(self, "demo-product", 98, 0);
    assert_int_equal(self->warehouse.sold[0], 3);
    assert_int_equal(self->warehouse.sold[1], 4);
  }
  assert_int_equal(release(self, "o-1", both_ids, 3)->code, GRPC_STATUS_FAILED_PRECONDITION);
}

/* Of an order that lost a part of its stock nobody would hear. */
static void test_an_order_that_lost_a_part_is_told(void **state) {
  inventory_harness *self = *state;
  const line lines[] = {{"demo-product", 2}, {"laptop-001", 1}, {NULL, 0}};
  reserve(self, "o-1", lines);
  reserve(self, "o-2", lines);
  static const char *const lost[] = {"laptop-001"};
  static const char *const never_had[] = {"phone-001"};
  release(self, "o-1", lost, 1);
  release(self, "o-2", never_had, 1);
  for (int i = 0; i < 2; i++) {
    shop_answer *answer = commit(self, (const char *const[]){"o-1", "o-2"}, 2);
    const Shop__Inventory__V1__CommitResponse *reply =
        (const Shop__Inventory__V1__CommitResponse *)answer->reply;
    assert_int_equal(reply->committed, i == 0 ? 3 : 0);
    assert_int_equal(reply->n_refused_order_ids, 1);
    assert_string_equal(reply->refused_order_ids[0], "o-1");
  }
}

/* With the warehouse away nothing would be sold, not even what does not lie there; or what lies
 * there would be, without it knowing. */
static void test_without_the_warehouse_the_rest_is_committed(void **state) {
  inventory_harness *self = *state;
  const line local[] = {{"laptop-001", 1}, {NULL, 0}};
  reserve(self, "o-1", both);
  reserve(self, "o-2", local);
  self->warehouse.commit_code = GRPC_STATUS_UNAVAILABLE;
  static const char *const ids[] = {"o-1", "o-2"};
  assert_int_equal(commit(self, ids, 2)->code, GRPC_STATUS_UNAVAILABLE);
  inventory_harness_assert_stock(self, "laptop-001", 49, 0);
  inventory_harness_assert_stock(self, "sku001", 97, 3);
  self->warehouse.commit_code = GRPC_STATUS_OK;
  assert_int_equal(commit(self, ids, 2)->code, GRPC_STATUS_OK);
  inventory_harness_assert_stock(self, "sku001", 97, 0);
  assert_int_equal(self->warehouse.sold[0], 3);
}

/* A plain reservation of a backed product would not be in the warehouse; or a key would bring back
 * an answer that is not true any more. */
static void test_plain_reservations_of_backed_products(void **state) {
  inventory_harness *self = *state;
  for (int i = 0; i < 2; i++) {
    assert_int_equal(reserve_one(self, "sku001", 5, "o-1", "k")->code, GRPC_STATUS_OK);
    assert_held(self, 5, 0, 0);
  }
  assert_int_equal(release_one(self, "sku001", "o-1")->code, GRPC_STATUS_OK);
  assert_held(self, 0, 0, 0);
  assert_int_equal(reserve_one(self, "sku001", 5, "o-1", "k")->code, GRPC_STATUS_ABORTED);
}

/* A second call for the order would be refused by the warehouse, and what the first one holds there
 * be given away here. */
static void test_backed_products_of_an_order_come_at_once(void **state) {
  inventory_harness *self = *state;
  const line first[] = {{"sku001", 5}, {NULL, 0}};
  assert_int_equal(reserve_one(self, "sku001", 5, "o-1", "")->code, GRPC_STATUS_OK);
  shop_answer *answers[] = {reserve_one(self, "sku002", 1, "o-1", ""), reserve(self, "o-1", both)};
  for (size_t i = 0; i < 2; i++) {
    assert_int_equal(answers[i]->code, GRPC_STATUS_ALREADY_EXISTS);
    assert_string_equal(shop_reason(answers[i]), "RESERVED_OTHERWISE");
  }
  assert_held(self, 5, 0, 0);
  assert_int_equal(self->warehouse.reserves, 1);
  assert_int_equal(reserve(self, "o-1", first)->code, GRPC_STATUS_OK);
  assert_int_equal(reserve_one(self, "demo-product", 2, "o-1", "")->code, GRPC_STATUS_OK);
  assert_held(self, 5, 2, 0);
  assert_int_equal(reserve(self, "o-2", both)->code, GRPC_STATUS_OK);
  assert_int_equal(reserve_one(self, "sku001", 3, "o-2", "")->code, GRPC_STATUS_ALREADY_EXISTS);
  assert_held(self, 8, 4, 4);
}

/* A warehouse that knows more of the order than we do would have it given away here. */
static void test_a_refusal_leaves_what_is_held_there(void **state) {
  inventory_harness *self = *state;
  reserve(self, "o-1", both);
  self->warehouse.reserve_code = GRPC_STATUS_ALREADY_EXISTS;
  shop_answer *answer = reserve(self, "o-1", both);
  assert_string_equal(shop_reason(answer), "WAREHOUSE_REFUSED");
  assert_held(self, 3, 2, 4);
}

/* A call that is repeated while the warehouse is away would undo what the first one was promised.
 */
static void test_an_unclear_repetition_undoes_nothing(void **state) {
  inventory_harness *self = *state;
  reserve(self, "o-1", both);
  self->warehouse.reserve_code = GRPC_STATUS_UNAVAILABLE;
  assert_int_equal(reserve(self, "o-1", both)->code, GRPC_STATUS_UNAVAILABLE);
  assert_int_equal(self->warehouse.releases, 0);
  assert_held(self, 3, 2, 4);
  const line more[] = {
      {"sku001", 3}, {"demo-product", 2}, {"sku002", 4}, {"laptop-001", 1}, {NULL, 0}};
  assert_int_equal(reserve(self, "o-1", more)->code, GRPC_STATUS_UNAVAILABLE);
  assert_held(self, 3, 2, 4);
  inventory_harness_assert_stock(self, "laptop-001", 50, 0);
}

/* The warehouse releases orders as wholes, so another product would be held here and not there. */
static void test_releasing_one_backed_product_releases_all(void **state) {
  inventory_harness *self = *state;
  reserve(self, "o-1", both);
  assert_int_equal(release_one(self, "sku001", "o-1")->code, GRPC_STATUS_OK);
  assert_held(self, 0, 2, 0);
}

/* Databases that were there before would not get the new products, or lose what they have. */
static void test_existing_databases_get_the_products(void **state) {
  inventory_harness *self = *state;
  self->sku001_stock = 7;
  inventory_harness_sql(self, "DELETE FROM items WHERE is_backed = 1;"
                              "ALTER TABLE items DROP COLUMN is_backed;"
                              "ALTER TABLE reservations DROP COLUMN owner;"
                              "UPDATE items SET available = 12 WHERE product_id = 'demo-product';"
                              "PRAGMA user_version = 1");
  inventory_harness_assert_stock(self, "sku001", 7, 0);
  inventory_harness_assert_stock(self, "sku002", 30, 0);
  inventory_harness_assert_stock(self, "demo-product", 12, 0);
}

/* A trace would not show that the warehouse was asked, and what it said. */
static void test_spans(void **state) {
  inventory_harness *self = *state;
  const line lines[] = {{"sku001", 3}, {NULL, 0}};
  reserve(self, "o-1", lines);
  span_tree *spans = &self->shop.spans;
  assert_string_equal(span_tree_text(spans),
                      "shop.inventory.v1.InventoryService/ReserveItems CLIENT\n"
                      "  shop.inventory.v1.InventoryService/ReserveItems SERVER\n"
                      "    check_availability INTERNAL\n"
                      "      query_inventory_database INTERNAL\n"
                      "        SELECT items CLIENT\n"
                      "      update_reservation INTERNAL\n"
                      "        INSERT reservations CLIENT\n"
                      "        UPDATE items CLIENT\n"
                      "      COMMIT inventory CLIENT\n"
                      "      inventory_to_warehouse_call INTERNAL\n"
                      "        shop.warehouse.v1.WarehouseService/Reserve CLIENT\n"
                      "          shop.warehouse.v1.WarehouseService/Reserve SERVER\n"
                      "        warehouse_response_handling INTERNAL\n");
  static const char step[] = "query_inventory_database";
  assert_string_equal(span_tree_attribute(spans, step, "inventory.sku"), "sku001");
  assert_string_equal(span_tree_attribute(spans, step, "inventory.item_id"), "sku001");
  assert_string_equal(span_tree_attribute(spans, step, "inventory.requested_quantity"), "3");
  assert_string_equal(span_tree_attribute(spans, step, "inventory.availability"), "100");
}

/* A trace would not show why nothing was reserved, and that what was is released. */
static void test_spans_of_a_refusal(void **state) {
  inventory_harness *self = *state;
  self->warehouse.available[0] = 2;
  const line lines[] = {{"sku001", 3}, {NULL, 0}};
  reserve(self, "o-1", lines);
  span_tree *spans = &self->shop.spans;
  assert_string_equal(span_tree_text(spans),
                      "shop.inventory.v1.InventoryService/ReserveItems CLIENT ERROR\n"
                      "  shop.inventory.v1.InventoryService/ReserveItems SERVER\n"
                      "    check_availability INTERNAL ERROR !exception\n"
                      "      query_inventory_database INTERNAL\n"
                      "        SELECT items CLIENT\n"
                      "      update_reservation INTERNAL\n"
                      "        INSERT reservations CLIENT\n"
                      "        UPDATE items CLIENT\n"
                      "      COMMIT inventory CLIENT\n"
                      "      inventory_to_warehouse_call INTERNAL ERROR !exception\n"
                      "        shop.warehouse.v1.WarehouseService/Reserve CLIENT ERROR\n"
                      "          shop.warehouse.v1.WarehouseService/Reserve SERVER\n"
                      "        warehouse_response_handling INTERNAL ERROR !exception\n"
                      "      release_inventory INTERNAL\n"
                      "        SELECT items CLIENT\n"
                      "        SELECT reservations CLIENT\n"
                      "        UPDATE reservations CLIENT\n"
                      "        UPDATE items CLIENT\n"
                      "        COMMIT inventory CLIENT\n");
  assert_string_equal(span_tree_attribute(spans, "check_availability", "error.type"),
                      "WAREHOUSE_REFUSED");
  assert_non_null(span_tree_attribute(spans, "release_inventory", "release.reason"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(test_all_items_are_held_here_and_there),
      TEST(test_local_products_need_no_warehouse),
      TEST(test_all_or_nothing),
      TEST(test_refuses_nonsense),
      TEST(test_a_refusal_of_the_warehouse_releases_what_was_held),
      TEST(test_an_unclear_answer_of_the_warehouse_is_undone),
      TEST(test_what_an_owner_left_is_its_own_to_settle),
      TEST(test_what_a_stranger_left_is_released),
      TEST(test_a_refusal_without_a_reason_is_unclear),
      TEST(test_what_cannot_be_undone_stays_held_until_it_can),
      TEST(test_release_shuts_the_door),
      TEST(test_commits_there_and_here),
      TEST(test_an_order_that_lost_a_part_is_told),
      TEST(test_without_the_warehouse_the_rest_is_committed),
      TEST(test_plain_reservations_of_backed_products),
      TEST(test_backed_products_of_an_order_come_at_once),
      TEST(test_a_refusal_leaves_what_is_held_there),
      TEST(test_an_unclear_repetition_undoes_nothing),
      TEST(test_releasing_one_backed_product_releases_all),
      TEST(test_existing_databases_get_the_products),
      TEST(test_spans),
      TEST(test_spans_of_a_refusal),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
