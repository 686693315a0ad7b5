/* SPDX-License-Identifier: Apache-2.0 */
/* The walk through a body that body_check.c makes, for it and for body_values.c, which looks at the
 * values at its end. */
#ifndef GATEWAY_BODY_WALK_H
#define GATEWAY_BODY_WALK_H

#include "body_check.h"
#include "json_text.h"

/* A step of the way to the value at hand: a key, or the index of an element. */
typedef struct gateway_path_step {
  struct gateway_path_step *parent;
  gateway_text key;
  size_t index;
  bool is_element;
} gateway_path_step;

typedef struct gateway_body_walk {
  gateway_json json;
  const upb_DefPool *pool;
  gateway_problem *problem;
  upb_Arena *arena;
  gateway_path_step *step;
  size_t memory_left;
  size_t map_entries;
  bool is_locating; /* gateway_body_path_at: find, blame nothing */
  size_t locate_offset;
  gateway_text located; /* its data is NULL until found */
} gateway_body_walk;

/* What a decoded value costs beside its text. */
enum { GATEWAY_VALUE_COST = 32 };

/* Blames the value at hand; only found places are wanted when locating. */
void gateway_body_blame(gateway_body_walk *check, const char *description);

/* The path to the value at hand. */
gateway_text gateway_body_path(const gateway_body_walk *check);

/* Takes `cost` bytes off what the message may take; false when there are not that many. */
bool gateway_body_spend(gateway_body_walk *check, size_t cost);

/* The same for one more entry of a map. */
bool gateway_body_spend_entry(gateway_body_walk *check, gateway_text key);

/* A string or a number of `field`, or of anything when it is NULL. False when it is no JSON. */
bool gateway_body_check_string(gateway_body_walk *check, const upb_FieldDef *field);
bool gateway_body_check_number(gateway_body_walk *check, const upb_FieldDef *field);

/* The time or duration that `text` should be, for messages of these types. */
void gateway_body_check_time(gateway_body_walk *check, upb_WellKnown type, gateway_text text);

static inline bool gateway_is_wrapper(upb_WellKnown type) {
  return type >= kUpb_WellKnown_DoubleValue && type <= kUpb_WellKnown_BoolValue;
}

/* True for fields that JSON writes as integers, and keys of maps as their digits. */
bool gateway_body_is_integer(const upb_FieldDef *field);

#endif
