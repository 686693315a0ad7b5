/* SPDX-License-Identifier: Apache-2.0 */
#include "field_text.h"

#include "base64.h"
#include "time_text.h"
#include "utf8.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <upb/reflection.h>

enum { NUMBER_SIZE_MAX = 400 };

static size_t skip_digits(gateway_text text, size_t at) {
  while (at < text.size && text.data[at] >= '0' && text.data[at] <= '9') {
    at++;
  }
  return at;
}

bool gateway_text_is_integer(gateway_text text) {
  size_t begin = text.size > 0 && text.data[0] == '-' ? 1 : 0;
  return text.size > begin && skip_digits(text, begin) == text.size;
}

/* Behind a fraction's '.' or an exponent's sign: at least one digit. */
static bool take_digits(gateway_text text, size_t *at) {
  size_t end = skip_digits(text, *at);
  bool is_some = end > *at;
  *at = end;
  return is_some;
}

bool gateway_text_is_json_number(gateway_text text) {
  size_t at = text.size > 0 && text.data[0] == '-' ? 1 : 0;
  size_t first = at;
  if (!take_digits(text, &at) || (text.data[first] == '0' && at > first + 1)) {
    return false;
  }
  if (at < text.size && text.data[at] == '.' && (at++, !take_digits(text, &at))) {
    return false;
  }
  if (at < text.size && (text.data[at] | 0x20) == 'e') {
    at++;
    at += at < text.size && (text.data[at] == '+' || text.data[at] == '-') ? 1 : 0;
    if (!take_digits(text, &at)) {
      return false;
    }
  }
  return at == text.size;
}

bool gateway_text_is_special_number(gateway_text text) {
  return gateway_text_is(text, "NaN") || gateway_text_is(text, "Infinity") ||
         gateway_text_is(text, "-Infinity");
}

/* Signed and unsigned, 64 and 32 bits. */
static bool parse_unsigned(gateway_text digits, uint64_t max, uint64_t *out_number) {
  uint64_t number = 0;
  for (size_t i = 0; i < digits.size; i++) {
    uint64_t digit = (uint64_t)(digits.data[i] - '0');
    if (number > max / 10 || number * 10 > max - digit) {
      return false;
    }
    number = number * 10 + digit;
  }
  *out_number = number;
  return true;
}

static bool parse_signed(gateway_text text, int64_t max, int64_t *out_number) {
  uint64_t magnitude = 0;
  bool is_negative = text.size > 0 && text.data[0] == '-';
  if (!gateway_text_is_integer(text) ||
      !parse_unsigned(gateway_text_from_offset(text, is_negative ? 1 : 0),
                      (uint64_t)max + (is_negative ? 1 : 0), &magnitude)) {
    return false;
  }
  *out_number = is_negative ? (int64_t)(UINT64_C(0) - magnitude) : (int64_t)magnitude;
  return true;
}

static const char *int32_from_text(gateway_text text, upb_MessageValue *out_value) {
  int64_t number = 0;
  if (!parse_signed(text, INT32_MAX, &number)) {
    return "is not a 32-bit integer";
  }
  out_value->int32_val = (int32_t)number;
  return NULL;
}

static const char *int64_from_text(gateway_text text, upb_MessageValue *out_value) {
  return parse_signed(text, INT64_MAX, &out_value->int64_val) ? NULL : "is not a 64-bit integer";
}

static bool is_digits(gateway_text text) {
  return text.size > 0 && skip_digits(text, 0) == text.size;
}

static const char *uint32_from_text(gateway_text text, upb_MessageValue *out_value) {
  uint64_t number = 0;
  if (!is_digits(text) || !parse_unsigned(text, UINT32_MAX, &number)) {
    return "is not an unsigned 32-bit integer";
  }
  out_value->uint32_val = (uint32_t)number;
  return NULL;
}

