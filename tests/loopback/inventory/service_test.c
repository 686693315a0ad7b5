/* SPDX-License-Identifier: Apache-2.0 */
/* The inventory through its own interface: what is promised, to whom, and that the books add up. */
#include <string.h>

#include "inventory_harness.h"

typedef Shop__Inventory__V1__Item item;
typedef Shop__Inventory__V1__Reservation reservation;
typedef inventory_harness fixture;

static int start(void **state) {
  static fixture self;
  inventory_harness_start(&self, 100);
  *state = &self;
  return 0;
}

static int stop(void **state) {
  inventory_harness_stop(*state);
  return 0;
}

static shop_answer *call(fixture *self, const char *method, const ProtobufCMessage *request) {
  return inventory_harness_call(self, method, request);
}

static shop_answer *get(fixture *self, const char *product_id) {
  return inventory_harness_get(self, product_id);
}

static void assert_stock(fixture *self, const char *product_id, int available, int reserved) {
  inventory_harness_assert_stock(self, product_id, available, reserved);
}

static Shop__Inventory__V1__ReserveRequest reserve_request(const char *product_id, int quantity,
                                                           const char *order_id) {
  Shop__Inventory__V1__ReserveRequest request = SHOP__INVENTORY__V1__RESERVE_REQUEST__INIT;
  request.product_id = shop_text(product_id);
  request.quantity = quantity;
  request.order_id = shop_text(order_id);
  return request;
}

static shop_answer *reserve(fixture *self, const char *product_id, int quantity,
                            const char *order_id) {
  Shop__Inventory__V1__ReserveRequest request = reserve_request(product_id, quantity, order_id);
  return call(self, "Reserve", &request.base);
}

static shop_answer *release(fixture *self, const char *product_id, const char *order_id) {
  Shop__Inventory__V1__ReleaseRequest request = SHOP__INVENTORY__V1__RELEASE_REQUEST__INIT;
  request.product_id = shop_text(product_id);
  request.order_id = shop_text(order_id);
  return call(self, "Release", &request.base);
}

static const Shop__Inventory__V1__CommitResponse *
commit(fixture *self, const char *const *order_ids, size_t count) {
  Shop__Inventory__V1__CommitRequest request = SHOP__INVENTORY__V1__COMMIT_REQUEST__INIT;
  request.order_ids = (char **)(uintptr_t)order_ids;
  request.n_order_ids = count;
  shop_answer *answer = call(self, "Commit", &request.base);
  assert_int_equal(answer->code, GRPC_STATUS_OK);
  return (const Shop__Inventory__V1__CommitResponse *)answer->reply;
}

static const Shop__Inventory__V1__ListReservationsResponse *
list_reservations(fixture *self, int state, const char *order_id) {
  Shop__Inventory__V1__ListReservationsRequest request =
      SHOP__INVENTORY__V1__LIST_RESERVATIONS_REQUEST__INIT;
  request.state = (Shop__Inventory__V1__ReservationState)state;
  request.order_id = shop_text(order_id);
  shop_answer *answer = call(self, "ListReservations", &request.base);
  assert_int_equal(answer->code, GRPC_STATUS_OK);
  return (const Shop__Inventory__V1__ListReservationsResponse *)answer->reply;
}

