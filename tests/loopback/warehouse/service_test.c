/* SPDX-License-Identifier: Apache-2.0 */
/* The warehouse through its own interface: what is held where, for whom, and that the books add up.
 */
#include <mesh/log.h>
#include <string.h>

#include "../../support/shop_harness.h"
#include "shop/warehouse/v1/warehouse.mesh.h"
#include "warehouse.h"

typedef Shop__Warehouse__V1__ReserveResponse reserve_reply;

typedef struct fixture {
  shop_harness shop;
  warehouse_service *service;
  int64_t availability;
} fixture;

static void open_service(fixture *self) {
  warehouse_service_options options = {.data_dir = self->shop.folder.path,
                                       .tracer_provider = self->shop.spans.provider,
                                       .availability = self->availability};
  mesh_status status = warehouse_service_new(&options, &self->service);
  assert_string_equal(status.message, "");
  mesh_service service = warehouse_service_bind(self->service);
  shop_harness_serve(&self->shop, &service, 1);
}

static int start(void **state) {
  static fixture self;
  memset(&self, 0, sizeof self);
  self.availability = WAREHOUSE_AVAILABILITY_DEFAULT;
  shop_harness_init(&self.shop);
  open_service(&self);
  *state = &self;
  return 0;
}

static void close_service(fixture *self) {
  shop_harness_stop(&self->shop);
  warehouse_service_destroy(self->service);
}

static int stop(void **state) {
  fixture *self = *state;
  close_service(self);
  shop_harness_clean_up(&self->shop);
  return 0;
}

static shop_answer *call(fixture *self, const char *method, const ProtobufCMessage *request) {
  return shop_call(&self->shop, &shop_warehouse_v1_warehouse_service_descriptor, method, request);
}

/* What an order asks for; both items may be left out. */
typedef struct wish {
  const char *order_id;
  const char *item_id;
  int quantity;
  const char *second_item_id;
  int second_quantity;
} wish;

static shop_answer *start_reserve(fixture *self, const wish *wanted) {
  Shop__Warehouse__V1__Item items[2] = {SHOP__WAREHOUSE__V1__ITEM__INIT,
                                        SHOP__WAREHOUSE__V1__ITEM__INIT};
  Shop__Warehouse__V1__Item *list[2] = {&items[0], &items[1]};
  items[0].item_id = shop_text(wanted->item_id);
  items[0].quantity = wanted->quantity;
  if (wanted->second_item_id != NULL) {
    items[1].item_id = shop_text(wanted->second_item_id);
    items[1].quantity = wanted->second_quantity;
  }
  Shop__Warehouse__V1__ReserveRequest request = SHOP__WAREHOUSE__V1__RESERVE_REQUEST__INIT;
  request.order_id = shop_text(wanted->order_id);
  request.items = list;
  request.n_items = wanted->second_item_id != NULL ? 2 : 1;
  return shop_start(&self->shop, &shop_warehouse_v1_warehouse_service_descriptor, "Reserve",
                    &request.base, NULL);
}

static shop_answer *reserve_all(fixture *self, const wish *wanted) {
  shop_answer *answer = start_reserve(self, wanted);
  shop_wait(answer);
  return answer;
}

static shop_answer *reserve(fixture *self, const char *order_id, const char *item_id,
                            int quantity) {
  wish wanted = {order_id, item_id, quantity, NULL, 0};
  return reserve_all(self, &wanted);
}

static const reserve_reply *reserved(const shop_answer *answer) {
  assert_string_equal(answer->message, "");
  assert_int_equal(answer->code, GRPC_STATUS_OK);
  return (const reserve_reply *)answer->reply;
}

static shop_answer *release(fixture *self, const char *order_id) {
  Shop__Warehouse__V1__ReleaseRequest request = SHOP__WAREHOUSE__V1__RELEASE_REQUEST__INIT;
  request.order_id = shop_text(order_id);
  return call(self, "Release", &request.base);
}

