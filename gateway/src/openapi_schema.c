/* SPDX-License-Identifier: Apache-2.0 */
#include "openapi_schema.h"

void gateway_schemas_write_description(gateway_schemas *schemas, const char *full_name) {
  gateway_text comment =
      gateway_descriptors_comment(schemas->descriptors, gateway_text_from(full_name));
  if (comment.size > 0) {
    gateway_json_key(schemas->writer, gateway_text_from("description"));
    gateway_json_text(schemas->writer, comment);
  }
}

static void need(gateway_schemas *schemas, const upb_MessageDef *message,
                 const upb_EnumDef *enumeration) {
  for (size_t i = 0; i < schemas->count; i++) {
    if (schemas->needed[i].message == message && schemas->needed[i].enumeration == enumeration) {
      return;
    }
  }
  if (schemas->count < GATEWAY_SCHEMAS_MAX) {
    schemas->needed[schemas->count].message = message;
    schemas->needed[schemas->count].enumeration = enumeration;
    schemas->count++;
  }
}

static void write_reference(gateway_schemas *schemas, const char *full_name) {
  upb_Arena *arena = schemas->writer->arena;
  gateway_json_open(schemas->writer, '{');
  gateway_json_member(schemas->writer, "$ref",
                      gateway_arena_format(arena, "#/components/schemas/%s", full_name).data);
  gateway_json_close(schemas->writer, '}');
}

/* A schema that fits in a line. */
typedef struct plain_schema {
  const char *type;
  const char *key, *value; /* one more member, or NULL */
} plain_schema;

static void write_plain(gateway_schemas *schemas, const plain_schema *schema) {
  gateway_json_open(schemas->writer, '{');
  gateway_json_member(schemas->writer, "type", schema->type);
  if (schema->key != NULL) {
    gateway_json_member(schemas->writer, schema->key, schema->value);
  }
  gateway_json_close(schemas->writer, '}');
}

static const plain_schema scalar_schemas[] = {
    [kUpb_CType_Bool] = {"boolean", NULL, NULL},
    [kUpb_CType_Float] = {"number", "format", "float"},
    [kUpb_CType_Double] = {"number", "format", "double"},
    [kUpb_CType_Int32] = {"integer", "format", "int32"},
    [kUpb_CType_UInt32] = {"integer", "format", "uint32"},
    [kUpb_CType_Int64] = {"string", "format", "int64"},
    [kUpb_CType_UInt64] = {"string", "format", "uint64"},
    [kUpb_CType_String] = {"string", NULL, NULL},
    [kUpb_CType_Bytes] = {"string", "contentEncoding", "base64"},
};

static void write_value(gateway_schemas *schemas, const upb_FieldDef *field) {
  switch (upb_FieldDef_CType(field)) {
  case kUpb_CType_Message:
    gateway_schema_write_message(schemas, upb_FieldDef_MessageSubDef(field));
    return;
  case kUpb_CType_Enum:
    need(schemas, NULL, upb_FieldDef_EnumSubDef(field));
    write_reference(schemas, upb_EnumDef_FullName(upb_FieldDef_EnumSubDef(field)));
    return;
  default:
    write_plain(schemas, &scalar_schemas[upb_FieldDef_CType(field)]);
  }
}

/* Messages with a JSON form of their own; false for all others. */
static bool write_well_known(gateway_schemas *schemas, const upb_MessageDef *def) {
  static const plain_schema forms[] = {
      [kUpb_WellKnown_Any] = {"object", "description",
                              "Any message: its fields, and its type as \"@type\"."},
      [kUpb_WellKnown_FieldMask] = {"string", "description",
                                    "Names of fields in lowerCamelCase, separated by commas."},
      [kUpb_WellKnown_Duration] = {"string", "pattern", "^-?[0-9]+(\\.[0-9]{1,9})?s$"},
      [kUpb_WellKnown_Timestamp] = {"string", "format", "date-time"},
      [kUpb_WellKnown_ListValue] = {"array", NULL, NULL},
      [kUpb_WellKnown_Struct] = {"object", NULL, NULL},
  };
  upb_WellKnown type = upb_MessageDef_WellKnownType(def);
  if (type >= kUpb_WellKnown_DoubleValue && type <= kUpb_WellKnown_BoolValue) {
    write_value(schemas, upb_MessageDef_FindFieldByNumber(def, 1));
    return true;
  }
  if (type == kUpb_WellKnown_Value) {
    gateway_json_open(schemas->writer, '{');
    gateway_json_close(schemas->writer, '}');
    return true;
  }
  if (type == kUpb_WellKnown_Unspecified) {
    return false;
  }
  write_plain(schemas, &forms[type]);
  return true;
}

