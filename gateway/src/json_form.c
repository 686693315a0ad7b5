/* SPDX-License-Identifier: Apache-2.0 */
#include "json_form.h"

#include <upb/decode.h>
#include <upb/reflection.h>

enum {
  DEPTH_MAX = 100,
  TYPES_MAX = 256,
  NANOS_MAX = 999999999,
};

static const int64_t timestamp_seconds_min = INT64_C(-62135596800);
static const int64_t timestamp_seconds_max = INT64_C(253402300799);
static const int64_t duration_seconds_max = INT64_C(315576000000);

/* The types on the way down; a type that is among them adds nothing. */
typedef struct type_list {
  const upb_MessageDef *types[TYPES_MAX];
  size_t count;
} type_list;

static bool is_seen(const type_list *seen, const upb_MessageDef *def) {
  for (size_t i = 0; i < seen->count; i++) {
    if (seen->types[i] == def) {
      return true;
    }
  }
  return false;
}

static bool may_hold_any(type_list *seen, const upb_MessageDef *def) {
  if (upb_MessageDef_WellKnownType(def) == kUpb_WellKnown_Any || seen->count == TYPES_MAX) {
    return true;
  }
  if (is_seen(seen, def)) {
    return false;
  }
  seen->types[seen->count++] = def;
  for (int i = 0; i < upb_MessageDef_FieldCount(def); i++) {
    const upb_FieldDef *field = upb_MessageDef_Field(def, i);
    if (upb_FieldDef_IsSubMessage(field) && may_hold_any(seen, upb_FieldDef_MessageSubDef(field))) {
      return true;
    }
  }
  return false;
}

bool gateway_may_hold_any(const upb_MessageDef *def) {
  type_list seen;
  seen.count = 0;
  return may_hold_any(&seen, def);
}

const upb_MessageDef *gateway_any_type(const upb_DefPool *pool, gateway_text type_url) {
  const char *slash = type_url.size == 0 ? NULL : memrchr(type_url.data, '/', type_url.size);
  if (slash == NULL || slash == type_url.data) {
    return NULL;
  }
  size_t begin = (size_t)(slash - type_url.data) + 1;
  const upb_MessageDef *def =
      upb_DefPool_FindMessageByNameWithSize(pool, type_url.data + begin, type_url.size - begin);
  return def != NULL && upb_MessageDef_IsMapEntry(def) ? NULL : def;
}

typedef struct form_check {
  const upb_DefPool *pool;
  upb_Arena *arena;
} form_check;

static const char *check_message(const form_check *check, const upb_MessageDef *def,
                                 const upb_Message *message, int depth);

static upb_MessageValue get(const upb_Message *message, const upb_MessageDef *def,
                            uint32_t number) {
  return upb_Message_Get(message, upb_MessageDef_FindFieldByNumber(def, number));
}

static const char *check_any(const form_check *check, const upb_MessageDef *def,
                             const upb_Message *message, int depth) {
  gateway_text value = get(message, def, 2).str_val;
  const upb_MessageDef *type = gateway_any_type(check->pool, get(message, def, 1).str_val);
  if (type == NULL) {
    return "it holds a google.protobuf.Any of an unknown type";
  }
  upb_Message *inner = upb_Message_New(type, check->arena);
  if (upb_Decode(value.data, value.size, inner, upb_MessageDef_MiniTable(type), NULL, 0,
                 check->arena) != kUpb_DecodeStatus_Ok) {
    return "it holds a google.protobuf.Any that can't be decoded";
  }
  return check_message(check, type, inner, depth);
}

/* As upb has it, a duration's nanoseconds must be negative when its seconds are, and only then. */
static const char *check_time(const upb_MessageDef *def, const upb_Message *message) {
  int64_t seconds = get(message, def, 1).int64_val;
  int32_t nanos = get(message, def, 2).int32_val;
  if (upb_MessageDef_WellKnownType(def) == kUpb_WellKnown_Timestamp) {
    bool is_good = seconds >= timestamp_seconds_min && seconds <= timestamp_seconds_max &&
                   nanos >= 0 && nanos <= NANOS_MAX;
    return is_good ? NULL : "it holds a google.protobuf.Timestamp that is no time";
  }
  bool is_good = seconds >= -duration_seconds_max && seconds <= duration_seconds_max &&
                 nanos >= -NANOS_MAX && nanos <= NANOS_MAX && (seconds < 0) == (nanos < 0);
  return is_good ? NULL : "it holds a google.protobuf.Duration that can't be written";
}