static void assert_releases(fixture *self, const char *order_id, int pieces) {
  shop_answer *answer = release(self, order_id);
  assert_string_equal(answer->message, "");
  assert_int_equal(((const Shop__Warehouse__V1__ReleaseResponse *)answer->reply)->released, pieces);
}

static const Shop__Warehouse__V1__CommitResponse *
commit(fixture *self, const char *const *order_ids, size_t count) {
  Shop__Warehouse__V1__CommitRequest request = SHOP__WAREHOUSE__V1__COMMIT_REQUEST__INIT;
  request.order_ids = (char **)(uintptr_t)order_ids;
  request.n_order_ids = count;
  shop_answer *answer = call(self, "Commit", &request.base);
  assert_int_equal(answer->code, GRPC_STATUS_OK);
  return (const Shop__Warehouse__V1__CommitResponse *)answer->reply;
}

static const Shop__Warehouse__V1__ListStockResponse *list_stock(fixture *self,
                                                                const char *item_id) {
  Shop__Warehouse__V1__ListStockRequest request = SHOP__WAREHOUSE__V1__LIST_STOCK_REQUEST__INIT;
  request.item_id = shop_text(item_id);
  shop_answer *answer = call(self, "ListStock", &request.base);
  assert_int_equal(answer->code, GRPC_STATUS_OK);
  return (const Shop__Warehouse__V1__ListStockResponse *)answer->reply;
}

/* The stock of sku001 in A and B and of sku002 in A, in a line: "100/0 40/0 30/0". */
static const char *books(fixture *self) {
  static char text[128];
  const Shop__Warehouse__V1__ListStockResponse *list = list_stock(self, "");
  size_t length = 0;
  assert_int_equal(list->n_stock, 3);
  for (size_t i = 0; i < 3; i++) {
    length += (size_t)snprintf(text + length, sizeof text - length, "%s%d/%d", i == 0 ? "" : " ",
                               (int)list->stock[i]->available_quantity,
                               (int)list->stock[i]->reserved_quantity);
  }
  return text;
}

static const Shop__Warehouse__V1__ListReservationsResponse *
list_reservations(fixture *self, int state, const char *order_id) {
  Shop__Warehouse__V1__ListReservationsRequest request =
      SHOP__WAREHOUSE__V1__LIST_RESERVATIONS_REQUEST__INIT;
  request.state = (Shop__Warehouse__V1__ReservationState)state;
  request.order_id = shop_text(order_id);
  shop_answer *answer = call(self, "ListReservations", &request.base);
  assert_int_equal(answer->code, GRPC_STATUS_OK);
  return (const Shop__Warehouse__V1__ListReservationsResponse *)answer->reply;
}

/* The warehouse would open empty, with other stock than the operator said, or fill up at every
 * start. */
static void test_first_stock_comes_once(void **state) {
  fixture *self = *state;
  const Shop__Warehouse__V1__ListStockResponse *list = list_stock(self, "");
  static const char *const expected[][2] = {
      {"sku001", "Warehouse-A"}, {"sku001", "Warehouse-B"}, {"sku002", "Warehouse-A"}};
  assert_int_equal(list->n_stock, 3);
  for (size_t i = 0; i < 3; i++) {
    assert_string_equal(list->stock[i]->item_id, expected[i][0]);
    assert_string_equal(list->stock[i]->warehouse_location, expected[i][1]);
  }
  assert_string_equal(books(self), "100/0 40/0 30/0");
  assert_int_equal(list_stock(self, "sku001")->n_stock, 2);
  assert_int_equal(list_stock(self, "sku009")->n_stock, 0);
  reserved(reserve(self, "o-1", "sku001", 10));
  close_service(self);
  self->availability = 7;
  open_service(self);
  assert_string_equal(books(self), "90/10 40/0 30/0");
}

