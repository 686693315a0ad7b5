/* SPDX-License-Identifier: Apache-2.0 */
#include "api.h"

#include "field_text.h"
#include "json_form.h"

/* One method and one of its rules, for messages. */
typedef struct rule_compiler {
  gateway_api *api;
  const upb_MethodDef *def;
  const gateway_http_rule *rule;
} rule_compiler;

static mesh_status fail(const rule_compiler *compiler, const char *reason) {
  const gateway_http_rule *rule = compiler->rule;
  return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "%s: %.*s %.*s: %s",
                           upb_MethodDef_FullName(compiler->def), GATEWAY_TEXT_ARGS(rule->method),
                           GATEWAY_TEXT_ARGS(rule->path), reason);
}

static mesh_status fail_with_part(const rule_compiler *compiler, const char *part,
                                  gateway_text text, const char *reason) {
  gateway_text message = gateway_arena_format(compiler->api->arena, "%s '%.*s': %s", part,
                                              GATEWAY_TEXT_ARGS(text), reason);
  return fail(compiler, message.data);
}

static mesh_status parse_template(const rule_compiler *compiler, gateway_text text,
                                  gateway_path_template *out_template) {
  gateway_template_error error;
  upb_Arena *arena = compiler->api->arena;
  if (gateway_path_template_parse(arena, text, out_template, &error)) {
    return mesh_status_ok();
  }
  gateway_text reason =
      gateway_arena_format(arena, "%s, at character %zu", error.reason, error.offset + 1);
  return fail_with_part(compiler, "template", text, reason.data);
}

/* Variables are single values that text can stand for. */
static mesh_status resolve_variables(const rule_compiler *compiler, const upb_MessageDef *root,
                                     const gateway_path_template *path_template,
                                     gateway_field_path *out_fields) {
  for (size_t i = 0; i < path_template->variable_count; i++) {
    gateway_text name = path_template->variables[i].field_path;
    const char *error = gateway_field_path_resolve(root, name, &out_fields[i]);
    const upb_FieldDef *leaf = error == NULL ? gateway_field_path_leaf(&out_fields[i]) : NULL;
    if (leaf != NULL && (upb_FieldDef_IsRepeated(leaf) || !gateway_field_has_text_form(leaf))) {
      error = "a repeated field or a message can't be part of a path";
    }
    if (error != NULL) {
      return fail_with_part(compiler, "variable", name, error);
    }
  }
  return mesh_status_ok();
}

static const upb_FieldDef *find_field(const upb_MessageDef *def, gateway_text name) {
  return upb_MessageDef_FindByJsonNameWithSize(def, name.data, name.size);
}

static mesh_status resolve_bodies(const rule_compiler *compiler, gateway_route *route) {
  gateway_text body = compiler->rule->body;
  gateway_text response_body = compiler->rule->response_body;
  route->body_kind = body.size == 0               ? GATEWAY_BODY_NONE
                     : gateway_text_is(body, "*") ? GATEWAY_BODY_WHOLE
                                                  : GATEWAY_BODY_FIELD;
  if (route->body_kind == GATEWAY_BODY_FIELD) {
    route->body_field = find_field(route->method->input, body);
    if (route->body_field == NULL) {
      return fail_with_part(compiler, "body", body, "the request has no such field");
    }
  }
  if (response_body.size > 0) {
    route->response_field = find_field(route->method->output, response_body);
    if (route->response_field == NULL) {
      return fail_with_part(compiler, "response_body", response_body,
                            "the response has no such field");
    }
  }
  return mesh_status_ok();
}

static mesh_status add_to_router(const rule_compiler *compiler, const gateway_route *route) {
  gateway_route_entry entry = {route->http_method, &route->path_template, route};
  const gateway_route *other = gateway_router_add(compiler->api->router, &entry);
  if (other == NULL) {
    return mesh_status_ok();
  }
  if (other == route) {
    return fail(compiler, "there are too many different HTTP methods");
  }
  gateway_text reason =
      gateway_arena_format(compiler->api->arena, "%s has the same path (%s)",
                           upb_MethodDef_FullName(other->method->def), other->template_text);
  return fail(compiler, reason.data);
}

static mesh_status add_route(const rule_compiler *compiler, const gateway_method *method) {
  gateway_api *api = compiler->api;
  gateway_route *route = gateway_arena_alloc(api->arena, sizeof *route);
  route->method = method;
  route->http_method = gateway_arena_copy(api->arena, compiler->rule->method);
  mesh_status status = parse_template(compiler, compiler->rule->path, &route->path_template);
  if (mesh_status_is_ok(&status)) {
    route->template_text = route->path_template.text.data;
    status = resolve_variables(compiler, method->input, &route->path_template, route->variables);
  }
  if (mesh_status_is_ok(&status)) {
    status = resolve_bodies(compiler, route);
  }
  if (mesh_status_is_ok(&status)) {
    status = add_to_router(compiler, route);
  }
  api->routes[api->route_count++] = route;
  return status;
}

static mesh_status set_location(const rule_compiler *compiler, gateway_method *method,
                                gateway_text location) {
  if (location.size == 0) {
    return mesh_status_ok();
  }
  upb_Arena *arena = compiler->api->arena;
  method->location = gateway_arena_alloc(arena, sizeof *method->location);
  method->location_fields =
      gateway_arena_alloc(arena, GATEWAY_VARIABLES_MAX * sizeof *method->location_fields);
  mesh_status status = parse_template(compiler, location, method->location);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  return resolve_variables(compiler, method->output, method->location, method->location_fields);
}

