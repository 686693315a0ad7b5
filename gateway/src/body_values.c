/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers and strings of a body, where upb would take them for something else. */
#include "base64.h"
#include "body_walk.h"
#include "field_text.h"
#include "time_text.h"

#include <math.h>
#include <stdlib.h>

static gateway_text path_of(upb_Arena *arena, const gateway_path_step *step) {
  if (step == NULL) {
    return gateway_text_of("", 0);
  }
  gateway_text parent = path_of(arena, step->parent);
  if (step->is_element) {
    return gateway_arena_format(arena, "%.*s[%zu]", GATEWAY_TEXT_ARGS(parent), step->index);
  }
  return gateway_arena_format(arena, "%.*s%s%.*s", GATEWAY_TEXT_ARGS(parent),
                              parent.size == 0 ? "" : ".", GATEWAY_TEXT_ARGS(step->key));
}

gateway_text gateway_body_path(const gateway_body_walk *check) {
  return path_of(check->arena, check->step);
}

void gateway_body_blame(gateway_body_walk *check, const char *description) {
  if (!check->is_locating) {
    gateway_problem_add_violation(check->problem, gateway_body_path(check), "%s", description);
  }
}

bool gateway_body_spend(gateway_body_walk *check, size_t cost) {
  if (cost > check->memory_left) {
    if (!check->is_locating) {
      gateway_problem_set_http(check->problem, 413, GRPC_STATUS_RESOURCE_EXHAUSTED,
                               "the body has too many values");
    }
    return false;
  }
  check->memory_left -= cost;
  return true;
}

bool gateway_body_spend_entry(gateway_body_walk *check, gateway_text key) {
  if (++check->map_entries > GATEWAY_MAP_ENTRIES_MAX) {
    return gateway_body_spend(check, SIZE_MAX);
  }
  return gateway_body_spend(check, GATEWAY_VALUE_COST * 4 + key.size * 2);
}

static bool is_64_bit(const upb_FieldDef *field) {
  upb_CType type = upb_FieldDef_CType(field);
  return type == kUpb_CType_Int64 || type == kUpb_CType_UInt64;
}

bool gateway_body_is_integer(const upb_FieldDef *field) {
  upb_CType type = upb_FieldDef_CType(field);
  return is_64_bit(field) || type == kUpb_CType_Int32 || type == kUpb_CType_UInt32;
}

/* 2^53: from here on neighbouring integers are the same double. */
static const double exact_integer_max = 9007199254740992.0;

bool gateway_body_check_number(gateway_body_walk *check, const upb_FieldDef *field) {
  gateway_text raw;
  if (!gateway_json_plain(&check->json, &raw)) {
    return false;
  }
  /* What ends the number is there, at the latest the NUL behind the body, so strtod stops. */
  if (field != NULL && is_64_bit(field) && fabs(strtod(raw.data, NULL)) > exact_integer_max) {
    gateway_body_blame(check,
                       "an integer beyond 2^53 must be written as a string, or it loses digits");
  }
  return true;
}

static void check_quoted(gateway_body_walk *check, const upb_FieldDef *field, gateway_text text) {
  upb_CType type = upb_FieldDef_CType(field);
  if (gateway_body_is_integer(field) && !gateway_text_is_integer(text)) {
    gateway_body_blame(check, "is not an integer");
  }
  if ((type == kUpb_CType_Double || type == kUpb_CType_Float) &&
      !gateway_text_is_json_number(text) && !gateway_text_is_special_number(text)) {
    gateway_body_blame(check, "is not a number");
  }
  if (type == kUpb_CType_Bytes && !gateway_base64_is_valid(text)) {
    gateway_body_blame(check, "is not base64");
  }
}

void gateway_body_check_time(gateway_body_walk *check, upb_WellKnown type, gateway_text text) {
  gateway_time time = {0, 0};
  if (type == kUpb_WellKnown_Timestamp && !gateway_timestamp_from_text(text, &time)) {
    gateway_body_blame(check, "is not a time such as '2026-01-02T03:04:05Z'");
  }
  if (type != kUpb_WellKnown_Duration) {
    return;
  }
  if (!gateway_duration_from_text(text, &time)) {
    gateway_body_blame(check, "is not a duration such as '1.5s'");
  } else if (time.seconds == 0 && time.nanos < 0) {
    gateway_body_blame(check, "durations between -1s and 0s can't be taken from JSON");
  }
}

bool gateway_body_check_string(gateway_body_walk *check, const upb_FieldDef *field) {
  gateway_text raw;
  if (!gateway_json_string(&check->json, &raw) || !gateway_body_spend(check, raw.size * 2)) {
    return false;
  }
  if (field == NULL) {
    return true;
  }
  gateway_text text = gateway_json_unescape(check->arena, raw);
  if (upb_FieldDef_IsSubMessage(field)) {
    gateway_body_check_time(check, upb_MessageDef_WellKnownType(upb_FieldDef_MessageSubDef(field)),
                            text);
  } else {
    check_quoted(check, field, text);
  }
  return true;
}