/* The shop would open with empty shelves, or fill them again at every start. */
static void test_first_products_come_once(void **state) {
  fixture *self = *state;
  Shop__Inventory__V1__ListItemsRequest request = SHOP__INVENTORY__V1__LIST_ITEMS_REQUEST__INIT;
  static const struct {
    const char *product_id;
    const char *name;
    int quantity;
    double price;
  } expected[] = {
      {"demo-product", "Demo Product", 100, 29.99},
      {"headphones-001", "Wireless Headphones", 75, 149.99},
      {"laptop-001", "Business Laptop", 50, 999.99},
      {"phone-001", "Smartphone Pro", 200, 699.99},
      {"sku001", "test inventory", 100, 49.99},
      {"sku002", "second test inventory", 30, 24.99},
  };
  shop_answer *answer = call(self, "ListItems", &request.base);
  assert_int_equal(answer->code, GRPC_STATUS_OK);
  const Shop__Inventory__V1__ListItemsResponse *list =
      (const Shop__Inventory__V1__ListItemsResponse *)answer->reply;
  assert_int_equal(list->n_items, 6);
  assert_string_equal(list->next_page_token, "");
  for (size_t i = 0; i < 6; i++) {
    assert_string_equal(list->items[i]->product_id, expected[i].product_id);
    assert_string_equal(list->items[i]->name, expected[i].name);
    assert_int_equal(list->items[i]->quantity, expected[i].quantity);
    assert_true(list->items[i]->price == expected[i].price);
  }
  assert_int_equal(reserve(self, "demo-product", 40, "o-1")->code, GRPC_STATUS_OK);
  inventory_harness_restart(self);
  assert_stock(self, "demo-product", 60, 40);
}

/* A client would miss products, see some twice, or page for ever. */
static void test_pages_of_products(void **state) {
  fixture *self = *state;
  Shop__Inventory__V1__ListItemsRequest request = SHOP__INVENTORY__V1__LIST_ITEMS_REQUEST__INIT;
  const char *last = "";
  size_t seen = 0;
  request.page_size = 3;
  do {
    shop_answer *answer = call(self, "ListItems", &request.base);
    assert_int_equal(answer->code, GRPC_STATUS_OK);
    const Shop__Inventory__V1__ListItemsResponse *page =
        (const Shop__Inventory__V1__ListItemsResponse *)answer->reply;
    for (size_t i = 0; i < page->n_items; i++, seen++) {
      assert_true(strcmp(page->items[i]->product_id, last) > 0);
      last = page->items[i]->product_id;
    }
    request.page_token = page->next_page_token;
  } while (request.page_token[0] != '\0');
  assert_int_equal(seen, 6);
  request.page_token = shop_text("nonsense");
  assert_string_equal(shop_violated_field(call(self, "ListItems", &request.base)), "page_token");
  request.page_token = shop_text("");
  request.page_size = -1;
  assert_string_equal(shop_violated_field(call(self, "ListItems", &request.base)), "page_size");
}

/* Whoever mistypes an id would not be told which one. */
static void test_unknown_products(void **state) {
  fixture *self = *state;
  shop_answer *answers[] = {get(self, "no-such"), reserve(self, "no-such", 1, "o-1"),
                            release(self, "no-such", "o-1")};
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(answers[i]->code, GRPC_STATUS_NOT_FOUND);
    assert_non_null(strstr(answers[i]->message, "no-such"));
    assert_true(shop_has_detail(answers[i], "google.rpc.ResourceInfo"));
    assert_true(shop_has_detail(answers[i], "google.rpc.ErrorInfo"));
  }
}

/* Nonsense would get into the books, or come back at full length. */
static void test_refuses_nonsense(void **state) {
  fixture *self = *state;
  static char long_id[10241];
  memset(long_id, 'x', sizeof long_id - 1);
  static const int quantities[] = {0, -1, INT32_MIN, 1000001, INT32_MAX};
  for (size_t i = 0; i < sizeof quantities / sizeof quantities[0]; i++) {
    shop_answer *answer = reserve(self, "demo-product", quantities[i], "o-1");
    assert_int_equal(answer->code, GRPC_STATUS_INVALID_ARGUMENT);
    assert_string_equal(shop_violated_field(answer), "quantity");
  }
  const char *const ids[] = {"", long_id, "a\nb", "\xff"};
  for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
    shop_answer *answers[] = {get(self, ids[i]), reserve(self, ids[i], 1, "o-1"),
                              release(self, ids[i], "o-1")};
    for (size_t j = 0; j < 3; j++) {
      assert_int_equal(answers[j]->code, GRPC_STATUS_INVALID_ARGUMENT);
      assert_string_equal(shop_violated_field(answers[j]), "product_id");
      assert_true(strlen(answers[j]->message) < 100);
      assert_true(answers[j]->details.size < 500);
    }
    assert_string_equal(shop_violated_field(reserve(self, "demo-product", 1, ids[i])), "order_id");
  }
  assert_stock(self, "demo-product", 100, 0);
  assert_int_equal(list_reservations(self, 0, "")->n_reservations, 0);
}

