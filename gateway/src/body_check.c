/* SPDX-License-Identifier: Apache-2.0 */
#include "body_check.h"

#include "body_walk.h"
#include "field_text.h"

#include <upb/internal/table.h>
#include <upb/msg_internal.h>

static bool check_message(gateway_body_walk *check, const upb_MessageDef *def, int depth);
static bool check_value(gateway_body_walk *check, const upb_FieldDef *field, int depth);

/* The rest of the body is not looked at. */
static bool stop(gateway_body_walk *check, const char *description) {
  gateway_body_blame(check, description);
  return false;
}

/* Called behind each value, inner ones first, with where it began. */
static void locate(gateway_body_walk *check, size_t begin) {
  if (check->is_locating && check->located.data == NULL && begin <= check->locate_offset &&
      check->json.at >= check->locate_offset) {
    check->located = gateway_body_path(check);
  }
}

/* Anything whose shape is not the descriptor's business: Struct, Value, ListValue, and values that
 * upb refuses anyway. */
static bool check_free_object(gateway_body_walk *check, int depth) {
  size_t index = 0;
  gateway_text key;
  check->json.at++;
  while (gateway_json_next_member(&check->json, &index, &key)) {
    if (!gateway_body_spend_entry(check, key) || !check_value(check, NULL, depth)) {
      return false;
    }
  }
  return check->json.error == NULL;
}

static bool check_array(gateway_body_walk *check, const upb_FieldDef *field, int depth) {
  gateway_path_step step = {check->step, gateway_text_of("", 0), 0, true};
  size_t index = 0;
  check->json.at++;
  while (gateway_json_next_element(&check->json, &index)) {
    step.index = index - 1;
    check->step = &step;
    bool is_good =
        gateway_body_spend(check, GATEWAY_VALUE_COST) && check_value(check, field, depth);
    check->step = step.parent;
    if (!is_good) {
      return false;
    }
  }
  return check->json.error == NULL;
}

static bool check_map(gateway_body_walk *check, const upb_FieldDef *field, int depth) {
  const upb_MessageDef *entry = upb_FieldDef_MessageSubDef(field);
  const upb_FieldDef *key_field = upb_MessageDef_FindFieldByNumber(entry, 1);
  const upb_FieldDef *value_field = upb_MessageDef_FindFieldByNumber(entry, 2);
  gateway_path_step step = {check->step, gateway_text_of("", 0), 0, false};
  size_t index = 0;
  check->json.at++;
  while (gateway_json_next_member(&check->json, &index, &step.key)) {
    check->step = &step;
    if (gateway_body_is_integer(key_field) && !gateway_text_is_integer(step.key)) {
      gateway_body_blame(check, "the key is not an integer");
    }
    bool is_good =
        gateway_body_spend_entry(check, step.key) && check_value(check, value_field, depth);
    check->step = step.parent;
    if (!is_good) {
      return false;
    }
  }
  return check->json.error == NULL;
}

/* The fields of one JSON object that were there already. */
typedef struct seen_field {
  struct seen_field *next;
  const upb_FieldDef *field;
} seen_field;

static bool is_seen(const seen_field *seen, const upb_FieldDef *field) {
  while (seen != NULL && seen->field != field) {
    seen = seen->next;
  }
  return seen != NULL;
}

/* The field that a key names; NULL, and blamed, when it names none or one that was there. */
static const upb_FieldDef *find_member(gateway_body_walk *check, const upb_MessageDef *def,
                                       seen_field **seen) {
  gateway_text key = check->step->key;
  const upb_FieldDef *field = upb_MessageDef_FindByJsonNameWithSize(def, key.data, key.size);
  if (field == NULL) {
    gateway_body_blame(check, "there is no such field");
    return NULL;
  }
  if (is_seen(*seen, field)) {
    gateway_body_blame(check, "the field is given twice");
    return NULL;
  }
  seen_field *entry = gateway_arena_alloc(check->arena, sizeof *entry);
  *entry = (seen_field){*seen, field};
  *seen = entry;
  return field;
}

/* Repeated fields, maps and the rest; null leaves a field as it is. */
static bool check_field(gateway_body_walk *check, const upb_FieldDef *field, int depth) {
  gateway_json_kind kind = gateway_json_peek(&check->json);
  size_t begin = check->json.at;
  bool is_map = upb_FieldDef_IsMap(field);
  bool is_list = upb_FieldDef_IsRepeated(field) && !is_map;
  if ((is_map && kind == GATEWAY_JSON_OBJECT) || (is_list && kind == GATEWAY_JSON_ARRAY)) {
    if (depth == 0) {
      return stop(check, "the body is nested too deeply");
    }
    bool is_good =
        is_map ? check_map(check, field, depth - 1) : check_array(check, field, depth - 1);
    if (is_good) {
      locate(check, begin);
    }
    return is_good;
  }
  return check_value(check, is_map || is_list ? NULL : field, depth);
}