static bool is_safe(const upb_MethodDef *def, const gateway_http_options *options) {
  int level = google_protobuf_MethodOptions_idempotency_level(upb_MethodDef_Options(def));
  return level != google_protobuf_MethodOptions_IDEMPOTENCY_UNKNOWN ||
         gateway_text_is(options->rules[0].method, "GET");
}

static gateway_method *new_method(const rule_compiler *compiler,
                                  const gateway_http_options *options) {
  upb_Arena *arena = compiler->api->arena;
  const upb_MethodDef *def = compiler->def;
  gateway_method *method = gateway_arena_alloc(arena, sizeof *method);
  method->def = def;
  method->input = upb_MethodDef_InputType(def);
  method->output = upb_MethodDef_OutputType(def);
  method->may_hold_any = gateway_may_hold_any(method->output);
  method->is_safe = is_safe(def, options);
  method->success_status = options->success_status;
  method->failures = options->failures;
  method->call.name = upb_MethodDef_Name(def);
  method->call.path =
      gateway_arena_format(arena, "/%s/%s", upb_ServiceDef_FullName(upb_MethodDef_Service(def)),
                           upb_MethodDef_Name(def))
          .data;
  method->call.server_streaming = upb_MethodDef_ServerStreaming(def);
  if (options->span_name.size > 0) {
    method->span_name = gateway_arena_copy(arena, options->span_name).data;
  }
  return method;
}

static size_t add_service(gateway_api *api, const upb_ServiceDef *def) {
  if (api->service_count == 0 || api->services[api->service_count - 1].def != def) {
    gateway_text target = gateway_http_default_target(api->descriptors, def, api->arena);
    api->services[api->service_count++] =
        (gateway_service){upb_ServiceDef_FullName(def), def,
                          target.size == 0 ? NULL : gateway_arena_copy(api->arena, target).data};
  }
  return api->service_count - 1;
}

static mesh_status add_method(gateway_api *api, const upb_MethodDef *def) {
  gateway_http_options options;
  mesh_status status = gateway_http_options_read(api->descriptors, def, api->arena, &options);
  if (!mesh_status_is_ok(&status) || options.rule_count == 0) {
    return status;
  }
  rule_compiler compiler = {api, def, &options.rules[0]};
  if (upb_MethodDef_ClientStreaming(def)) {
    return fail(&compiler, "a method with a stream of requests can't be served over HTTP");
  }
  gateway_method *method = new_method(&compiler, &options);
  method->service = add_service(api, upb_MethodDef_Service(def));
  api->methods[api->method_count++] = method;
  status = set_location(&compiler, method, options.location);
  for (size_t i = 0; i < options.rule_count && mesh_status_is_ok(&status); i++) {
    compiler.rule = &options.rules[i];
    status = add_route(&compiler, method);
  }
  return status;
}

static mesh_status add_services(gateway_api *api, const upb_FileDef *file) {
  mesh_status status = mesh_status_ok();
  for (int i = 0; i < upb_FileDef_ServiceCount(file); i++) {
    const upb_ServiceDef *service = upb_FileDef_Service(file, i);
    for (int j = 0; j < upb_ServiceDef_MethodCount(service) && mesh_status_is_ok(&status); j++) {
      status = add_method(api, upb_ServiceDef_Method(service, j));
    }
  }
  return status;
}

/* Room for all services and for every rule that every method may have. */
static void make_room(gateway_api *api) {
  size_t services = 0;
  size_t methods = 0;
  for (size_t i = 0; i < gateway_descriptors_file_count(api->descriptors); i++) {
    const upb_FileDef *file = gateway_descriptors_file(api->descriptors, i);
    for (int j = 0; j < upb_FileDef_ServiceCount(file); j++) {
      services++;
      methods += (size_t)upb_ServiceDef_MethodCount(upb_FileDef_Service(file, j));
    }
  }
  api->services = gateway_arena_alloc(api->arena, (services + 1) * sizeof *api->services);
  api->methods = gateway_arena_alloc(api->arena, (methods + 1) * sizeof(gateway_method *));
  api->routes =
      gateway_arena_alloc(api->arena, (methods + 1) * GATEWAY_RULES_MAX * sizeof(gateway_route *));
}

mesh_status gateway_api_new(const gateway_descriptors *descriptors, gateway_api **out_api) {
  upb_Arena *arena = gateway_arena_new(NULL, 0);
  gateway_api *api = gateway_arena_alloc(arena, sizeof *api);
  api->arena = arena;
  api->descriptors = descriptors;
  api->pool = gateway_descriptors_pool(descriptors);
  api->router = gateway_router_new(arena);
  make_room(api);
  mesh_status status = mesh_status_ok();
  for (size_t i = 0; i < gateway_descriptors_file_count(descriptors); i++) {
    status = add_services(api, gateway_descriptors_file(descriptors, i));
    if (!mesh_status_is_ok(&status)) {
      gateway_api_destroy(api);
      return status;
    }
  }
  if (api->route_count == 0) {
    gateway_api_destroy(api);
    return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT,
                             "the descriptor sets have no method with a google.api.http option");
  }
  *out_api = api;
  return status;
}

void gateway_api_destroy(gateway_api *api) {
  if (api != NULL) {
    upb_Arena_Free(api->arena);
  }
}