/* The shop would sell what it does not have, or refuse what it has. */
static void test_reserves_what_there_is(void **state) {
  fixture *self = *state;
  shop_answer *answer = reserve(self, "demo-product", 60, "o-1");
  assert_int_equal(answer->code, GRPC_STATUS_OK);
  const reservation *held = (const reservation *)answer->reply;
  assert_string_equal(held->order_id, "o-1");
  assert_string_equal(held->product_id, "demo-product");
  assert_int_equal(held->quantity, 60);
  assert_int_equal(held->remaining, 40);
  assert_true(held->unit_price == 29.99);
  assert_int_equal(held->state, SHOP__INVENTORY__V1__RESERVATION_STATE__RESERVATION_STATE_HELD);
  assert_true(held->created_at->seconds > 1700000000);

  answer = reserve(self, "demo-product", 41, "o-2");
  assert_int_equal(answer->code, GRPC_STATUS_FAILED_PRECONDITION);
  assert_true(shop_has_detail(answer, "google.rpc.PreconditionFailure"));
  assert_non_null(strstr(answer->message, "40"));
  assert_stock(self, "demo-product", 40, 60);

  assert_int_equal(reserve(self, "demo-product", 40, "o-2")->code, GRPC_STATUS_OK);
  assert_stock(self, "demo-product", 0, 100);
  assert_int_equal(reserve(self, "demo-product", 1, "o-3")->code, GRPC_STATUS_FAILED_PRECONDITION);
}

/* A retried call would take the stock twice, or fail because the first try took the last pieces. */
static void test_reserving_again_is_once(void **state) {
  fixture *self = *state;
  for (int i = 0; i < 3; i++) {
    assert_int_equal(reserve(self, "demo-product", 100, "o-1")->code, GRPC_STATUS_OK);
    assert_stock(self, "demo-product", 0, 100);
  }
  assert_int_equal(reserve(self, "demo-product", 99, "o-1")->code, GRPC_STATUS_ALREADY_EXISTS);
  assert_int_equal(reserve(self, "laptop-001", 1, "o-1")->code, GRPC_STATUS_OK);
  assert_stock(self, "demo-product", 0, 100);
}

/* Stock would stay away, come back twice, or come back after it was sold. */
static void test_releases_once(void **state) {
  fixture *self = *state;
  reserve(self, "demo-product", 30, "o-1");
  for (int i = 0; i < 2; i++) {
    shop_answer *answer = release(self, "demo-product", "o-1");
    assert_int_equal(answer->code, GRPC_STATUS_OK);
    assert_int_equal(((const reservation *)answer->reply)->state,
                     SHOP__INVENTORY__V1__RESERVATION_STATE__RESERVATION_STATE_RELEASED);
    assert_stock(self, "demo-product", 100, 0);
  }
  assert_int_equal(reserve(self, "demo-product", 30, "o-1")->code, GRPC_STATUS_ABORTED);

  reserve(self, "demo-product", 30, "o-2");
  commit(self, (const char *const[]){"o-2"}, 1);
  assert_int_equal(release(self, "demo-product", "o-2")->code, GRPC_STATUS_FAILED_PRECONDITION);
  assert_stock(self, "demo-product", 70, 0);
}

/* A Reserve that arrives after the Release that undoes it would hold its stock for ever. */
static void test_release_shuts_the_door(void **state) {
  fixture *self = *state;
  assert_int_equal(release(self, "demo-product", "o-1")->code, GRPC_STATUS_OK);
  assert_int_equal(reserve(self, "demo-product", 5, "o-1")->code, GRPC_STATUS_ABORTED);
  assert_stock(self, "demo-product", 100, 0);
}

