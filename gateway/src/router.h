/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The route table: a tree of path segments. Built at start, constant afterwards.
 *
 * Paths are matched as they came, still percent-encoded, and segments are decoded one by one, so an
 * encoded slash never makes a segment. A literal is tried before "*", and that before "**";
 * whatever does not lead to a route of the method is left again. The text behind the last ':' of
 * the last segment is a verb only if some route has that verb and matches with it.
 *
 * Ownership: templates and routes are borrowed and outlive the router; everything of the router's
 * own is in the arena it was made with. Threads: any, once it is built.
 */
#ifndef GATEWAY_ROUTER_H
#define GATEWAY_ROUTER_H

#include "path_template.h"

#include <stdint.h>

typedef struct gateway_router gateway_router;

enum { GATEWAY_METHODS_MAX = 32 };

gateway_router *gateway_router_new(upb_Arena *arena);

/* Routes `method` ("GET", a custom one, or "*" for any) on the template to `route`. */
typedef struct gateway_route_entry {
  gateway_text method;
  const gateway_path_template *path_template;
  const void *route;
} gateway_route_entry;

/* Adds a route. NULL, or what stands in the way: the route that has the same method and, but for
 * the names of variables, the same template; or `entry->route` itself when there are more than
 * GATEWAY_METHODS_MAX different methods. */
const void *gateway_router_add(gateway_router *router, const gateway_route_entry *entry);

/* A match: what gateway_match_variable needs to find the values. Borrows the path. */
typedef struct gateway_match {
  const void *route;
  const gateway_path_template *path_template;
  gateway_text path;                      /* without its verb */
  size_t begin[GATEWAY_SEGMENTS_MAX + 1]; /* where the path's segments begin */
  size_t segment_count;                   /* of the path, as far as they were looked at */
  uint32_t allowed;                       /* methods with a route for this path */
} gateway_match;

typedef enum gateway_route_result {
  GATEWAY_ROUTE_FOUND,
  GATEWAY_ROUTE_WRONG_METHOD, /* `allowed` is not 0 */
  GATEWAY_ROUTE_NOT_FOUND,
} gateway_route_result;

/* Finds the route of `method` and `path` (the URL up to '?'). HEAD takes the route of GET when it
 * has none of its own. */
gateway_route_result gateway_router_match(const gateway_router *router, gateway_text method,
                                          gateway_text path, gateway_match *out_match);

/* The still encoded value of a variable. */
gateway_text gateway_match_variable(const gateway_match *match, const gateway_variable *variable);

/* The methods of a set as the Allow header lists them (RFC 9110, section 10.2.1), OPTIONS and, with
 * GET, HEAD included. */
gateway_text gateway_router_allow(const gateway_router *router, uint32_t allowed, upb_Arena *arena);

#endif
