/* SPDX-License-Identifier: Apache-2.0 */
/* Arguments of channels and servers under construction. */
#ifndef MESH__CHANNEL_ARGS_H
#define MESH__CHANNEL_ARGS_H

#include <grpc/grpc.h>

enum { MESH__CHANNEL_ARGS_MAX = 16 };

/* All zero is empty. Keys and strings are borrowed. */
typedef struct mesh__channel_args {
  grpc_arg items[MESH__CHANNEL_ARGS_MAX];
  grpc_channel_args args;
} mesh__channel_args;

void mesh__channel_args_add_int(mesh__channel_args *args, const char *key, size_t value);
void mesh__channel_args_add_text(mesh__channel_args *args, const char *key, const char *value);
void mesh__channel_args_add_pointer(mesh__channel_args *args, const char *key, void *value,
                                    const grpc_arg_pointer_vtable *vtable);

#endif
