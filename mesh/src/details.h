/* SPDX-License-Identifier: Apache-2.0 */
/* Error details of a status: google.rpc.Status in grpc-status-details-bin. */
#ifndef MESH__DETAILS_H
#define MESH__DETAILS_H

#include <mesh/status.h>
#include <stdint.h>

#include "metadata.h"

/* The details gathered so far; lives in an arena. */
typedef struct mesh__details mesh__details;

mesh__details *mesh__details_new(mesh_arena *arena);

void mesh__details_add_field_violation(mesh__details *details, const char *field,
                                       const char *description);
void mesh__details_add_error_info(mesh__details *details, const char *reason, const char *domain);
/* One more entry of the ErrorInfo that was added last. There must be one. */
void mesh__details_add_error_info_metadata(mesh__details *details, const char *key,
                                           const char *value);
void mesh__details_add_retry_info(mesh__details *details, int64_t retry_delay_ms);
void mesh__details_add_resource_info(mesh__details *details, const char *type, const char *name,
                                     const char *description);
void mesh__details_add_precondition_violation(mesh__details *details, const char *type,
                                              const char *subject, const char *description);

/* Serializes them, with the code and message of `status`, into its details. NULL: nothing. */
void mesh__details_finish(const mesh__details *details, mesh_status *status);

/* Adds the details of a status, if it has any, to the trailers. */
void mesh__details_add_to(const mesh_status *status, mesh__headers *trailers, mesh_arena *arena);

#endif
