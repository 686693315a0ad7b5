/* SPDX-License-Identifier: Apache-2.0 */
/* What other services say about their failures. */
#ifndef ORDER_ERRORS_H
#define ORDER_ERRORS_H

#include <mesh/arena.h>

/* The google.rpc.ErrorInfo of a status; in the arena. Without one both are "". */
typedef struct order_error {
  const char *reason;
  const char *category; /* of its metadata */
} order_error;
order_error order_error_read(mesh_arena *arena, const mesh_status *status);

/* Whether the one who was asked has looked and done nothing; with any other failure it may have. */
bool order_error_is_refusal(grpc_status_code code);

#endif
