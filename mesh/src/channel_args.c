/* SPDX-License-Identifier: Apache-2.0 */
#include "channel_args.h"

#include <assert.h>
#include <limits.h>
#include <stdint.h>

static grpc_arg *add(mesh__channel_args *args, grpc_arg_type type, const char *key) {
  assert(args->args.num_args < MESH__CHANNEL_ARGS_MAX);
  grpc_arg *item = &args->items[args->args.num_args++];
  args->args.args = args->items;
  item->type = type;
  item->key = (char *)(uintptr_t)key; /* the C core reads it only */
  return item;
}

void mesh__channel_args_add_int(mesh__channel_args *args, const char *key, size_t value) {
  grpc_arg *item = add(args, GRPC_ARG_INTEGER, key);
  item->value.integer = value > INT_MAX ? INT_MAX : (int)value;
}

void mesh__channel_args_add_text(mesh__channel_args *args, const char *key, const char *value) {
  grpc_arg *item = add(args, GRPC_ARG_STRING, key);
  item->value.string = (char *)(uintptr_t)value;
}

void mesh__channel_args_add_pointer(mesh__channel_args *args, const char *key, void *value,
                                    const grpc_arg_pointer_vtable *vtable) {
  grpc_arg *item = add(args, GRPC_ARG_POINTER, key);
  item->value.pointer.p = value;
  item->value.pointer.vtable = vtable;
}