/* Stock would be sold twice, or be sold that is not the order's. */
static void test_commits_once(void **state) {
  fixture *self = *state;
  reserve(self, "demo-product", 10, "o-1");
  reserve(self, "demo-product", 5, "o \"2\"");
  reserve(self, "laptop-001", 3, "o \"2\"");
  reserve(self, "demo-product", 1, "o-4");
  release(self, "demo-product", "o-4");
  static const char *const ids[] = {"o-3", "o-1", "o \"2\"", "o-4", "o-1"};
  for (int i = 0; i < 2; i++) {
    const Shop__Inventory__V1__CommitResponse *reply = commit(self, ids, 5);
    assert_int_equal(reply->committed, i == 0 ? 3 : 0);
    assert_int_equal(reply->n_refused_order_ids, 2);
    assert_string_equal(reply->refused_order_ids[0], "o-3");
    assert_string_equal(reply->refused_order_ids[1], "o-4");
    assert_stock(self, "demo-product", 85, 0);
    assert_stock(self, "laptop-001", 47, 0);
  }
  assert_int_equal(reserve(self, "demo-product", 10, "o-1")->code, GRPC_STATUS_OK);
  assert_stock(self, "demo-product", 85, 0);
}

/* A disk that is full would look like an order that was reserved by somebody else. */
static void test_a_failing_store_gives_no_reason(void **state) {
  fixture *self = *state;
  inventory_harness_sql(self, "CREATE TRIGGER broken BEFORE INSERT ON reservations"
                              " BEGIN SELECT RAISE(FAIL, 'broken'); END");
  shop_answer *answer = reserve(self, "demo-product", 1, "o-1");
  assert_int_equal(answer->code, GRPC_STATUS_INTERNAL);
  assert_string_equal(shop_reason(answer), "");
  assert_stock(self, "demo-product", 100, 0);
}

/* The order service would take an order for sold whose pieces are elsewhere by now. */
static void test_refuses_what_lost_a_part(void **state) {
  fixture *self = *state;
  reserve(self, "demo-product", 10, "o-1");
  reserve(self, "laptop-001", 3, "o-1");
  release(self, "laptop-001", "o-1");
  const Shop__Inventory__V1__CommitResponse *reply = commit(self, (const char *const[]){"o-1"}, 1);
  assert_int_equal(reply->committed, 1);
  assert_int_equal(reply->n_refused_order_ids, 1);
  assert_string_equal(reply->refused_order_ids[0], "o-1");
  assert_stock(self, "demo-product", 90, 0);
  assert_stock(self, "laptop-001", 50, 0);
}

/* The recovery would not find what is held, or find what is not its business. */
static void test_lists_reservations(void **state) {
  fixture *self = *state;
  for (int i = 0; i < 6; i++) {
    char id[8];
    snprintf(id, sizeof id, "o-%d", i);
    reserve(self, "phone-001", i + 1, id);
  }
  commit(self, (const char *const[]){"o-1", "o-3"}, 2);
  release(self, "phone-001", "o-2");
  assert_int_equal(list_reservations(self, 0, "")->n_reservations, 6);
  assert_int_equal(list_reservations(self, 1, "")->n_reservations, 3);
  assert_int_equal(list_reservations(self, 2, "")->n_reservations, 2);
  assert_int_equal(list_reservations(self, 3, "")->n_reservations, 1);
  assert_int_equal(list_reservations(self, 0, "o-2")->n_reservations, 1);
  assert_int_equal(list_reservations(self, 1, "o-2")->n_reservations, 0);
  assert_int_equal(list_reservations(self, 3, "o-2")->n_reservations, 1);
  assert_string_equal(list_reservations(self, 1, "")->reservations[1]->order_id, "o-4");

  Shop__Inventory__V1__ListReservationsRequest request =
      SHOP__INVENTORY__V1__LIST_RESERVATIONS_REQUEST__INIT;
  request.page_size = 4;
  shop_answer *answer = call(self, "ListReservations", &request.base);
  const Shop__Inventory__V1__ListReservationsResponse *page =
      (const Shop__Inventory__V1__ListReservationsResponse *)answer->reply;
  assert_int_equal(page->n_reservations, 4);
  request.page_token = page->next_page_token;
  answer = call(self, "ListReservations", &request.base);
  page = (const Shop__Inventory__V1__ListReservationsResponse *)answer->reply;
  assert_int_equal(page->n_reservations, 2);
  assert_string_equal(page->reservations[0]->order_id, "o-4");
  request.state = SHOP__INVENTORY__V1__RESERVATION_STATE__RESERVATION_STATE_HELD;
  assert_string_equal(shop_violated_field(call(self, "ListReservations", &request.base)),
                      "page_token");
}

