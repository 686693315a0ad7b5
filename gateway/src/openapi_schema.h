/* SPDX-License-Identifier: Apache-2.0 */
/* Messages and enums as JSON Schema, in the forms of proto3 JSON. */
#ifndef GATEWAY_OPENAPI_SCHEMA_H
#define GATEWAY_OPENAPI_SCHEMA_H

#include "descriptors.h"
#include "json_writer.h"

enum { GATEWAY_SCHEMAS_MAX = 4096 };

/* The document under way, and what its references need below #/components/schemas. */
typedef struct gateway_schemas {
  gateway_json_writer *writer;
  const gateway_descriptors *descriptors;
  struct {
    const upb_MessageDef *message; /* one of the two */
    const upb_EnumDef *enumeration;
  } needed[GATEWAY_SCHEMAS_MAX];
  size_t count;
} gateway_schemas;

/* Writes the schema of a field's value, as the value of the member at hand. `is_element`: of one of
 * its elements, when it is repeated. */
void gateway_schema_write_field(gateway_schemas *schemas, const upb_FieldDef *field,
                                bool is_element);

/* The same of a message. */
void gateway_schema_write_message(gateway_schemas *schemas, const upb_MessageDef *def);

/* Writes the members of #/components/schemas: all that is needed, and what that needs. */
void gateway_schemas_write_needed(gateway_schemas *schemas);

/* Writes the member "description", if there is a comment on `full_name`. */
void gateway_schemas_write_description(gateway_schemas *schemas, const char *full_name);

#endif
