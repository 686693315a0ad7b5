/* SPDX-License-Identifier: Apache-2.0 */
#include <store/check.h>

void store_check(store_field_problem *problem, bool is_fine, const char *field, const char *text) {
  if (problem->field == NULL && !is_fine) {
    *problem = (store_field_problem){field, text};
  }
}

void store_check_text(store_field_problem *problem, const char *field, const char *text,
                      size_t max_bytes) {
  const char *wrong = store_key_problem(text, max_bytes);
  store_check(problem, wrong == NULL, field, wrong);
}

void store_check_optional_text(store_field_problem *problem, const char *field, const char *text,
                               size_t max_bytes) {
  if (text[0] != '\0') {
    store_check_text(problem, field, text, max_bytes);
  }
}

void store_check_quantity(store_field_problem *problem, const char *field, int32_t quantity,
                          int32_t max, const char *too_many) {
  store_check(problem, quantity >= 1, field, "must be at least 1");
  store_check(problem, quantity <= max, field, too_many);
}

void store_check_place(store_field_problem *problem, mesh_arena *arena, const char *list,
                       size_t index) {
  problem->field = mesh_arena_printf(arena, "%s[%zu].%s", list, index, problem->field);
}

/* Sums of amounts are a few units in the last place off; at the maximum that is 1e-5 cents. */
static bool is_whole(double cents) {
  double off = cents - (double)(int64_t)(cents + 0.5);
  return off > -1e-4 && off < 1e-4;
}

void store_check_amount(store_field_problem *problem, const char *field, double dollars) {
  store_check(problem, dollars > 0, field, "must be more than 0");
  store_check(problem, dollars <= STORE_AMOUNT_MAX, field, "must be at most 1000000000");
  if (problem->field == NULL) {
    store_check(problem, store_cents(dollars) >= 1 && is_whole(dollars * 100), field,
                "must be in whole cents");
  }
}

int64_t store_cents(double dollars) {
  return (int64_t)(dollars * 100 + 0.5);
}

double store_dollars(int64_t cents) {
  return (double)cents / 100;
}