static shop_answer *add(fixture *self, const char *product_id, int quantity, const char *key) {
  Shop__Inventory__V1__AddRequest request = SHOP__INVENTORY__V1__ADD_REQUEST__INIT;
  request.product_id = shop_text(product_id);
  request.quantity = quantity;
  request.idempotency_key = shop_text(key);
  return call(self, "Add", &request.base);
}

/* A delivery would be booked twice, or for another product than it says. */
static void test_adds_once_for_each_key(void **state) {
  fixture *self = *state;
  for (int i = 0; i < 2; i++) {
    shop_answer *answer = add(self, "demo-product", 5, "delivery-1");
    assert_int_equal(answer->code, GRPC_STATUS_OK);
    assert_int_equal(((const item *)answer->reply)->quantity, 105);
  }
  assert_int_equal(((const item *)add(self, "demo-product", 5, "")->reply)->quantity, 110);
  assert_int_equal(((const item *)add(self, "demo-product", 5, "")->reply)->quantity, 115);
  shop_answer *taken = add(self, "demo-product", 6, "delivery-1");
  assert_int_equal(taken->code, GRPC_STATUS_INVALID_ARGUMENT);
  assert_string_equal(shop_violated_field(taken), "idempotency_key");
  assert_string_equal(shop_violated_field(add(self, "demo-product", 5, "a\tb")), "idempotency_key");
  assert_stock(self, "demo-product", 115, 0);
}

/* Gateways, which put the key into a header, would have no idempotency. */
static void test_key_may_come_as_metadata(void **state) {
  fixture *self = *state;
  const mesh_context *keyed = mesh_context_with_metadata(self->shop.context, "idempotency-key",
                                                         (mesh_bytes){"delivery-2", 10});
  Shop__Inventory__V1__AddRequest request = SHOP__INVENTORY__V1__ADD_REQUEST__INIT;
  request.product_id = shop_text("demo-product");
  request.quantity = 7;
  for (int i = 0; i < 2; i++) {
    shop_answer *answer = shop_start(&self->shop, &shop_inventory_v1_inventory_service_descriptor,
                                     "Add", &request.base, keyed);
    shop_wait(answer);
    assert_int_equal(answer->code, GRPC_STATUS_OK);
  }
  assert_stock(self, "demo-product", 107, 0);
}

/* The stock would wrap around and turn negative. */
static void test_stock_does_not_overflow(void **state) {
  fixture *self = *state;
  reserve(self, "demo-product", 100, "o-1");
  assert_int_equal(add(self, "demo-product", 1000000000, "")->code, GRPC_STATUS_OK);
  assert_int_equal(add(self, "demo-product", 1000000000, "")->code, GRPC_STATUS_OK);
  assert_int_equal(add(self, "demo-product", 147483548, "")->code, GRPC_STATUS_OUT_OF_RANGE);
  assert_int_equal(add(self, "demo-product", 1000000001, "")->code, GRPC_STATUS_INVALID_ARGUMENT);
  assert_int_equal(add(self, "demo-product", 147483547, "")->code, GRPC_STATUS_OK);
  assert_stock(self, "demo-product", 2147483547, 100);
  assert_int_equal(release(self, "demo-product", "o-1")->code, GRPC_STATUS_OK);
  assert_stock(self, "demo-product", 2147483647, 0);
}

