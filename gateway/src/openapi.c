/* SPDX-License-Identifier: Apache-2.0 */
/* The OpenAPI document: every route as an operation, every message as a schema. */
#include "api.h"
#include "field_text.h"
#include "http_body.h"
#include "openapi_failure.h"
#include "openapi_path.h"
#include "openapi_schema.h"
#include "pages.h"

/* Fields of messages within messages are parameters too, down to here. */
enum { PARAMETER_DEPTH_MAX = 3 };

typedef struct openapi_document {
  gateway_json_writer writer;
  const gateway_api *api;
  gateway_schemas schemas;
  const upb_MessageDef *error; /* google.rpc.Status, or NULL */
  upb_Arena *arena;
} openapi_document;

/* What OpenAPI calls the method; NULL for those it has no place for. */
static const char *operation_key(gateway_text method) {
  static const char *const keys[][2] = {
      {"GET", "get"},     {"PUT", "put"},   {"POST", "post"},       {"DELETE", "delete"},
      {"PATCH", "patch"}, {"HEAD", "head"}, {"OPTIONS", "options"}, {"TRACE", "trace"}};
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
    if (gateway_text_is(method, keys[i][0])) {
      return keys[i][1];
    }
  }
  return NULL;
}

static void open_parameter(openapi_document *document, const char *place, gateway_text name,
                           const upb_FieldDef *field) {
  gateway_json_writer *writer = &document->writer;
  gateway_json_open(writer, '{');
  gateway_json_member(writer, "in", place);
  gateway_json_key(writer, gateway_text_from("name"));
  gateway_json_text(writer, name);
  if (field != NULL) {
    gateway_schemas_write_description(&document->schemas, upb_FieldDef_FullName(field));
  }
}

/* The names are those of the path's first route; the fields are this route's. */
static void write_path_parameters(openapi_document *document, const gateway_route *route,
                                  const gateway_openapi_path *path) {
  gateway_json_writer *writer = &document->writer;
  gateway_openapi_path own;
  gateway_openapi_path_from(&route->path_template, document->arena, &own);
  for (size_t i = 0; i < own.variable_count; i++) {
    const gateway_variable *variable = own.variables[i].variable;
    const upb_FieldDef *field =
        variable == NULL
            ? NULL
            : gateway_field_path_leaf(&route->variables[variable - route->path_template.variables]);
    open_parameter(document, "path", path->variables[i].name, field);
    gateway_json_key(writer, gateway_text_from("required"));
    gateway_json_bool(writer, true);
    gateway_json_key(writer, gateway_text_from("schema"));
    if (field != NULL && variable->count == 1) {
      gateway_schema_write_field(&document->schemas, field, false);
    } else {
      gateway_json_raw(writer, gateway_text_from("{\"type\":\"string\"}"));
    }
    gateway_json_close(writer, '}');
  }
}

static bool is_path_variable(const gateway_route *route, const upb_FieldDef *field) {
  for (size_t i = 0; i < route->path_template.variable_count; i++) {
    if (gateway_field_path_leaf(&route->variables[i]) == field) {
      return true;
    }
  }
  return false;
}

static void write_query_parameter(openapi_document *document, gateway_text name,
                                  const upb_FieldDef *field) {
  gateway_json_writer *writer = &document->writer;
  open_parameter(document, "query", name, field);
  if (upb_FieldDef_IsMap(field)) {
    gateway_json_member(writer, "style", "deepObject");
  }
  gateway_json_key(writer, gateway_text_from("schema"));
  gateway_schema_write_field(&document->schemas, field, false);
  gateway_json_close(writer, '}');
}

static void write_query_parameters(openapi_document *document, const gateway_route *route,
                                   const upb_MessageDef *def, gateway_text prefix, int depth) {
  for (int i = 0; i < upb_MessageDef_FieldCount(def); i++) {
    const upb_FieldDef *field = upb_MessageDef_Field(def, i);
    gateway_text name = gateway_arena_format(document->arena, "%.*s%s", GATEWAY_TEXT_ARGS(prefix),
                                             upb_FieldDef_Name(field));
    if (field == route->body_field || is_path_variable(route, field)) {
      continue;
    }
    if (gateway_field_has_text_form(field)) {
      write_query_parameter(document, name, field);
      continue;
    }
    bool has_fields = !upb_FieldDef_IsRepeated(field) &&
                      upb_MessageDef_WellKnownType(upb_FieldDef_MessageSubDef(field)) ==
                          kUpb_WellKnown_Unspecified;
    if (has_fields && depth < PARAMETER_DEPTH_MAX && upb_FieldDef_MessageSubDef(field) != def) {
      write_query_parameters(
          document, route, upb_FieldDef_MessageSubDef(field),
          gateway_arena_format(document->arena, "%.*s.", GATEWAY_TEXT_ARGS(name)), depth + 1);
    }
  }
}

