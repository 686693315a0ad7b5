/* SPDX-License-Identifier: Apache-2.0 */
#include "http_rule.h"

#include <upb/reflection.h>

typedef struct options_reader {
  const upb_MethodDef *method;
  upb_Arena *arena;
  gateway_http_options *out;
} options_reader;

static gateway_text string_field(const upb_Message *message, const upb_MessageDef *def,
                                 const char *name) {
  const upb_FieldDef *field = upb_MessageDef_FindFieldByName(def, name);
  return field == NULL ? gateway_text_of("", 0) : upb_Message_Get(message, field).str_val;
}

static mesh_status fail(const options_reader *reader, const char *reason) {
  return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "%s: %s",
                           upb_MethodDef_FullName(reader->method), reason);
}

/* The member of the oneof "pattern" that is set, as method and path. False when none is. */
static bool read_pattern(const upb_Message *message, const upb_MessageDef *def,
                         gateway_http_rule *out_rule) {
  static const char *const methods[][2] = {
      {"get", "GET"}, {"put", "PUT"}, {"post", "POST"}, {"delete", "DELETE"}, {"patch", "PATCH"}};
  const upb_OneofDef *oneof = upb_MessageDef_FindOneofByName(def, "pattern");
  const upb_FieldDef *field = oneof == NULL ? NULL : upb_Message_WhichOneof(message, oneof);
  if (field == NULL) {
    return false;
  }
  upb_MessageValue value = upb_Message_Get(message, field);
  if (upb_FieldDef_IsSubMessage(field)) {
    const upb_MessageDef *custom = upb_FieldDef_MessageSubDef(field);
    out_rule->method = string_field(value.msg_val, custom, "kind");
    out_rule->path = string_field(value.msg_val, custom, "path");
    return out_rule->method.size > 0;
  }
  for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
    if (strcmp(upb_FieldDef_Name(field), methods[i][0]) == 0) {
      out_rule->method = gateway_text_from(methods[i][1]);
      out_rule->path = value.str_val;
      return true;
    }
  }
  return false;
}

static mesh_status read_rule(options_reader *reader, const upb_Message *message,
                             const upb_MessageDef *def) {
  gateway_http_options *out = reader->out;
  if (out->rule_count == GATEWAY_RULES_MAX) {
    return fail(reader, "there are too many additional_bindings");
  }
  gateway_http_rule *rule = &out->rules[out->rule_count];
  if (!read_pattern(message, def, rule)) {
    return fail(reader, "its google.api.http rule has no get, put, post, delete, patch or custom");
  }
  rule->body = string_field(message, def, "body");
  rule->response_body = string_field(message, def, "response_body");
  out->rule_count++;
  return mesh_status_ok();
}

/* "Nested bindings must not contain an additional_bindings field themselves". */
static const upb_Array *additional_bindings(const upb_Message *message, const upb_MessageDef *def) {
  const upb_FieldDef *field = upb_MessageDef_FindFieldByName(def, "additional_bindings");
  return field == NULL ? NULL : upb_Message_Get(message, field).array_val;
}

static size_t array_size(const upb_Array *array) {
  return array == NULL ? 0 : upb_Array_Size(array);
}

static mesh_status read_rules(options_reader *reader, const upb_Message *message,
                              const upb_MessageDef *def) {
  mesh_status status = read_rule(reader, message, def);
  const upb_Array *bindings = additional_bindings(message, def);
  for (size_t i = 0; i < array_size(bindings) && mesh_status_is_ok(&status); i++) {
    const upb_Message *binding = upb_Array_Get(bindings, i).msg_val;
    status = array_size(additional_bindings(binding, def)) > 0
                 ? fail(reader, "additional_bindings must not be nested")
                 : read_rule(reader, binding, def);
  }
  return status;
}

static mesh_status read_success(options_reader *reader, const upb_Message *message,
                                const upb_MessageDef *def) {
  gateway_http_options *out = reader->out;
  const upb_FieldDef *status = upb_MessageDef_FindFieldByName(def, "status");
  int number = status == NULL ? 0 : upb_Message_Get(message, status).int32_val;
  if (number != 0 && (number < 200 || number > 299)) {
    return fail(reader, "the status of its meshwork.http.v1.success is not between 200 and 299");
  }
  out->success_status = number == 0 ? 200 : number;
  out->location = string_field(message, def, "location");
  return mesh_status_ok();
}

/* The value of an extension that is a message, or NULL. */
static const upb_Message *extension(const upb_Message *options, const upb_FieldDef *field) {
  bool is_there =
      field != NULL && upb_FieldDef_IsSubMessage(field) && upb_Message_Has(options, field);
  return is_there ? upb_Message_Get(options, field).msg_val : NULL;
}

static mesh_status read_failures(options_reader *reader, const upb_Message *options,
                                 const upb_FieldDef *field) {
  if (field == NULL || !upb_FieldDef_IsSubMessage(field) || !upb_FieldDef_IsRepeated(field)) {
    return mesh_status_ok();
  }
  const upb_Array *failures = upb_Message_Get(options, field).array_val;
  if (array_size(failures) == 0) {
    return mesh_status_ok();
  }
  const char *error = gateway_failures_read(failures, upb_FieldDef_MessageSubDef(field),
                                            reader->arena, &reader->out->failures);
  return error == NULL ? mesh_status_ok() : fail(reader, error);
}

static gateway_text string_extension(const upb_DefPool *pool, const char *name,
                                     const upb_Message *options) {
  const upb_FieldDef *field = upb_DefPool_FindExtensionByName(pool, name);
  return field != NULL && upb_FieldDef_IsString(field) ? upb_Message_Get(options, field).str_val
                                                       : gateway_text_of("", 0);
}

mesh_status gateway_http_options_read(const gateway_descriptors *descriptors,
                                      const upb_MethodDef *method, upb_Arena *arena,
                                      gateway_http_options *out_options) {
  const upb_DefPool *pool = gateway_descriptors_pool(descriptors);
  options_reader reader = {method, arena, out_options};
  memset(out_options, 0, sizeof *out_options);
  out_options->success_status = 200;
  const upb_Message *options = gateway_descriptors_method_options(descriptors, method, arena);
  if (options == NULL) {
    return mesh_status_ok();
  }
  const upb_FieldDef *http = upb_DefPool_FindExtensionByName(pool, "google.api.http");
  const upb_FieldDef *success = upb_DefPool_FindExtensionByName(pool, "meshwork.http.v1.success");
  const upb_Message *rule = extension(options, http);
  const upb_Message *answer = extension(options, success);
  mesh_status status = mesh_status_ok();
  if (rule != NULL) {
    status = read_rules(&reader, rule, upb_FieldDef_MessageSubDef(http));
  }
  if (mesh_status_is_ok(&status) && answer != NULL) {
    status = read_success(&reader, answer, upb_FieldDef_MessageSubDef(success));
  }
  if (mesh_status_is_ok(&status)) {
    status = read_failures(&reader, options,
                           upb_DefPool_FindExtensionByName(pool, "meshwork.http.v1.failure"));
  }
  out_options->span_name = string_extension(pool, "meshwork.http.v1.span", options);
  return status;
}

gateway_text gateway_http_default_target(const gateway_descriptors *descriptors,
                                         const upb_ServiceDef *service, upb_Arena *arena) {
  const upb_Message *options = gateway_descriptors_service_options(descriptors, service, arena);
  return options == NULL ? gateway_text_of("", 0)
                         : string_extension(gateway_descriptors_pool(descriptors),
                                            "meshwork.http.v1.default_target", options);
}