/* INVENTORY_AVAILABILITY would have no effect. */
static void test_first_stock_can_be_chosen(void **state) {
  fixture *self = *state;
  close_service(self);
  char path[128];
  snprintf(path, sizeof path, "%s/warehouse.db", self->shop.folder.path);
  assert_int_equal(unlink(path), 0);
  self->availability = 0;
  open_service(self);
  assert_string_equal(books(self), "0/0 40/0 30/0");
}

/* Pieces would be taken from where they are not, or not be found where they are. */
static void test_takes_from_the_fullest_location_first(void **state) {
  fixture *self = *state;
  const reserve_reply *reply = reserved(reserve(self, "o-1", "sku001", 70));
  assert_int_equal(reply->n_reservations, 1);
  assert_string_equal(reply->reservations[0]->order_id, "o-1");
  assert_string_equal(reply->reservations[0]->item_id, "sku001");
  assert_string_equal(reply->reservations[0]->warehouse_location, "Warehouse-A");
  assert_int_equal(reply->reservations[0]->quantity, 70);
  assert_int_equal(reply->reservations[0]->state,
                   SHOP__WAREHOUSE__V1__RESERVATION_STATE__RESERVATION_STATE_HELD);
  assert_true(reply->reservations[0]->created_at->seconds > 1700000000);
  assert_string_equal(books(self), "30/70 40/0 30/0");

  reply = reserved(reserve(self, "o-2", "sku001", 65)); /* B has more now, but not enough */
  assert_int_equal(reply->n_reservations, 2);
  assert_string_equal(reply->reservations[0]->warehouse_location, "Warehouse-A");
  assert_int_equal(reply->reservations[0]->quantity, 25);
  assert_string_equal(reply->reservations[1]->warehouse_location, "Warehouse-B");
  assert_int_equal(reply->reservations[1]->quantity, 40);
  assert_string_equal(books(self), "5/95 0/40 30/0");
}

/* An order would get half of what it is for. */
static void test_holds_all_items_or_none(void **state) {
  fixture *self = *state;
  static const wish too_much[] = {{"o-1", "sku001", 100, "sku002", 31},
                                  {"o-1", "sku002", 30, "sku001", 141},
                                  {"o-1", "sku001", 100, "sku009", 1}};
  static const grpc_status_code codes[] = {GRPC_STATUS_FAILED_PRECONDITION,
                                           GRPC_STATUS_FAILED_PRECONDITION, GRPC_STATUS_NOT_FOUND};
  for (size_t i = 0; i < 3; i++) {
    shop_answer *answer = reserve_all(self, &too_much[i]);
    assert_int_equal(answer->code, codes[i]);
    assert_non_null(strstr(answer->message, too_much[i].second_item_id));
    assert_true(shop_has_detail(answer, "google.rpc.ErrorInfo"));
    assert_int_equal(shop_has_detail(answer, "google.rpc.PreconditionFailure"), i < 2);
    assert_int_equal(shop_has_detail(answer, "google.rpc.ResourceInfo"), i == 2);
    assert_string_equal(books(self), "100/0 40/0 30/0");
    assert_int_equal(list_reservations(self, 0, "")->n_reservations, 0);
  }
  wish all = {"o-1", "sku002", 30, "sku001", 140}; /* a refusal does not stand in its way */
  assert_int_equal(reserved(reserve_all(self, &all))->n_reservations, 3);
  assert_string_equal(books(self), "0/100 0/40 0/30");
}

/* A retried call would take the pieces twice, or fail because the first try took the last ones. */
static void test_reserving_again_is_once(void **state) {
  fixture *self = *state;
  wish wanted = {"o-1", "sku002", 30, "sku001", 120};
  const reserve_reply *first = reserved(reserve_all(self, &wanted));
  for (int i = 0; i < 2; i++) {
    const reserve_reply *again = reserved(reserve_all(self, &wanted));
    assert_int_equal(again->n_reservations, first->n_reservations);
    for (size_t j = 0; j < first->n_reservations; j++) {
      assert_string_equal(again->reservations[j]->item_id, first->reservations[j]->item_id);
      assert_string_equal(again->reservations[j]->warehouse_location,
                          first->reservations[j]->warehouse_location);
      assert_int_equal(again->reservations[j]->quantity, first->reservations[j]->quantity);
    }
    assert_string_equal(books(self), "0/100 20/20 0/30");
  }
  static const wish others[] = {{"o-1", "sku002", 30, NULL, 0},
                                {"o-1", "sku002", 30, "sku001", 119},
                                {"o-1", "sku002", 30, "sku003", 120}};
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(reserve_all(self, &others[i])->code, GRPC_STATUS_ALREADY_EXISTS);
  }
  assert_string_equal(books(self), "0/100 20/20 0/30");
}