static void write_parameters(openapi_document *document, const gateway_route *route,
                             const gateway_openapi_path *path) {
  gateway_json_member_open(&document->writer, "parameters", '[');
  write_path_parameters(document, route, path);
  if (route->body_kind != GATEWAY_BODY_WHOLE) {
    write_query_parameters(document, route, route->method->input, gateway_text_of("", 0), 1);
  }
  gateway_json_close(&document->writer, ']');
}

/* {"TYPE":{"schema":...}}; the schema of a field, or of a message, and an array of it or not. */
typedef struct body_content {
  const char *media_type;
  const upb_FieldDef *field;
  const upb_MessageDef *message;
  bool is_array;
} body_content;

static void write_content(openapi_document *document, const body_content *content) {
  gateway_json_writer *writer = &document->writer;
  gateway_json_member_open(writer, content->media_type, '{');
  gateway_json_key(writer, gateway_text_from("schema"));
  if (content->is_array) {
    gateway_json_open(writer, '{');
    gateway_json_member(writer, "type", "array");
    gateway_json_key(writer, gateway_text_from("items"));
  }
  if (content->field != NULL) {
    gateway_schema_write_field(&document->schemas, content->field, false);
  } else {
    gateway_schema_write_message(&document->schemas, content->message);
  }
  if (content->is_array) {
    gateway_json_close(writer, '}');
  }
  gateway_json_close(writer, '}');
}

static void write_raw_content(openapi_document *document) {
  gateway_json_member_open(&document->writer, "*/*", '{');
  gateway_json_close(&document->writer, '}');
}

static void write_request_body(openapi_document *document, const gateway_route *route) {
  gateway_json_writer *writer = &document->writer;
  if (route->body_kind == GATEWAY_BODY_NONE) {
    return;
  }
  body_content content = {"application/json", route->body_field, route->method->input, false};
  gateway_json_member_open(writer, "requestBody", '{');
  gateway_json_member_open(writer, "content", '{');
  if (gateway_http_body_is_request(route)) {
    write_raw_content(document);
  } else {
    write_content(document, &content);
  }
  gateway_json_close(writer, '}');
  gateway_json_close(writer, '}');
}

static void write_success_content(openapi_document *document, const gateway_route *route) {
  gateway_json_member_open(&document->writer, "content", '{');
  if (gateway_http_body_is_response(route)) {
    write_raw_content(document);
  } else {
    bool is_stream = route->method->call.server_streaming;
    body_content content = {"application/json", route->response_field, route->method->output,
                            is_stream};
    write_content(document, &content);
    if (is_stream) {
      content.is_array = false;
      content.media_type = "application/x-ndjson";
      write_content(document, &content);
      content.media_type = "text/event-stream";
      write_content(document, &content);
    }
  }
  gateway_json_close(&document->writer, '}');
}

static void write_responses(openapi_document *document, const gateway_route *route) {
  gateway_json_writer *writer = &document->writer;
  int status = route->method->success_status;
  gateway_json_member_open(writer, "responses", '{');
  gateway_json_member_open(writer, gateway_arena_format(document->arena, "%d", status).data, '{');
  gateway_json_member(writer, "description", "The call succeeded.");
  if (route->method->location != NULL) {
    gateway_json_key(writer, gateway_text_from("headers"));
    gateway_json_raw(writer,
                     gateway_text_from("{\"Location\":{\"schema\":{\"type\":\"string\"}}}"));
  }
  if (status != 204 && status != 205) {
    write_success_content(document, route);
  }
  gateway_json_close(writer, '}');
  gateway_openapi_write_failures(&document->schemas, &route->method->failures, document->error);
  gateway_json_key(writer, gateway_text_from("default"));
  gateway_json_raw(writer, gateway_text_from("{\"$ref\":\"#/components/responses/Error\"}"));
  gateway_json_close(writer, '}');
}

static void write_operation(openapi_document *document, const gateway_route *route, size_t index,
                            const gateway_openapi_path *path) {
  gateway_json_writer *writer = &document->writer;
  const gateway_method *method = route->method;
  const char *service = document->api->services[method->service].name;
  bool is_first = index == 0 || document->api->routes[index - 1]->method != method;
  gateway_json_member_open(writer, operation_key(route->http_method), '{');
  gateway_json_key(writer, gateway_text_from("operationId"));
  gateway_json_text(
      writer, is_first ? gateway_arena_format(document->arena, "%s.%s", service, method->call.name)
                       : gateway_arena_format(document->arena, "%s.%s_%zu", service,
                                              method->call.name, index));
  gateway_json_member_open(writer, "tags", '[');
  gateway_json_text(writer, gateway_text_from(service));
  gateway_json_close(writer, ']');
  gateway_schemas_write_description(&document->schemas, upb_MethodDef_FullName(method->def));
  write_parameters(document, route, path);
  write_request_body(document, route);
  write_responses(document, route);
  gateway_json_close(writer, '}');
}

