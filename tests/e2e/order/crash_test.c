/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kill -9 of either service, or both, at random moments under load; then the books are checked.
 * CRASH_SECONDS says for how long (15), CRASH_SEED repeats a run.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../../support/cmocka_headers.h"
#include "../../support/mesh_process.h"
#include "books.h"
#include "customers.h"

enum {
  CUSTOMERS = 16,
  SHORTEST_LIFE_MS = 100,
  LONGEST_LIFE_MS = 1500,
  LAST_PURCHASES_MS = 60000,
  SETTLING_MS = 60000,
};

typedef struct program {
  const char *name;
  mesh_process *process;
  char folder[128];
  char target[128];
  int kills;
} program;

typedef struct scene {
  char *folder;
  program inventory;
  program order;
  mesh_loop *loop;
  mesh_client *inventory_client;
  mesh_client *order_client;
  customers *buyers;
  sqlite3 *books;
  mesh_timer kill_timer;
  mesh_timer turn_timer;
  unsigned seed;
  int64_t deadline_ms;
  bool (*is_over)(struct scene *self);
} scene;

static void start_program(scene *self, program *which) {
  char path[512], listen[160], data[160], inventory[192], log_file[256];
  snprintf(path, sizeof path, "%s/%s", PROGRAM_FOLDER, which->name);
  snprintf(listen, sizeof listen, "LISTEN_ADDRESS=%s", which->target);
  snprintf(data, sizeof data, "DATA_DIR=%s", which->folder);
  snprintf(inventory, sizeof inventory, "INVENTORY_SERVICE_URL=%s", self->inventory.target);
  snprintf(log_file, sizeof log_file, "%s-%d.log", which->folder, which->kills);
  /* Two loops, so that answers have to find their way. */
  const char *const environment[] = {listen,         data, inventory, "OTEL_SDK_DISABLED=true",
                                     "MESH_LOOPS=2", NULL};
  which->process = mesh_process_start(path, environment, log_file);
}

static void init_program(scene *self, program *which, const char *name) {
  which->name = name;
  snprintf(which->folder, sizeof which->folder, "%s/%s", self->folder, name);
  snprintf(which->target, sizeof which->target, "unix:%s/%s.socket", self->folder, name);
}

static void kill_program(scene *self, program *which) {
  mesh_process_signal(which->process, SIGKILL);
  assert_int_equal(mesh_process_wait(which->process), 128 + SIGKILL);
  mesh_process_destroy(which->process);
  which->kills++;
  start_program(self, which);
}

static void kill_someone(void *data) {
  scene *self = data;
  int whom = rand_r(&self->seed) % 5;
  if (whom != 0) {
    kill_program(self, whom < 3 ? &self->order : &self->inventory);
  } else {
    kill_program(self, &self->inventory);
    kill_program(self, &self->order);
  }
  int64_t life_ms = SHORTEST_LIFE_MS + rand_r(&self->seed) % (LONGEST_LIFE_MS - SHORTEST_LIFE_MS);
  mesh_timer_start(self->loop, &self->kill_timer, life_ms, kill_someone, self);
}

static void take_turn(void *data) {
  scene *self = data;
  if (self->is_over(self) || mesh_loop_now_ms(self->loop) > self->deadline_ms) {
    mesh_loop_stop(self->loop);
    return;
  }
  mesh_timer_start(self->loop, &self->turn_timer, 20, take_turn, self);
}

/* Runs until something is so, or for `ms`. */
static void run_until(scene *self, bool (*is_over)(scene *self), int64_t ms) {
  self->is_over = is_over;
  self->deadline_ms = mesh_loop_now_ms(self->loop) + ms;
  mesh_timer_start(self->loop, &self->turn_timer, 0, take_turn, self);
  mesh_loop_run(self->loop);
}

static bool never(scene *self) {
  (void)self;
  return false;
}

static bool have_left(scene *self) {
  return customers_have_left(self->buyers);
}

static bool is_settled(scene *self) {
  return books_ask(self->books, "SELECT count(*) FROM reservations WHERE state = 1") == 0;
}

static unsigned number_of(const char *variable, unsigned fallback) {
  const char *text = getenv(variable);
  return text != NULL ? (unsigned)strtoul(text, NULL, 10) : fallback;
}

static mesh_client *open_client(const char *target) {
  mesh_client_options options = MESH_CLIENT_OPTIONS_INIT;
  mesh_client *client = NULL;
  options.target = target;
  mesh_status status = mesh_client_new(&options, &client);
  assert_int_equal(status.code, GRPC_STATUS_OK);
  return client;
}

static void open_scene(scene *self) {
  *self = (scene){.folder = mesh_process_folder_new(), .loop = mesh_loop_new()};
  self->seed = number_of("CRASH_SEED", (unsigned)time(NULL));
  print_message("CRASH_SEED=%u\n", self->seed);
  init_program(self, &self->inventory, "inventory-service");
  init_program(self, &self->order, "order-service");
  start_program(self, &self->inventory);
  start_program(self, &self->order);
  mesh_process_wait_log(self->inventory.process, "listening");
  mesh_process_wait_log(self->order.process, "listening");
  self->inventory_client = open_client(self->inventory.target);
  self->order_client = open_client(self->order.target);
  self->buyers =
      customers_new(self->loop, self->order_client, self->inventory_client, CUSTOMERS, self->seed);
}

static void close_scene(scene *self) {
  customers_destroy(self->buyers);
  mesh_client_destroy(self->order_client);
  mesh_client_destroy(self->inventory_client);
  mesh_loop_destroy(self->loop);
  mesh_process_destroy(self->order.process);
  mesh_process_destroy(self->inventory.process);
  mesh_process_folder_destroy(self->folder);
}

/* A crash would leave stock reserved for no order, lose an order that was acknowledged, or make two
 * of one. */
static void test_no_crash_leaves_the_books_wrong(void **state) {
  (void)state;
  static scene self;
  open_scene(&self);
  mesh_timer_start(self.loop, &self.kill_timer, SHORTEST_LIFE_MS, kill_someone, &self);
  run_until(&self, never, (int64_t)number_of("CRASH_SECONDS", 15) * 1000);
  mesh_timer_stop(self.loop, &self.kill_timer);
  customers_close(self.buyers);
  run_until(&self, have_left, LAST_PURCHASES_MS);
  assert_true(customers_have_left(self.buyers));

  self.books = books_open(self.inventory.folder, self.order.folder);
  run_until(&self, is_settled, SETTLING_MS);
  assert_true(is_settled(&self));
  sqlite3_close(self.books);
  assert_int_equal(mesh_process_stop(self.order.process), 0);
  assert_int_equal(mesh_process_stop(self.inventory.process), 0);

  self.books = books_open(self.inventory.folder, self.order.folder);
  int sales = 0;
  customers_sales(self.buyers, &sales);
  print_message("%d orders, %d retries, %d kills of the order service, %d of the inventory, "
                "%lld orders given up\n",
                sales, customers_retries(self.buyers), self.order.kills, self.inventory.kills,
                books_ask(self.books, "SELECT count(*) FROM orders_db.orders WHERE status = 2"));
  books_check(self.books, self.buyers);
  sqlite3_close(self.books);
  assert_true(sales > 0 && self.order.kills + self.inventory.kills > 0);
  close_scene(&self);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_no_crash_leaves_the_books_wrong),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
