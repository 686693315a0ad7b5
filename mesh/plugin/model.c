/* SPDX-License-Identifier: Apache-2.0 */
#include "model.h"

#include "names.h"
#include "symbols.h"

#include <string.h>

/* Field numbers in descriptor.proto, which a comment's path is made of. */
enum { FILE_SERVICE = 6, SERVICE_METHOD = 2 };

/* What one file's making passes along. */
typedef struct gen_maker {
  const gen_types *types;
  const gen_options *options;
  gen_errors *errors;
  const gen_file_proto *proto;
  const char *file;
  const char *prefix; /* the package as C: "shop_order_v1" */
} gen_maker;

/* The comment at a path: above the declaration, or else behind it. */
static const char *find_comment(const gen_maker *maker, const int32_t *path, size_t path_size) {
  const Google__Protobuf__SourceCodeInfo *info = maker->proto->source_code_info;
  for (size_t i = 0; info != NULL && i < info->n_location; i++) {
    const Google__Protobuf__SourceCodeInfo__Location *location = info->location[i];
    if (location->n_path == path_size &&
        memcmp(location->path, path, path_size * sizeof(*path)) == 0) {
      return location->leading_comments != NULL ? location->leading_comments
                                                : location->trailing_comments;
    }
  }
  return NULL;
}

/* A method's message; NULL and a report when it cannot be used. */
static const gen_type *find_message(const gen_maker *maker, const char *method, const char *name) {
  gen_type *type = gen_types_find(maker->types, gen_text_or_empty(name));
  if (type == NULL) {
    gen_errors_add(maker->errors, maker->file, "%s uses the message %s, which is nowhere", method,
                   gen_text_or_empty(name));
    return NULL;
  }
  gen_types_check(maker->types, type, maker->errors);
  return type;
}

static gen_method make_method(const gen_maker *maker, const gen_service *service,
                              const Google__Protobuf__MethodDescriptorProto *proto) {
  gen_pool *pool = maker->types->pool;
  const char *name = gen_text_or_empty(proto->name);
  const char *lower = gen_name_lower(pool, name);
  const char *full_name = gen_pool_printf(pool, "%s.%s", service->full_name, name);
  const char *scope = maker->options->qualify ? service->table : maker->prefix;
  return (gen_method){
      .name = name,
      .kind = (gen_kind)((proto->server_streaming ? GEN_SERVER_STREAMING : 0) |
                         (proto->client_streaming ? GEN_CLIENT_STREAMING : 0)),
      .request = find_message(maker, full_name, proto->input_type),
      .reply = find_message(maker, full_name, proto->output_type),
      .member = gen_name_member(pool, lower),
      .call = gen_pool_printf(pool, "%s_%s", scope, lower),
      .thunk = gen_pool_printf(pool, "%s__%s", service->table, lower),
  };
}

static gen_service make_service(const gen_maker *maker, size_t index) {
  gen_pool *pool = maker->types->pool;
  const Google__Protobuf__ServiceDescriptorProto *proto = maker->proto->service[index];
  const char *name = gen_text_or_empty(proto->name);
  int32_t path[] = {FILE_SERVICE, (int32_t)index, SERVICE_METHOD, 0};
  gen_service service = {
      .name = name,
      .full_name = gen_pool_printf(pool, "%s.%s", gen_text_or_empty(maker->proto->package), name),
      .comment = find_comment(maker, path, 2),
      .table = gen_pool_printf(pool, "%s_%s", maker->prefix, gen_name_lower(pool, name)),
      .methods = gen_pool_alloc(pool, proto->n_method * sizeof(gen_method)),
      .method_count = proto->n_method,
  };
  for (size_t i = 0; i < proto->n_method; i++) {
    path[3] = (int32_t)i;
    service.methods[i] = make_method(maker, &service, proto->method[i]);
    service.methods[i].comment = find_comment(maker, path, 4);
  }
  return service;
}

/* What the whole file must have, before its services are looked at. */
static bool check_file(const gen_maker *maker) {
  const char *syntax = gen_text_or_empty(maker->proto->syntax);
  if (syntax[0] != '\0' && strcmp(syntax, "proto2") != 0 && strcmp(syntax, "proto3") != 0) {
    gen_errors_add(maker->errors, maker->file,
                   "syntax \"%s\" is not supported; use \"proto3\" or \"proto2\"", syntax);
    return false;
  }
  if (maker->proto->n_service > 0 && maker->prefix[0] == '\0') {
    gen_errors_add(maker->errors, maker->file,
                   "has a service and no package; the names of its C functions are made from the "
                   "package, so add one (\"package shop.v1;\")");
    return false;
  }
  return true;
}

gen_file gen_file_make(const gen_types *types, const gen_file_proto *proto,
                       const gen_options *options, gen_errors *errors) {
  gen_pool *pool = types->pool;
  const char *name = gen_text_or_empty(proto->name);
  gen_maker maker = {types, options, errors,
                     proto, name,    gen_name_prefix(pool, gen_file_c_package(pool, proto))};
  gen_file file = {.proto = proto, .name = name, .stem = gen_name_stem(pool, name)};
  if (!check_file(&maker)) {
    return file;
  }
  file.services = gen_pool_alloc(pool, proto->n_service * sizeof(gen_service));
  for (size_t i = 0; i < proto->n_service; i++) {
    file.services[file.service_count++] = make_service(&maker, i);
  }
  gen_symbols_check(pool, &file, options, errors);
  return file;
}