/* Many at once would get more than there is. */
static void test_many_at_once(void **state) {
  fixture *self = *state;
  enum { COUNT = 150 };
  shop_answer *answers[COUNT];
  int reserved = 0;
  for (int i = 0; i < COUNT; i++) {
    char id[16];
    snprintf(id, sizeof id, "o-%d", i);
    Shop__Inventory__V1__ReserveRequest request = reserve_request("demo-product", 1, id);
    answers[i] = shop_start(&self->shop, &shop_inventory_v1_inventory_service_descriptor, "Reserve",
                            &request.base, NULL);
  }
  for (int i = 0; i < COUNT; i++) {
    shop_wait(answers[i]);
    reserved += answers[i]->code == GRPC_STATUS_OK;
  }
  assert_int_equal(reserved, 100);
  assert_stock(self, "demo-product", 0, 100);
}

static shop_answer *reserve_as(fixture *self, const char *owner, const char *product_id,
                               const char *order_id) {
  Shop__Inventory__V1__ReserveRequest request = reserve_request(product_id, 5, order_id);
  request.owner = shop_text(owner);
  return call(self, "Reserve", &request.base);
}

/* Anybody could take an order's stock away from it, or slip something into it. */
static void test_owners_keep_what_they_reserved(void **state) {
  fixture *self = *state;
  const reservation *held =
      (const reservation *)reserve_as(self, "a-service", "phone-001", "o-1")->reply;
  assert_string_equal(held->owner, "a-service");
  assert_string_equal(list_reservations(self, 1, "")->reservations[0]->owner, "a-service");
  assert_int_equal(reserve_as(self, "a-service", "phone-001", "o-1")->code, GRPC_STATUS_OK);
  assert_int_equal(reserve_as(self, "", "phone-001", "o-1")->code, GRPC_STATUS_ALREADY_EXISTS);
  assert_int_equal(reserve_as(self, "b", "laptop-001", "o-1")->code, GRPC_STATUS_ALREADY_EXISTS);
  const char *const products[] = {"phone-001", "laptop-001"};
  for (size_t i = 0; i < 2; i++) {
    shop_answer *answer = release(self, products[i], "o-1");
    assert_int_equal(answer->code, GRPC_STATUS_FAILED_PRECONDITION);
    assert_string_equal(shop_reason(answer), "RESERVATION_OWNED");
  }
  assert_stock(self, "phone-001", 195, 5);
  char *ids[] = {shop_text("phone-001")};
  Shop__Inventory__V1__ReleaseItemsRequest request =
      SHOP__INVENTORY__V1__RELEASE_ITEMS_REQUEST__INIT;
  request.order_id = shop_text("o-1");
  request.product_ids = ids;
  request.n_product_ids = 1;
  assert_int_equal(call(self, "ReleaseItems", &request.base)->code, GRPC_STATUS_OK);
  assert_stock(self, "phone-001", 200, 0);
}

/* What the order service held when the owners came would be nobody's, and stay held for ever. */
static void test_existing_reservations_get_their_owner(void **state) {
  fixture *self = *state;
  reserve(self, "phone-001", 5, "01900000-0000-7000-8000-000000000002");
  reserve(self, "phone-001", 5, "01900000-0000-4000-8000-000000000001");
  reserve(self, "phone-001", 5, "cart-17");
  inventory_harness_sql(self,
                        "ALTER TABLE reservations DROP COLUMN owner; PRAGMA user_version = 2");
  assert_string_equal(list_reservations(self, 1, "")->reservations[1]->owner, "order-service");
  assert_string_equal(list_reservations(self, 1, "")->reservations[0]->owner, "");
  assert_string_equal(list_reservations(self, 1, "")->reservations[2]->owner, "");
}

