/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file to generate for: its services and methods with all the names that the C code needs.
 *
 * Ownership: points into the request; lives in the pool. Threads: one.
 */
#ifndef GEN_MODEL_H
#define GEN_MODEL_H

#include "types.h"

/* How names are made: the plugin's options (--mesh-c_opt). */
typedef struct gen_options {
  bool qualify;         /* the service's name in the names of functions */
  const char *messages; /* the protoc-gen-c to run for the messages; NULL: none */
} gen_options;

/* The four kinds; the bits say which side streams. */
typedef enum gen_kind {
  GEN_UNARY = 0,
  GEN_SERVER_STREAMING = 1,
  GEN_CLIENT_STREAMING = 2,
  GEN_BIDI_STREAMING = 3,
} gen_kind;

typedef struct gen_method {
  const char *name;    /* "GetItem" */
  const char *comment; /* from the .proto; NULL without */
  gen_kind kind;
  const gen_type *request;
  const gen_type *reply;
  const char *member; /* of the handler table: "get_item" */
  const char *call;   /* what every function of the method begins with: "shop_v1_get_item" */
  const char *thunk;  /* the same for its static functions: "shop_v1_order_service__get_item" */
} gen_method;

typedef struct gen_service {
  const char *name;      /* "OrderService" */
  const char *full_name; /* "shop.order.v1.OrderService" */
  const char *comment;
  const char *table; /* the handler table: "shop_order_v1_order_service" */
  gen_method *methods;
  size_t method_count;
} gen_service;

typedef struct gen_file {
  const gen_file_proto *proto;
  const char *name; /* "shop/order/v1/order.proto" */
  const char *stem; /* "shop/order/v1/order" */
  gen_service *services;
  size_t service_count;
} gen_file;

/* Reads a file of the request, and reports what it cannot be generated for. */
gen_file gen_file_make(const gen_types *types, const gen_file_proto *proto,
                       const gen_options *options, gen_errors *errors);

#endif