static bool check_member(gateway_body_walk *check, const upb_MessageDef *def, seen_field **seen,
                         int depth) {
  const upb_FieldDef *field = find_member(check, def, seen);
  if (gateway_problem_is_full(check->problem)) {
    return false;
  }
  return field == NULL ? check_value(check, NULL, depth) : check_field(check, field, depth);
}

/* Regular messages, key by key; `skipped_key` is passed over ("@type" of an Any), or NULL. */
static bool check_members(gateway_body_walk *check, const upb_MessageDef *def,
                          const char *skipped_key, int depth) {
  gateway_path_step step = {check->step, gateway_text_of("", 0), 0, false};
  seen_field *seen = NULL;
  size_t index = 0;
  gateway_text raw_key;
  check->json.at++;
  while (gateway_json_next_member(&check->json, &index, &raw_key)) {
    step.key = gateway_json_unescape(check->arena, raw_key);
    check->step = &step;
    bool is_skipped = skipped_key != NULL && gateway_text_is(step.key, skipped_key);
    bool is_good =
        is_skipped ? check_value(check, NULL, depth) : check_member(check, def, &seen, depth);
    check->step = step.parent;
    if (!is_good) {
      return false;
    }
  }
  return check->json.error == NULL;
}

/* The message that "@type" of the object ahead names, or NULL. */
static const upb_MessageDef *find_any_type(gateway_body_walk *check, int depth) {
  gateway_json ahead = check->json;
  size_t index = 0;
  gateway_text key;
  gateway_text url;
  ahead.at++;
  while (gateway_json_next_member(&ahead, &index, &key)) {
    if (!gateway_text_is(gateway_json_unescape(check->arena, key), "@type")) {
      if (!gateway_json_skip(&ahead, depth)) {
        return NULL;
      }
      continue;
    }
    if (gateway_json_peek(&ahead) != GATEWAY_JSON_STRING || !gateway_json_string(&ahead, &url)) {
      return NULL;
    }
    url = gateway_json_unescape(check->arena, url);
    const char *slash = url.size == 0 ? NULL : memrchr(url.data, '/', url.size);
    size_t begin = slash == NULL ? 0 : (size_t)(slash - url.data) + 1;
    return upb_DefPool_FindMessageByNameWithSize(check->pool, url.data + begin, url.size - begin);
  }
  return NULL;
}

/* The value of a message that has a JSON form of its own, within an Any. */
static bool check_well_known(gateway_body_walk *check, const upb_MessageDef *def, int depth) {
  upb_WellKnown type = upb_MessageDef_WellKnownType(def);
  gateway_json_kind kind = gateway_json_peek(&check->json);
  gateway_text raw;
  if (gateway_is_wrapper(type)) {
    return check_value(check, upb_MessageDef_FindFieldByNumber(def, 1), depth);
  }
  if (type == kUpb_WellKnown_Any && kind == GATEWAY_JSON_OBJECT) {
    return depth == 0 ? stop(check, "the body is nested too deeply")
                      : check_message(check, def, depth - 1);
  }
  if (kind != GATEWAY_JSON_STRING) {
    return check_value(check, NULL, depth);
  }
  if (!gateway_json_string(&check->json, &raw) || !gateway_body_spend(check, raw.size * 2)) {
    return false;
  }
  gateway_body_check_time(check, type, gateway_json_unescape(check->arena, raw));
  return true;
}

static bool check_any_members(gateway_body_walk *check, const upb_MessageDef *def, int depth) {
  gateway_path_step step = {check->step, gateway_text_of("", 0), 0, false};
  size_t index = 0;
  gateway_text raw_key;
  check->json.at++;
  while (gateway_json_next_member(&check->json, &index, &raw_key)) {
    step.key = gateway_json_unescape(check->arena, raw_key);
    check->step = &step;
    bool is_good = gateway_text_is(step.key, "value") ? check_well_known(check, def, depth)
                                                      : check_value(check, NULL, depth);
    check->step = step.parent;
    if (!is_good) {
      return false;
    }
  }
  return check->json.error == NULL;
}

/* google.protobuf.Any: {"@type": URL, the fields}, or {"@type": URL, "value": JSON} for messages
 * with a JSON form of their own. */