/* Pieces would stay away, come back twice, or come back after they left. */
static void test_releases_once(void **state) {
  fixture *self = *state;
  wish wanted = {"o-1", "sku001", 120, "sku002", 5};
  reserved(reserve_all(self, &wanted));
  assert_releases(self, "o-1", 125);
  assert_releases(self, "o-1", 0);
  assert_string_equal(books(self), "100/0 40/0 30/0");
  assert_int_equal(reserve_all(self, &wanted)->code, GRPC_STATUS_ABORTED);

  reserved(reserve(self, "o-2", "sku001", 30));
  commit(self, (const char *const[]){"o-2"}, 1);
  shop_answer *answer = release(self, "o-2");
  assert_int_equal(answer->code, GRPC_STATUS_FAILED_PRECONDITION);
  assert_true(shop_has_detail(answer, "google.rpc.ErrorInfo"));
  assert_string_equal(books(self), "70/0 40/0 30/0");
}

/* A Reserve that arrives after the Release that undoes it would hold its pieces for ever. */
static void test_release_shuts_the_door(void **state) {
  fixture *self = *state;
  assert_releases(self, "o-1", 0);
  close_service(self);
  open_service(self);
  assert_int_equal(reserve(self, "o-1", "sku001", 5)->code, GRPC_STATUS_ABORTED);
  assert_releases(self, "o-1", 0);
  assert_string_equal(books(self), "100/0 40/0 30/0");
}

/* Pieces would leave twice, or leave that are not the order's. */
static void test_commits_once(void **state) {
  fixture *self = *state;
  wish wanted = {"o \"2\"", "sku001", 120, "sku002", 5};
  reserved(reserve(self, "o-1", "sku001", 10));
  reserved(reserve_all(self, &wanted));
  reserved(reserve(self, "o-4", "sku002", 1));
  release(self, "o-4");
  static const char *const ids[] = {"o-3", "o-1", "o \"2\"", "o-4", "o-1"};
  for (int i = 0; i < 2; i++) {
    const Shop__Warehouse__V1__CommitResponse *reply = commit(self, ids, 5);
    assert_int_equal(reply->committed, i == 0 ? 2 : 0);
    assert_int_equal(reply->n_refused_order_ids, 2);
    assert_string_equal(reply->refused_order_ids[0], "o-3");
    assert_string_equal(reply->refused_order_ids[1], "o-4");
    assert_string_equal(books(self), "0/0 10/0 25/0");
  }
  const reserve_reply *again = reserved(reserve(self, "o-1", "sku001", 10));
  assert_int_equal(again->reservations[0]->state,
                   SHOP__WAREHOUSE__V1__RESERVATION_STATE__RESERVATION_STATE_COMMITTED);
  assert_string_equal(books(self), "0/0 10/0 25/0");
}

/* Whoever settles orders would not find what is held, or find what is not his business. */
static void test_lists_reservations(void **state) {
  fixture *self = *state;
  for (int i = 0; i < 6; i++) {
    char id[8];
    snprintf(id, sizeof id, "o-%d", i);
    wish wanted = {id, "sku001", i + 1, "sku002", 1};
    reserved(reserve_all(self, &wanted));
  }
  commit(self, (const char *const[]){"o-1", "o-3"}, 2);
  release(self, "o-2");
  static const struct {
    int state;
    const char *order_id;
    size_t count;
  } lists[] = {{0, "", 12},   {1, "", 6},    {2, "", 4},    {3, "", 2},
               {0, "o-2", 2}, {1, "o-2", 0}, {3, "o-2", 2}, {0, "o-9", 0}};
  for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
    assert_int_equal(list_reservations(self, lists[i].state, lists[i].order_id)->n_reservations,
                     lists[i].count);
  }
  assert_string_equal(list_reservations(self, 1, "")->reservations[2]->order_id, "o-4");
}

