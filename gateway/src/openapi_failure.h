/* SPDX-License-Identifier: Apache-2.0 */
/* The answers to failures that a method names (failure.h), for the OpenAPI document. */
#ifndef GATEWAY_OPENAPI_FAILURE_H
#define GATEWAY_OPENAPI_FAILURE_H

#include "failure.h"
#include "openapi_schema.h"

/* Writes the members of "responses" that they come to, one for each status; `error` is the message
 * that every error is. */
void gateway_openapi_write_failures(gateway_schemas *schemas, const gateway_failures *failures,
                                    const upb_MessageDef *error);

#endif
