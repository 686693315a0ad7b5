/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every message of the request by its full name, with the names protoc-gen-c gives it.
 *
 * Ownership: points into the request; lives in the pool. Threads: one.
 */
#ifndef GEN_TYPES_H
#define GEN_TYPES_H

#include "errors.h"

#include <google/protobuf/compiler/plugin.pb-c.h>
#include <stdbool.h>

typedef Google__Protobuf__FileDescriptorProto gen_file_proto;
typedef Google__Protobuf__DescriptorProto gen_message_proto;

/* A message. */
typedef struct gen_type {
  const char *full_name; /* "shop.v1.Order.Line" */
  const char *c_type;    /* "Shop__V1__Order__Line" */
  const char *c_lower;   /* "shop__v1__order__line", of its descriptor and functions */
  const gen_file_proto *file;
  const gen_message_proto *proto;
  bool is_checked; /* gen_types_check has been here */
} gen_type;

typedef struct gen_types {
  gen_pool *pool;
  gen_type *items; /* by full name */
  size_t count;
} gen_types;

/* protoc-gen-c's options of a file (protobuf-c.proto, pb_c_file). */
typedef struct gen_file_options {
  const char *c_package; /* NULL: as the package */
  bool no_generate;
} gen_file_options;

gen_types gen_types_make(gen_pool *pool, gen_file_proto *const *files, size_t count);

/* The message with this name, which may begin with a dot; NULL when there is none. */
gen_type *gen_types_find(const gen_types *types, const char *full_name);

/* Reports what protobuf-c cannot carry in a message and in all it holds. */
void gen_types_check(const gen_types *types, gen_type *type, gen_errors *errors);

gen_file_options gen_file_options_read(gen_pool *pool, const gen_file_proto *file);

/* The package that C names are made from: c_package, or the package; "" without one. */
const char *gen_file_c_package(gen_pool *pool, const gen_file_proto *file);

/* `text`, or "" for NULL: optional strings of a descriptor are NULL when they are not there. */
const char *gen_text_or_empty(const char *text);

#endif