static bool check_any(gateway_body_walk *check, int depth) {
  const upb_MessageDef *def = find_any_type(check, depth);
  if (def == NULL || upb_MessageDef_IsMapEntry(def)) {
    return stop(check, "its \"@type\" is missing or names no message that is known here");
  }
  if (!gateway_body_spend(check, GATEWAY_VALUE_COST + upb_MessageDef_MiniTable(def)->size)) {
    return false;
  }
  return upb_MessageDef_WellKnownType(def) == kUpb_WellKnown_Unspecified
             ? check_members(check, def, "@type", depth)
             : check_any_members(check, def, depth);
}

static bool check_object(gateway_body_walk *check, const upb_FieldDef *field, int depth) {
  if (depth == 0) {
    return stop(check, "the body is nested too deeply");
  }
  if (field == NULL || !upb_FieldDef_IsSubMessage(field)) {
    return check_free_object(check, depth - 1);
  }
  return check_message(check, upb_FieldDef_MessageSubDef(field), depth - 1);
}

static bool check_message(gateway_body_walk *check, const upb_MessageDef *def, int depth) {
  if (!gateway_body_spend(check, GATEWAY_VALUE_COST + upb_MessageDef_MiniTable(def)->size)) {
    return false;
  }
  switch (upb_MessageDef_WellKnownType(def)) {
  case kUpb_WellKnown_Unspecified:
    return check_members(check, def, NULL, depth);
  case kUpb_WellKnown_Any:
    return check_any(check, depth);
  default:
    return check_free_object(check, depth);
  }
}

/* A wrapper stands for the field within it. */
static const upb_FieldDef *unwrap(const upb_FieldDef *field) {
  if (field == NULL || !upb_FieldDef_IsSubMessage(field)) {
    return field;
  }
  const upb_MessageDef *def = upb_FieldDef_MessageSubDef(field);
  return gateway_is_wrapper(upb_MessageDef_WellKnownType(def))
             ? upb_MessageDef_FindFieldByNumber(def, 1)
             : field;
}

static bool check_free_array(gateway_body_walk *check, int depth) {
  if (depth == 0) {
    return stop(check, "the body is nested too deeply");
  }
  return check_array(check, NULL, depth - 1);
}

/* One value of `field`, or of anything when it is NULL. */
static bool check_value(gateway_body_walk *check, const upb_FieldDef *field, int depth) {
  bool is_good = false;
  gateway_text raw;
  gateway_json_kind kind = gateway_json_peek(&check->json);
  size_t begin = check->json.at;
  switch (kind) {
  case GATEWAY_JSON_OBJECT:
    is_good = check_object(check, field, depth);
    break;
  case GATEWAY_JSON_ARRAY:
    is_good = check_free_array(check, depth);
    break;
  case GATEWAY_JSON_STRING:
    is_good = gateway_body_check_string(check, unwrap(field));
    break;
  case GATEWAY_JSON_NUMBER:
    is_good = gateway_body_check_number(check, unwrap(field));
    break;
  default:
    is_good = gateway_json_plain(&check->json, &raw);
    break;
  }
  if (is_good) {
    locate(check, begin);
  }
  return is_good;
}

static bool check_body(gateway_body_walk *check, const upb_MessageDef *def) {
  if (gateway_json_peek(&check->json) != GATEWAY_JSON_OBJECT) {
    check->json.error = "the body must be a JSON object";
    return false;
  }
  if (!check_message(check, def, GATEWAY_JSON_DEPTH_MAX - 1)) {
    return false;
  }
  if (!gateway_json_at_end(&check->json)) {
    check->json.error = "there is something behind the JSON object";
    return false;
  }
  return true;
}

static gateway_body_walk walk_new(const gateway_body *body, upb_Arena *arena) {
  gateway_body_walk check = {.json = gateway_json_from(body->json),
                             .pool = body->pool,
                             .arena = arena,
                             .memory_left = body->memory_max};
  return check;
}

bool gateway_body_check(const gateway_body *body, upb_Arena *arena, gateway_problem *problem) {
  gateway_body_walk check = walk_new(body, arena);
  check.problem = problem;
  if (!check_body(&check, body->def) && !gateway_problem_is_set(problem)) {
    gateway_problem_set(problem, GRPC_STATUS_INVALID_ARGUMENT,
                        "the body is not valid JSON: %s (byte %zu)", check.json.error,
                        check.json.at);
  }
  return !gateway_problem_is_set(problem);
}

gateway_text gateway_body_path_at(const gateway_body *body, size_t offset, upb_Arena *arena) {
  gateway_problem ignored;
  gateway_body_walk check = walk_new(body, arena);
  gateway_problem_init(&ignored, arena);
  check.problem = &ignored;
  check.is_locating = true;
  check.locate_offset = offset;
  (void)check_body(&check, body->def);
  return check.located.data == NULL ? gateway_text_of("", 0) : check.located;
}