/* Is there an earlier route of the same path? Then it has been written with that. */
static bool is_written(const gateway_api *api, size_t index) {
  for (size_t i = 0; i < index; i++) {
    if (operation_key(api->routes[i]->http_method) != NULL &&
        gateway_openapi_is_same_path(&api->routes[i]->path_template,
                                     &api->routes[index]->path_template)) {
      return true;
    }
  }
  return false;
}

static void write_path(openapi_document *document, size_t first) {
  const gateway_api *api = document->api;
  gateway_openapi_path path;
  gateway_openapi_path_from(&api->routes[first]->path_template, document->arena, &path);
  gateway_json_key(&document->writer, path.text);
  gateway_json_open(&document->writer, '{');
  for (size_t i = first; i < api->route_count; i++) {
    if (operation_key(api->routes[i]->http_method) != NULL &&
        gateway_openapi_is_same_path(&api->routes[first]->path_template,
                                     &api->routes[i]->path_template)) {
      write_operation(document, api->routes[i], i, &path);
    }
  }
  gateway_json_close(&document->writer, '}');
}

/* Of the gateway's own pages the one that programs read. */
static const char health_path[] =
    "{\"get\":{\"operationId\":\"health\",\"description\":\"The health of every service "
    "(grpc.health.v1).\",\"responses\":{\"200\":{\"description\":\"All are serving.\"},"
    "\"503\":{\"description\":\"One is not.\"}}}}";

static void write_paths(openapi_document *document) {
  const gateway_api *api = document->api;
  gateway_json_member_open(&document->writer, "paths", '{');
  gateway_json_key(&document->writer, gateway_text_from("/health"));
  gateway_json_raw(&document->writer, gateway_text_from(health_path));
  for (size_t i = 0; i < api->route_count; i++) {
    if (operation_key(api->routes[i]->http_method) != NULL && !is_written(api, i)) {
      write_path(document, i);
    }
  }
  gateway_json_close(&document->writer, '}');
}

static void write_tags(openapi_document *document) {
  gateway_json_writer *writer = &document->writer;
  gateway_json_member_open(writer, "tags", '[');
  for (size_t i = 0; i < document->api->service_count; i++) {
    gateway_json_open(writer, '{');
    gateway_json_member(writer, "name", document->api->services[i].name);
    gateway_schemas_write_description(&document->schemas, document->api->services[i].name);
    gateway_json_close(writer, '}');
  }
  gateway_json_close(writer, ']');
}

static void write_components(openapi_document *document) {
  gateway_json_writer *writer = &document->writer;
  body_content content = {"application/json", NULL, document->error, false};
  gateway_json_member_open(writer, "components", '{');
  gateway_json_member_open(writer, "responses", '{');
  gateway_json_member_open(writer, "Error", '{');
  gateway_json_member(writer, "description",
                      "What went wrong: a gRPC status. Its details name the fields to blame.");
  gateway_json_member_open(writer, "content", '{');
  if (document->error != NULL) {
    write_content(document, &content);
  }
  gateway_json_close(writer, '}');
  gateway_json_close(writer, '}');
  gateway_json_close(writer, '}');
  gateway_json_member_open(writer, "schemas", '{');
  gateway_schemas_write_needed(&document->schemas);
  gateway_json_close(writer, '}');
  gateway_json_close(writer, '}');
}

gateway_text gateway_page_openapi(const gateway_api *api, upb_Arena *arena) {
  openapi_document *document = gateway_arena_alloc(arena, sizeof *document);
  gateway_json_writer *writer = &document->writer;
  document->api = api;
  document->error = upb_DefPool_FindMessageByName(api->pool, "google.rpc.Status");
  document->arena = arena;
  document->schemas.writer = writer;
  document->schemas.descriptors = api->descriptors;
  gateway_json_writer_init(writer, arena);
  gateway_json_open(writer, '{');
  gateway_json_member(writer, "openapi", "3.1.0");
  gateway_json_member_open(writer, "info", '{');
  gateway_json_member(writer, "title", "api-gateway");
  gateway_json_member(writer, "version", GATEWAY_VERSION);
  gateway_json_close(writer, '}');
  write_tags(document);
  write_paths(document);
  write_components(document);
  gateway_json_close(writer, '}');
  return gateway_json_writer_text(writer);
}