/* A page would skip rows, give some twice, or never be the last. */
static void test_pages_of_reservations(void **state) {
  fixture *self = *state;
  for (int i = 0; i < 4; i++) {
    char id[8];
    snprintf(id, sizeof id, "o-%d", i);
    wish wanted = {id, "sku001", i == 1 ? 110 : 1, "sku002", 1};
    reserved(reserve_all(self, &wanted)); /* o-1 takes from two locations */
  }
  for (int state_filter = 0; state_filter < 2; state_filter++) {
    Shop__Warehouse__V1__ListReservationsRequest request =
        SHOP__WAREHOUSE__V1__LIST_RESERVATIONS_REQUEST__INIT;
    char last[128] = "";
    size_t seen = 0;
    request.page_size = 2;
    request.state = (Shop__Warehouse__V1__ReservationState)state_filter;
    do {
      shop_answer *answer = call(self, "ListReservations", &request.base);
      assert_int_equal(answer->code, GRPC_STATUS_OK);
      const Shop__Warehouse__V1__ListReservationsResponse *page =
          (const Shop__Warehouse__V1__ListReservationsResponse *)answer->reply;
      for (size_t i = 0; i < page->n_reservations; i++, seen++) {
        char key[128];
        const Shop__Warehouse__V1__Reservation *row = page->reservations[i];
        snprintf(key, sizeof key, "%s %s %s", row->order_id, row->item_id, row->warehouse_location);
        assert_true(strcmp(key, last) > 0);
        memcpy(last, key, sizeof last);
      }
      request.page_token = page->next_page_token;
    } while (request.page_token[0] != '\0');
    assert_int_equal(seen, 9);
  }
}

/* A page of the stock would skip locations, or go on with another list's token. */
static void test_pages_of_stock(void **state) {
  fixture *self = *state;
  Shop__Warehouse__V1__ListStockRequest request = SHOP__WAREHOUSE__V1__LIST_STOCK_REQUEST__INIT;
  request.page_size = 2;
  shop_answer *answer = call(self, "ListStock", &request.base);
  const Shop__Warehouse__V1__ListStockResponse *page =
      (const Shop__Warehouse__V1__ListStockResponse *)answer->reply;
  assert_int_equal(page->n_stock, 2);
  request.page_token = page->next_page_token;
  answer = call(self, "ListStock", &request.base);
  page = (const Shop__Warehouse__V1__ListStockResponse *)answer->reply;
  assert_int_equal(page->n_stock, 1);
  assert_string_equal(page->stock[0]->item_id, "sku002");
  assert_string_equal(page->next_page_token, "");
  request.item_id = shop_text("sku001");
  assert_string_equal(shop_violated_field(call(self, "ListStock", &request.base)), "page_token");
  request.page_token = shop_text("");
  request.page_size = -1;
  assert_string_equal(shop_violated_field(call(self, "ListStock", &request.base)), "page_size");
}

static shop_answer *add(fixture *self, const char *item_id, const char *location, int quantity,
                        const char *key) {
  Shop__Warehouse__V1__AddRequest request = SHOP__WAREHOUSE__V1__ADD_REQUEST__INIT;
  request.item_id = shop_text(item_id);
  request.warehouse_location = shop_text(location);
  request.quantity = quantity;
  request.idempotency_key = shop_text(key);
  return call(self, "Add", &request.base);
}

