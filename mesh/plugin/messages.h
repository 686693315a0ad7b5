/* SPDX-License-Identifier: Apache-2.0 */
/*
 * protoc-gen-c's part, the messages, in the same run.
 *
 * It is given the request without its services. Nobody needs what it makes of these, and it makes
 * members of structs of their methods' names, so that a method Register or Default does not
 * compile. And as the request comes from us, proto3's `optional`, which protoc 3.21 does not hand
 * to protobuf-c 1.4, comes out as what it is on the wire, a oneof with a single member.
 */
#ifndef GEN_MESSAGES_H
#define GEN_MESSAGES_H

#include "errors.h"
#include "generate.h"

#include <google/protobuf/compiler/plugin.pb-c.h>

typedef Google__Protobuf__Compiler__CodeGeneratorRequest gen_request;
typedef Google__Protobuf__Compiler__CodeGeneratorResponse gen_response;

/* Adds the files that `program` makes for `request`, which loses its services, to the response. */
void gen_messages_add(gen_pool *pool, gen_request *request, const char *program, gen_run_fn *run,
                      gen_response *response, gen_errors *errors);

#endif