static const char *uint64_from_text(gateway_text text, upb_MessageValue *out_value) {
  return is_digits(text) && parse_unsigned(text, UINT64_MAX, &out_value->uint64_val)
             ? NULL
             : "is not an unsigned 64-bit integer";
}

static const char *double_from_text(gateway_text text, double max, double *out_number) {
  if (gateway_text_is_special_number(text)) {
    *out_number = text.data[0] == 'N' ? (double)NAN : (double)INFINITY;
    *out_number = text.data[0] == '-' ? -*out_number : *out_number;
    return NULL;
  }
  char copy[NUMBER_SIZE_MAX + 1];
  if (!gateway_text_is_json_number(text) || text.size > NUMBER_SIZE_MAX) {
    return "is not a number";
  }
  memcpy(copy, text.data, text.size);
  copy[text.size] = '\0';
  *out_number = strtod(copy, NULL);
  return *out_number > max || *out_number < -max ? "is a number that is out of range" : NULL;
}

static const char *enum_from_text(const upb_FieldDef *field, gateway_text text,
                                  upb_MessageValue *out_value) {
  const upb_EnumDef *def = upb_FieldDef_EnumSubDef(field);
  const upb_EnumValueDef *value = upb_EnumDef_FindValueByNameWithSize(def, text.data, text.size);
  if (value != NULL) {
    out_value->int32_val = upb_EnumValueDef_Number(value);
    return NULL;
  }
  return int32_from_text(text, out_value) == NULL ? NULL
                                                  : "is not a name or number of the enumeration";
}

static const char *bool_from_text(gateway_text text, upb_MessageValue *out_value) {
  out_value->bool_val = gateway_text_is(text, "true");
  return out_value->bool_val || gateway_text_is(text, "false") ? NULL
                                                               : "is neither 'true' nor 'false'";
}

static const char *time_from_text(upb_Arena *arena, const upb_MessageDef *def, gateway_text text,
                                  upb_MessageValue *out_value) {
  bool is_timestamp = upb_MessageDef_WellKnownType(def) == kUpb_WellKnown_Timestamp;
  gateway_time time = {0, 0};
  if (is_timestamp ? !gateway_timestamp_from_text(text, &time)
                   : !gateway_duration_from_text(text, &time)) {
    return is_timestamp ? "is not a time such as '2026-01-02T03:04:05Z'"
                        : "is not a duration such as '1.5s'";
  }
  upb_Message *message = upb_Message_New(def, arena);
  upb_MessageValue seconds = {.int64_val = time.seconds};
  upb_MessageValue nanos = {.int32_val = time.nanos};
  upb_Message_Set(message, upb_MessageDef_FindFieldByNumber(def, 1), seconds, arena);
  upb_Message_Set(message, upb_MessageDef_FindFieldByNumber(def, 2), nanos, arena);
  out_value->msg_val = message;
  return NULL;
}

/* One path of a field mask. JSON writes lowerCamelCase, callers often the field's own name. */
static gateway_text mask_path(upb_Arena *arena, gateway_text text) {
  char *path = gateway_arena_alloc(arena, text.size * 2 + 1);
  size_t size = 0;
  for (size_t i = 0; i < text.size; i++) {
    char c = text.data[i];
    if (c >= 'A' && c <= 'Z') {
      path[size++] = '_';
      c |= 0x20;
    }
    path[size++] = c;
  }
  return gateway_text_of(path, size);
}

static const char *mask_from_text(upb_Arena *arena, const upb_MessageDef *def, gateway_text text,
                                  upb_MessageValue *out_value) {
  upb_Message *message = upb_Message_New(def, arena);
  upb_Array *paths =
      upb_Message_Mutable(message, upb_MessageDef_FindFieldByNumber(def, 1), arena).array;
  gateway_text path;
  while (text.size > 0) {
    gateway_text_split(text, ',', &path, &text);
    upb_MessageValue value = {.str_val = mask_path(arena, path)};
    if (path.size == 0 || !gateway_utf8_is_valid(path)) {
      return "is not a list of fields such as 'a,b.c'";
    }
    upb_Array_Append(paths, value, arena);
  }
  out_value->msg_val = message;
  return NULL;
}