/* A delivery would be booked twice, to a place that is not there, or past what can be counted. */
static void test_adds_once_for_each_key(void **state) {
  fixture *self = *state;
  for (int i = 0; i < 2; i++) {
    shop_answer *answer = add(self, "sku001", "Warehouse-B", 5, "delivery-1");
    assert_int_equal(answer->code, GRPC_STATUS_OK);
    assert_int_equal(((const Shop__Warehouse__V1__Stock *)answer->reply)->available_quantity, 45);
  }
  assert_string_equal(books(self), "100/0 45/0 30/0");
  assert_string_equal(shop_violated_field(add(self, "sku001", "Warehouse-B", 6, "delivery-1")),
                      "idempotency_key");
  assert_int_equal(add(self, "sku001", "Warehouse-B", 5, "")->code, GRPC_STATUS_OK);
  assert_int_equal(add(self, "sku002", "Warehouse-B", 5, "")->code, GRPC_STATUS_NOT_FOUND);
  assert_int_equal(add(self, "sku009", "Warehouse-A", 5, "")->code, GRPC_STATUS_NOT_FOUND);
  assert_string_equal(books(self), "100/0 50/0 30/0");
  for (int i = 0; i < 2; i++) {
    assert_int_equal(add(self, "sku002", "Warehouse-A", 1000000000, "")->code, GRPC_STATUS_OK);
  }
  assert_int_equal(add(self, "sku002", "Warehouse-A", 1000000000, "")->code,
                   GRPC_STATUS_OUT_OF_RANGE);
  assert_string_equal(books(self), "100/0 50/0 2000000030/0");
  reserved(reserve(self, "o-1", "sku002", 1000000)); /* what is held counts, too */
  assert_int_equal(add(self, "sku002", "Warehouse-A", 147483618, "")->code,
                   GRPC_STATUS_OUT_OF_RANGE);
  assert_int_equal(add(self, "sku002", "Warehouse-A", 147483617, "")->code, GRPC_STATUS_OK);
}

/* Nonsense would get into the books, or come back at full length. */
static void test_refuses_nonsense(void **state) {
  fixture *self = *state;
  static char long_id[10241];
  memset(long_id, 'x', sizeof long_id - 1);
  const char *const ids[] = {"", long_id, "a\nb", "\xff"};
  for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
    wish second = {"o-1", "sku001", 1, ids[i], 1};
    const char *const no_ids[] = {ids[i]};
    Shop__Warehouse__V1__CommitRequest commit_request = SHOP__WAREHOUSE__V1__COMMIT_REQUEST__INIT;
    commit_request.order_ids = (char **)(uintptr_t)no_ids;
    commit_request.n_order_ids = 1;
    const struct {
      shop_answer *answer;
      const char *field;
    } cases[] = {
        {reserve(self, ids[i], "sku001", 1), "order_id"},
        {reserve_all(self, &second), "items[1].item_id"},
        {release(self, ids[i]), "order_id"},
        {add(self, ids[i], "Warehouse-A", 1, ""), "item_id"},
        {add(self, "sku001", ids[i], 1, ""), "warehouse_location"},
        {call(self, "Commit", &commit_request.base), "order_ids"},
    };
    for (size_t j = 0; j < sizeof cases / sizeof cases[0]; j++) {
      assert_int_equal(cases[j].answer->code, GRPC_STATUS_INVALID_ARGUMENT);
      assert_string_equal(shop_violated_field(cases[j].answer), cases[j].field);
      assert_true(strlen(cases[j].answer->message) < 100);
      assert_true(cases[j].answer->details.size < 500);
    }
  }
  assert_string_equal(books(self), "100/0 40/0 30/0");
  assert_int_equal(list_reservations(self, 0, "")->n_reservations, 0);
}

