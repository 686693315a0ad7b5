/* SPDX-License-Identifier: Apache-2.0 */
#include "query.h"

#include "field_text.h"
#include "percent.h"

#include <upb/reflection.h>

typedef struct query_parameter {
  gateway_text name;    /* as it was written, decoded: what violations name */
  gateway_text path;    /* without the map key */
  gateway_text map_key; /* with `has_map_key` */
  bool has_map_key;
  gateway_text value;
} query_parameter;

static void blame(gateway_target *target, const query_parameter *parameter,
                  const char *description) {
  gateway_problem_add_violation(target->problem, parameter->name, "%s", description);
}

bool gateway_target_is_given(gateway_target *target, const upb_Message *parent,
                             const upb_FieldDef *field) {
  for (size_t i = 0; i < target->given_count; i++) {
    if (target->given[i].message == parent && target->given[i].field == field) {
      return true;
    }
  }
  target->given[target->given_count++] = (gateway_given){parent, field};
  return false;
}

/* The next pair of the query that is not empty; false at its end. */
static bool next_pair(gateway_text *query, gateway_text *out_name, gateway_text *out_value) {
  gateway_text pair = gateway_text_of("", 0);
  while (pair.size == 0 && query->size > 0) {
    gateway_text_split(*query, '&', &pair, query);
  }
  gateway_text_split(pair, '=', out_name, out_value);
  return pair.size > 0;
}

static bool decode_pair(gateway_target *target, gateway_text raw_name, gateway_text raw_value,
                        query_parameter *out) {
  memset(out, 0, sizeof *out);
  out->name = raw_name;
  if (!gateway_percent_decode(target->arena, raw_name, GATEWAY_PERCENT_QUERY, &out->name) ||
      !gateway_percent_decode(target->arena, raw_value, GATEWAY_PERCENT_QUERY, &out->value)) {
    blame(target, out, "there is a '%' without two hex digits behind it, or a %00");
    return false;
  }
  gateway_text key;
  out->has_map_key = gateway_text_split(out->name, '[', &out->path, &key);
  if (out->has_map_key) {
    if (key.size == 0 || key.data[key.size - 1] != ']') {
      blame(target, out, "a ']' is missing");
      return false;
    }
    out->map_key = gateway_text_of(key.data, key.size - 1);
  }
  return true;
}

/* The message that holds the parameter's field, made on the way; NULL, and blamed, when it can't.
 */
static upb_Message *find_parent(gateway_target *target, const query_parameter *parameter,
                                gateway_field_path *out_path) {
  const char *error = gateway_field_path_resolve(target->def, parameter->path, out_path);
  if (error == NULL && out_path->fields[0] == target->body_field) {
    error = "the field is taken from the body";
  }
  const upb_FieldDef *leaf = error == NULL ? gateway_field_path_leaf(out_path) : NULL;
  if (leaf != NULL && !gateway_field_has_text_form(leaf)) {
    error = "a message can't be a query parameter, only its fields can";
  } else if (leaf != NULL && upb_FieldDef_IsMap(leaf) != parameter->has_map_key) {
    error = parameter->has_map_key ? "the field is not a map"
                                   : "entries of a map are written as name[key]=value";
  }
  upb_Message *parent =
      error == NULL ? gateway_field_path_make_parent(out_path, target->message, target->arena)
                    : NULL;
  if (error == NULL && (parent == NULL || gateway_field_is_excluded(parent, leaf))) {
    error = "another field of the same oneof is set already";
    parent = NULL;
  }
  if (error != NULL) {
    blame(target, parameter, error);
  }
  return parent;
}

static const char *set_single(gateway_target *target, const query_parameter *parameter,
                              upb_Message *parent, const upb_FieldDef *field) {
  upb_MessageValue value;
  if (gateway_target_is_given(target, parent, field)) {
    return "the field is given twice";
  }
  const char *error = gateway_field_value_from_text(target->arena, field, parameter->value, &value);
  if (error == NULL) {
    upb_Message_Set(parent, field, value, target->arena);
  }
  return error;
}

static const char *append(gateway_target *target, const query_parameter *parameter,
                          upb_Message *parent, const upb_FieldDef *field) {
  upb_MessageValue value;
  const char *error = gateway_field_value_from_text(target->arena, field, parameter->value, &value);
  if (error == NULL) {
    upb_Array *array = upb_Message_Mutable(parent, field, target->arena).array;
    upb_Array_Append(array, value, target->arena);
  }
  return error;
}

static const char *put(gateway_target *target, const query_parameter *parameter,
                       upb_Message *parent, const upb_FieldDef *field) {
  const upb_MessageDef *entry = upb_FieldDef_MessageSubDef(field);
  upb_MessageValue key;
  upb_MessageValue value;
  const char *error = gateway_field_value_from_text(
      target->arena, upb_MessageDef_FindFieldByNumber(entry, 1), parameter->map_key, &key);
  if (error != NULL) {
    return "the key is not one of this map's";
  }
  error = gateway_field_value_from_text(target->arena, upb_MessageDef_FindFieldByNumber(entry, 2),
                                        parameter->value, &value);
  if (error != NULL) {
    return error;
  }
  upb_Map *map = upb_Message_Mutable(parent, field, target->arena).map;
  return upb_Map_Insert(map, key, value, target->arena) == kUpb_MapInsertStatus_Replaced
             ? "the key is given twice"
             : NULL;
}

static void apply(gateway_target *target, const query_parameter *parameter) {
  gateway_field_path path;
  upb_Message *parent = find_parent(target, parameter, &path);
  if (parent == NULL) {
    return;
  }
  const upb_FieldDef *field = gateway_field_path_leaf(&path);
  const char *error = upb_FieldDef_IsMap(field) ? put(target, parameter, parent, field)
                      : upb_FieldDef_IsRepeated(field)
                          ? append(target, parameter, parent, field)
                          : set_single(target, parameter, parent, field);
  if (error != NULL) {
    blame(target, parameter, error);
  }
}

void gateway_query_apply(gateway_target *target, gateway_text query) {
  gateway_text name;
  gateway_text value;
  query_parameter parameter;
  for (size_t count = 0; next_pair(&query, &name, &value); count++) {
    if (count == GATEWAY_PARAMETERS_MAX) {
      gateway_problem_set(target->problem, GRPC_STATUS_INVALID_ARGUMENT,
                          "there are more than %d query parameters", GATEWAY_PARAMETERS_MAX);
      return;
    }
    if (decode_pair(target, name, value, &parameter)) {
      apply(target, &parameter);
    }
  }
}

void gateway_query_refuse(gateway_target *target, gateway_text query) {
  gateway_text name;
  gateway_text value;
  query_parameter parameter;
  while (!gateway_problem_is_full(target->problem) && next_pair(&query, &name, &value)) {
    if (decode_pair(target, name, value, &parameter)) {
      blame(target, &parameter, "there are no query parameters here: the body is the request");
    }
  }
}