/* Paths that turn into lowerCamelCase and back. */
static bool is_mask_path(gateway_text path) {
  for (size_t i = 0; i < path.size; i++) {
    char c = path.data[i];
    char next = i + 1 < path.size ? path.data[i + 1] : '\0';
    if ((c >= 'A' && c <= 'Z') || (c == '_' && (next < 'a' || next > 'z'))) {
      return false;
    }
  }
  return true;
}

static const char *check_mask(const upb_MessageDef *def, const upb_Message *message) {
  const upb_Array *paths = get(message, def, 1).array_val;
  for (size_t i = 0; paths != NULL && i < upb_Array_Size(paths); i++) {
    if (!is_mask_path(upb_Array_Get(paths, i).str_val)) {
      return "it holds a google.protobuf.FieldMask that can't be written";
    }
  }
  return NULL;
}

static const char *check_elements(const form_check *check, const upb_FieldDef *field,
                                  const upb_Array *array, int depth) {
  const char *error = NULL;
  for (size_t i = 0; error == NULL && i < upb_Array_Size(array); i++) {
    error = check_message(check, upb_FieldDef_MessageSubDef(field), upb_Array_Get(array, i).msg_val,
                          depth);
  }
  return error;
}

static const char *check_entries(const form_check *check, const upb_FieldDef *field,
                                 const upb_Map *map, int depth) {
  const upb_FieldDef *value_field =
      upb_MessageDef_FindFieldByNumber(upb_FieldDef_MessageSubDef(field), 2);
  const char *error = NULL;
  if (!upb_FieldDef_IsSubMessage(value_field)) {
    return NULL;
  }
  for (size_t at = kUpb_Map_Begin; error == NULL && upb_MapIterator_Next(map, &at);) {
    error = check_message(check, upb_FieldDef_MessageSubDef(value_field),
                          upb_MapIterator_Value(map, at).msg_val, depth);
  }
  return error;
}

static const char *check_fields(const form_check *check, const upb_MessageDef *def,
                                const upb_Message *message, int depth) {
  const upb_FieldDef *field = NULL;
  upb_MessageValue value;
  const char *error = NULL;
  size_t at = kUpb_Message_Begin;
  while (error == NULL && upb_Message_Next(message, def, NULL, &field, &value, &at)) {
    if (upb_FieldDef_IsMap(field)) {
      error = check_entries(check, field, value.map_val, depth);
    } else if (upb_FieldDef_IsSubMessage(field)) {
      error = upb_FieldDef_IsRepeated(field)
                  ? check_elements(check, field, value.array_val, depth)
                  : check_message(check, upb_FieldDef_MessageSubDef(field), value.msg_val, depth);
    }
  }
  return error;
}

static const char *check_value(const form_check *check, const upb_MessageDef *def,
                               const upb_Message *message, int depth) {
  const upb_OneofDef *kind = upb_MessageDef_FindOneofByName(def, "kind");
  return kind != NULL && upb_Message_WhichOneof(message, kind) == NULL
             ? "it holds a google.protobuf.Value without a value"
             : check_fields(check, def, message, depth);
}

static const char *check_message(const form_check *check, const upb_MessageDef *def,
                                 const upb_Message *message, int depth) {
  if (depth == 0) {
    return "it is nested too deeply";
  }
  switch (upb_MessageDef_WellKnownType(def)) {
  case kUpb_WellKnown_Any:
    return check_any(check, def, message, depth - 1);
  case kUpb_WellKnown_Timestamp:
  case kUpb_WellKnown_Duration:
    return check_time(def, message);
  case kUpb_WellKnown_FieldMask:
    return check_mask(def, message);
  case kUpb_WellKnown_Value:
    return check_value(check, def, message, depth - 1);
  default:
    return check_fields(check, def, message, depth - 1);
  }
}

const char *gateway_json_form_check(const upb_DefPool *pool, const upb_MessageDef *def,
                                    const upb_Message *message, upb_Arena *arena) {
  form_check check = {pool, arena};
  return check_message(&check, def, message, DEPTH_MAX);
}
