/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the fields of a request may say. Checks are made in a row and keep the first problem: once
 * there is one, those that follow do nothing.
 *
 *     store_field_problem problem = {NULL, NULL};
 *     store_check_text(&problem, "order_id", request->order_id, STORE_KEY_MAX);
 *     store_check_quantity(&problem, "quantity", request->quantity, 10, "must be at most 10");
 *     return problem;
 *
 * Threads: pure functions, but for the arena.
 */
#ifndef STORE_CHECK_H
#define STORE_CHECK_H

#include <mesh/arena.h>
#include <stdbool.h>
#include <stdint.h>
#include <store/handler.h>
#include <store/key.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Says what is wrong with the field, "must be at least 1", unless `is_fine` or there is a problem
 * already. Both texts are borrowed. */
void store_check(store_field_problem *problem, bool is_fine, const char *field, const char *text);

/** A text as store_key_problem wants it; the optional one may also be empty. */
void store_check_text(store_field_problem *problem, const char *field, const char *text,
                      size_t max_bytes);
void store_check_optional_text(store_field_problem *problem, const char *field, const char *text,
                               size_t max_bytes);

/** 1 to `max` pieces; `too_many` says "must be at most" that. */
void store_check_quantity(store_field_problem *problem, const char *field, int32_t quantity,
                          int32_t max, const char *too_many);

/** Puts the place in a list before the field of a problem: "items[3].quantity". */
void store_check_place(store_field_problem *problem, mesh_arena *arena, const char *list,
                       size_t index);

/** The most dollars that an amount may be. */
#define STORE_AMOUNT_MAX 1000000000.0

/** An amount of dollars: more than 0, at most STORE_AMOUNT_MAX, in whole cents. */
void store_check_amount(store_field_problem *problem, const char *field, double dollars);

/** Money is cents in the books and dollars in messages. Of an amount that was checked. */
int64_t store_cents(double dollars);
double store_dollars(int64_t cents);

#ifdef __cplusplus
}
#endif

#endif