void gateway_schema_write_message(gateway_schemas *schemas, const upb_MessageDef *def) {
  if (!write_well_known(schemas, def)) {
    need(schemas, def, NULL);
    write_reference(schemas, upb_MessageDef_FullName(def));
  }
}

void gateway_schema_write_field(gateway_schemas *schemas, const upb_FieldDef *field,
                                bool is_element) {
  gateway_json_writer *writer = schemas->writer;
  if (!upb_FieldDef_IsRepeated(field) || is_element) {
    write_value(schemas, field);
    return;
  }
  bool is_map = upb_FieldDef_IsMap(field);
  gateway_json_open(writer, '{');
  gateway_json_member(writer, "type", is_map ? "object" : "array");
  gateway_json_key(writer, gateway_text_from(is_map ? "additionalProperties" : "items"));
  write_value(schemas, is_map ? upb_MessageDef_FindFieldByNumber(upb_FieldDef_MessageSubDef(field),
                                                                 kUpb_MapEntry_ValueFieldNumber)
                              : field);
  gateway_json_close(writer, '}');
}

/* A property is its schema, with the field's comment beside it: OpenAPI 3.1 lets both stand next to
 * a $ref. */
static void write_property(gateway_schemas *schemas, const upb_FieldDef *field) {
  gateway_json_writer *writer = schemas->writer;
  gateway_json_key(writer, gateway_text_from(upb_FieldDef_Name(field)));
  gateway_text comment = gateway_descriptors_comment(
      schemas->descriptors, gateway_text_from(upb_FieldDef_FullName(field)));
  if (comment.size == 0) {
    gateway_schema_write_field(schemas, field, false);
    return;
  }
  gateway_json_open(writer, '{');
  gateway_schemas_write_description(schemas, upb_FieldDef_FullName(field));
  gateway_json_member_open(writer, "allOf", '[');
  gateway_schema_write_field(schemas, field, false);
  gateway_json_close(writer, ']');
  gateway_json_close(writer, '}');
}

static void write_message_component(gateway_schemas *schemas, const upb_MessageDef *def) {
  gateway_json_writer *writer = schemas->writer;
  gateway_json_member_open(writer, upb_MessageDef_FullName(def), '{');
  gateway_json_member(writer, "type", "object");
  gateway_schemas_write_description(schemas, upb_MessageDef_FullName(def));
  gateway_json_member_open(writer, "properties", '{');
  for (int i = 0; i < upb_MessageDef_FieldCount(def); i++) {
    write_property(schemas, upb_MessageDef_Field(def, i));
  }
  gateway_json_close(writer, '}');
  gateway_json_close(writer, '}');
}

/* The comments of an enum and of its values, as one. */
static void write_enum_description(gateway_schemas *schemas, const upb_EnumDef *def) {
  upb_Arena *arena = schemas->writer->arena;
  gateway_text name = gateway_text_from(upb_EnumDef_FullName(def));
  gateway_text text = gateway_descriptors_comment(schemas->descriptors, name);
  for (int i = 0; i < upb_EnumDef_ValueCount(def); i++) {
    const char *value = upb_EnumValueDef_Name(upb_EnumDef_Value(def, i));
    gateway_text comment = gateway_descriptors_comment(
        schemas->descriptors,
        gateway_arena_format(arena, "%.*s.%s", GATEWAY_TEXT_ARGS(name), value));
    if (comment.size > 0) {
      text = gateway_arena_format(arena, "%.*s%s%s: %.*s", GATEWAY_TEXT_ARGS(text),
                                  text.size == 0 ? "" : "\n", value, GATEWAY_TEXT_ARGS(comment));
    }
  }
  if (text.size > 0) {
    gateway_json_key(schemas->writer, gateway_text_from("description"));
    gateway_json_text(schemas->writer, text);
  }
}

static void write_enum_component(gateway_schemas *schemas, const upb_EnumDef *def) {
  gateway_json_writer *writer = schemas->writer;
  gateway_json_member_open(writer, upb_EnumDef_FullName(def), '{');
  gateway_json_member(writer, "type", "string");
  write_enum_description(schemas, def);
  gateway_json_member_open(writer, "enum", '[');
  for (int i = 0; i < upb_EnumDef_ValueCount(def); i++) {
    gateway_json_text(writer, gateway_text_from(upb_EnumValueDef_Name(upb_EnumDef_Value(def, i))));
  }
  gateway_json_close(writer, ']');
  gateway_json_close(writer, '}');
}

/* Writing one may add more. */
void gateway_schemas_write_needed(gateway_schemas *schemas) {
  for (size_t i = 0; i < schemas->count; i++) {
    if (schemas->needed[i].message != NULL) {
      write_message_component(schemas, schemas->needed[i].message);
    } else {
      write_enum_component(schemas, schemas->needed[i].enumeration);
    }
  }
}