static const char *wrapper_from_text(upb_Arena *arena, const upb_MessageDef *def, gateway_text text,
                                     upb_MessageValue *out_value) {
  const upb_FieldDef *field = upb_MessageDef_FindFieldByNumber(def, 1);
  upb_MessageValue inner;
  const char *error = gateway_field_value_from_text(arena, field, text, &inner);
  if (error != NULL) {
    return error;
  }
  upb_Message *message = upb_Message_New(def, arena);
  upb_Message_Set(message, field, inner, arena);
  out_value->msg_val = message;
  return NULL;
}

static bool is_wrapper(upb_WellKnown type) {
  return type >= kUpb_WellKnown_DoubleValue && type <= kUpb_WellKnown_BoolValue;
}

bool gateway_field_has_text_form(const upb_FieldDef *field) {
  if (upb_FieldDef_IsMap(field)) {
    field = upb_MessageDef_FindFieldByNumber(upb_FieldDef_MessageSubDef(field), 2);
  }
  if (!upb_FieldDef_IsSubMessage(field)) {
    return true;
  }
  upb_WellKnown type = upb_MessageDef_WellKnownType(upb_FieldDef_MessageSubDef(field));
  return type == kUpb_WellKnown_Timestamp || type == kUpb_WellKnown_Duration ||
         type == kUpb_WellKnown_FieldMask || is_wrapper(type);
}

static const char *message_from_text(upb_Arena *arena, const upb_MessageDef *def, gateway_text text,
                                     upb_MessageValue *out_value) {
  switch (upb_MessageDef_WellKnownType(def)) {
  case kUpb_WellKnown_Timestamp:
  case kUpb_WellKnown_Duration:
    return time_from_text(arena, def, text, out_value);
  case kUpb_WellKnown_FieldMask:
    return mask_from_text(arena, def, text, out_value);
  default:
    return is_wrapper(upb_MessageDef_WellKnownType(def))
               ? wrapper_from_text(arena, def, text, out_value)
               : "is a message, which can't be written as text";
  }
}

static const char *string_from_text(gateway_text text, upb_MessageValue *out_value) {
  out_value->str_val = text;
  return gateway_utf8_is_valid(text) ? NULL : "is not valid UTF-8";
}

static const char *float_from_text(gateway_text text, upb_MessageValue *out_value) {
  double number = 0;
  const char *error = double_from_text(text, (double)FLT_MAX, &number);
  if (error == NULL) {
    out_value->float_val = (float)number;
  }
  return error;
}

const char *gateway_field_value_from_text(upb_Arena *arena, const upb_FieldDef *field,
                                          gateway_text text, upb_MessageValue *out_value) {
  switch (upb_FieldDef_CType(field)) {
  case kUpb_CType_Bool:
    return bool_from_text(text, out_value);
  case kUpb_CType_Float:
    return float_from_text(text, out_value);
  case kUpb_CType_Double:
    return double_from_text(text, DBL_MAX, &out_value->double_val);
  case kUpb_CType_Int32:
    return int32_from_text(text, out_value);
  case kUpb_CType_UInt32:
    return uint32_from_text(text, out_value);
  case kUpb_CType_Int64:
    return int64_from_text(text, out_value);
  case kUpb_CType_UInt64:
    return uint64_from_text(text, out_value);
  case kUpb_CType_Enum:
    return enum_from_text(field, text, out_value);
  case kUpb_CType_String:
    return string_from_text(text, out_value);
  case kUpb_CType_Bytes:
    return gateway_base64_decode(arena, text, &out_value->str_val) ? NULL : "is not base64";
  case kUpb_CType_Message:
    return message_from_text(arena, upb_FieldDef_MessageSubDef(field), text, out_value);
  }
  return "has an unknown type";
}