/* The trace would not show what was looked at and what was changed. */
static void test_spans(void **state) {
  fixture *self = *state;
  get(self, "demo-product");
  reserve(self, "demo-product", 2, "o-1");
  assert_string_equal(span_tree_text(&self->shop.spans),
                      "shop.inventory.v1.InventoryService/GetItem CLIENT\n"
                      "  shop.inventory.v1.InventoryService/GetItem SERVER\n"
                      "    get_inventory_item INTERNAL\n"
                      "      SELECT items CLIENT\n"
                      "shop.inventory.v1.InventoryService/Reserve CLIENT\n"
                      "  shop.inventory.v1.InventoryService/Reserve SERVER\n"
                      "    reserve_inventory INTERNAL\n"
                      "      check_availability INTERNAL\n"
                      "        SELECT items CLIENT\n"
                      "      update_reservation INTERNAL\n"
                      "        INSERT reservations CLIENT\n"
                      "        UPDATE items CLIENT\n"
                      "      COMMIT inventory CLIENT\n");
  span_tree *spans = &self->shop.spans;
  assert_string_equal(span_tree_attribute(spans, "reserve_inventory", "product.id"),
                      "demo-product");
  assert_string_equal(span_tree_attribute(spans, "reserve_inventory", "order.id"), "o-1");
  assert_string_equal(span_tree_attribute(spans, "check_availability", "inventory.available"),
                      "100");
  assert_string_equal(span_tree_attribute(spans, "update_reservation", "inventory.remaining"),
                      "98");
}

/* A refusal would look like a success, or like a fault of the service. */
static void test_spans_of_a_refusal(void **state) {
  fixture *self = *state;
  reserve(self, "demo-product", 101, "o-2");
  assert_string_equal(span_tree_text(&self->shop.spans),
                      "shop.inventory.v1.InventoryService/Reserve CLIENT ERROR\n"
                      "  shop.inventory.v1.InventoryService/Reserve SERVER\n"
                      "    reserve_inventory INTERNAL ERROR !exception\n"
                      "      check_availability INTERNAL ERROR !exception\n"
                      "        SELECT items CLIENT\n"
                      "        SELECT reservations CLIENT\n");
  assert_string_equal(span_tree_attribute(&self->shop.spans, "reserve_inventory", "error.type"),
                      "INSUFFICIENT_STOCK");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_first_products_come_once, start, stop),
      cmocka_unit_test_setup_teardown(test_pages_of_products, start, stop),
      cmocka_unit_test_setup_teardown(test_unknown_products, start, stop),
      cmocka_unit_test_setup_teardown(test_refuses_nonsense, start, stop),
      cmocka_unit_test_setup_teardown(test_reserves_what_there_is, start, stop),
      cmocka_unit_test_setup_teardown(test_reserving_again_is_once, start, stop),
      cmocka_unit_test_setup_teardown(test_releases_once, start, stop),
      cmocka_unit_test_setup_teardown(test_release_shuts_the_door, start, stop),
      cmocka_unit_test_setup_teardown(test_commits_once, start, stop),
      cmocka_unit_test_setup_teardown(test_refuses_what_lost_a_part, start, stop),
      cmocka_unit_test_setup_teardown(test_a_failing_store_gives_no_reason, start, stop),
      cmocka_unit_test_setup_teardown(test_lists_reservations, start, stop),
      cmocka_unit_test_setup_teardown(test_adds_once_for_each_key, start, stop),
      cmocka_unit_test_setup_teardown(test_key_may_come_as_metadata, start, stop),
      cmocka_unit_test_setup_teardown(test_stock_does_not_overflow, start, stop),
      cmocka_unit_test_setup_teardown(test_many_at_once, start, stop),
      cmocka_unit_test_setup_teardown(test_owners_keep_what_they_reserved, start, stop),
      cmocka_unit_test_setup_teardown(test_existing_reservations_get_their_owner, start, stop),
      cmocka_unit_test_setup_teardown(test_spans, start, stop),
      cmocka_unit_test_setup_teardown(test_spans_of_a_refusal, start, stop),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
