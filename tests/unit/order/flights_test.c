/* SPDX-License-Identifier: Apache-2.0 */
#include "flights.h"

#include <stdio.h>
#include <string.h>

#include "../../support/cmocka_headers.h"

/* What went, in its order. */
static char log_text[64];

typedef struct passenger {
  order_flight flight;
  char name;
} passenger;

static void go(void *data) {
  const passenger *who = data;
  size_t length = strlen(log_text);
  log_text[length] = who->name;
  log_text[length + 1] = '\0';
}

static passenger passenger_of(mesh_loop *loop, const char *method, const char *key, char name) {
  return (passenger){.flight = {.method = method, .key = key, .loop = loop, .go = go},
                     .name = name};
}

static void board(order_flights *flights, passenger *who) {
  who->flight.data = who;
  order_flights_board(flights, &who->flight);
}

static void stop(void *loop) {
  mesh_loop_stop(loop);
}

/* Runs what was posted. */
static void turn(mesh_loop *loop) {
  mesh_loop_post(loop, stop, loop);
  mesh_loop_run(loop);
}

/* Two calls with the same key would be at work at once, or a third one overtake the second. */
static void test_the_same_key_goes_one_by_one(void **state) {
  (void)state;
  mesh_loop *loop = mesh_loop_new();
  order_flights *flights = order_flights_new();
  log_text[0] = '\0';
  passenger a = passenger_of(loop, "m", "k", 'a');
  passenger b = passenger_of(loop, "m", "k", 'b');
  passenger c = passenger_of(loop, "m", "k", 'c');
  board(flights, &a);
  board(flights, &b);
  board(flights, &c);
  turn(loop);
  assert_string_equal(log_text, "a");
  order_flights_leave(flights, &a.flight);
  turn(loop);
  assert_string_equal(log_text, "ab");
  order_flights_leave(flights, &b.flight);
  turn(loop);
  assert_string_equal(log_text, "abc");
  order_flights_leave(flights, &c.flight);
  passenger d = passenger_of(loop, "m", "k", 'd');
  board(flights, &d);
  assert_string_equal(log_text, "abcd");
  order_flights_leave(flights, &d.flight);
  order_flights_destroy(flights);
  mesh_loop_destroy(loop);
}

/* Calls would wait for others that have nothing to do with them. */
static void test_other_keys_go_at_once(void **state) {
  (void)state;
  enum { COUNT = 600 }; /* more than there are buckets */
  mesh_loop *loop = mesh_loop_new();
  order_flights *flights = order_flights_new();
  static char keys[COUNT][16];
  static passenger many[COUNT];
  for (int i = 0; i < COUNT; i++) {
    log_text[0] = '\0';
    snprintf(keys[i], sizeof keys[i], "k%d", i / 2);
    many[i] = passenger_of(loop, i % 2 == 0 ? "m" : "n", keys[i], 'x');
    board(flights, &many[i]);
    assert_string_equal(log_text, "x");
  }
  for (int i = 0; i < COUNT; i++) {
    order_flights_leave(flights, &many[i].flight);
  }
  order_flights_destroy(flights);
  order_flights_destroy(NULL);
  mesh_loop_destroy(loop);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_same_key_goes_one_by_one),
      cmocka_unit_test(test_other_keys_go_at_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