/* Two orders would get the same last piece. */
static void test_race_for_the_last_pieces(void **state) {
  fixture *self = *state;
  enum { COUNT = 60 };
  shop_answer *answers[COUNT];
  int held = 0;
  for (int i = 0; i < COUNT; i++) {
    char id[16];
    snprintf(id, sizeof id, "o-%d", i / 2); /* each order asks twice */
    wish wanted = {id, "sku002", 2, NULL, 0};
    answers[i] = start_reserve(self, &wanted);
  }
  for (int i = 0; i < COUNT; i++) {
    shop_wait(answers[i]);
    held += answers[i]->code == GRPC_STATUS_OK;
    assert_true(answers[i]->code == GRPC_STATUS_OK ||
                answers[i]->code == GRPC_STATUS_FAILED_PRECONDITION);
  }
  assert_int_equal(held, 30);
  assert_string_equal(books(self), "100/0 40/0 0/30");
}

/* The trace would not show what was looked for and what was taken. */
static void test_spans(void **state) {
  fixture *self = *state;
  reserved(reserve(self, "o-1", "sku001", 2));
  span_tree *spans = &self->shop.spans;
  assert_string_equal(span_tree_text(spans), "shop.warehouse.v1.WarehouseService/Reserve CLIENT\n"
                                             "  shop.warehouse.v1.WarehouseService/Reserve SERVER\n"
                                             "    reserve_item INTERNAL\n"
                                             "      INSERT orders CLIENT\n"
                                             "      database_operation INTERNAL\n"
                                             "        SELECT stock CLIENT\n"
                                             "        UPDATE stock CLIENT\n"
                                             "        INSERT reservations CLIENT\n"
                                             "      COMMIT warehouse CLIENT\n");
  assert_string_equal(span_tree_attribute(spans, "reserve_item", "inventory.item_id"), "sku001");
  assert_string_equal(span_tree_attribute(spans, "reserve_item", "inventory.requested_quantity"),
                      "2");
  assert_string_equal(span_tree_attribute(spans, "database_operation", "inventory.availability"),
                      "140");
}

/* A refusal would look like a success, or like a fault of the service. */
static void test_spans_of_a_refusal(void **state) {
  fixture *self = *state;
  reserve(self, "o-2", "sku002", 31);
  assert_string_equal(span_tree_text(&self->shop.spans),
                      "shop.warehouse.v1.WarehouseService/Reserve CLIENT ERROR\n"
                      "  shop.warehouse.v1.WarehouseService/Reserve SERVER\n"
                      "    reserve_item INTERNAL ERROR !exception\n"
                      "      INSERT orders CLIENT\n"
                      "      database_operation INTERNAL ERROR !exception\n"
                      "        SELECT stock CLIENT\n");
  assert_string_equal(span_tree_attribute(&self->shop.spans, "reserve_item", "error.type"),
                      "INSUFFICIENT_STOCK");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_first_stock_comes_once, start, stop),
      cmocka_unit_test_setup_teardown(test_first_stock_can_be_chosen, start, stop),
      cmocka_unit_test_setup_teardown(test_takes_from_the_fullest_location_first, start, stop),
      cmocka_unit_test_setup_teardown(test_holds_all_items_or_none, start, stop),
      cmocka_unit_test_setup_teardown(test_reserving_again_is_once, start, stop),
      cmocka_unit_test_setup_teardown(test_releases_once, start, stop),
      cmocka_unit_test_setup_teardown(test_release_shuts_the_door, start, stop),
      cmocka_unit_test_setup_teardown(test_commits_once, start, stop),
      cmocka_unit_test_setup_teardown(test_lists_reservations, start, stop),
      cmocka_unit_test_setup_teardown(test_pages_of_reservations, start, stop),
      cmocka_unit_test_setup_teardown(test_pages_of_stock, start, stop),
      cmocka_unit_test_setup_teardown(test_adds_once_for_each_key, start, stop),
      cmocka_unit_test_setup_teardown(test_refuses_nonsense, start, stop),
      cmocka_unit_test_setup_teardown(test_race_for_the_last_pieces, start, stop),
      cmocka_unit_test_setup_teardown(test_spans, start, stop),
      cmocka_unit_test_setup_teardown(test_spans_of_a_refusal, start, stop),
  };
  mesh_log_configure("test", MESH_LOG_ERROR);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
