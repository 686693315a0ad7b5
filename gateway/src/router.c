/* SPDX-License-Identifier: Apache-2.0 */
#include "router.h"

#include "percent.h"

typedef struct endpoint {
  struct endpoint *next;
  int method; /* index into the router's methods, or METHOD_ANY */
  const gateway_path_template *path_template;
  const void *route;
} endpoint;

typedef struct route_node {
  struct route_node *next; /* its sibling among the literals */
  gateway_text literal;
  struct route_node *literals, *one, *rest;
  endpoint *endpoints;
} route_node;

enum {
  METHOD_ANY = -1,     /* of an endpoint: serves whatever method comes */
  METHOD_UNKNOWN = -2, /* of a request: no route names it */
};

struct gateway_router {
  upb_Arena *arena;
  route_node root;
  gateway_text methods[GATEWAY_METHODS_MAX];
  size_t method_count;
};

gateway_router *gateway_router_new(upb_Arena *arena) {
  gateway_router *router = gateway_arena_alloc(arena, sizeof *router);
  router->arena = arena;
  return router;
}

static int find_method(const gateway_router *router, gateway_text method) {
  for (size_t i = 0; i < router->method_count; i++) {
    if (gateway_text_equals(router->methods[i], method)) {
      return (int)i;
    }
  }
  return METHOD_UNKNOWN;
}

static int add_method(gateway_router *router, gateway_text method) {
  if (gateway_text_is(method, "*")) {
    return METHOD_ANY;
  }
  int index = find_method(router, method);
  if (index != METHOD_UNKNOWN || router->method_count == GATEWAY_METHODS_MAX) {
    return index;
  }
  router->methods[router->method_count] = gateway_arena_copy(router->arena, method);
  return (int)router->method_count++;
}

static route_node *add_literal(gateway_router *router, route_node *parent, gateway_text literal) {
  route_node **at = &parent->literals;
  while (*at != NULL && !gateway_text_equals((*at)->literal, literal)) {
    at = &(*at)->next;
  }
  if (*at == NULL) {
    *at = gateway_arena_alloc(router->arena, sizeof **at);
    (*at)->literal = literal;
  }
  return *at;
}

static route_node *add_node(gateway_router *router, route_node *parent,
                            const gateway_segment *segment) {
  if (segment->kind == GATEWAY_SEGMENT_LITERAL) {
    return add_literal(router, parent, segment->literal);
  }
  route_node **at = segment->kind == GATEWAY_SEGMENT_ONE ? &parent->one : &parent->rest;
  if (*at == NULL) {
    *at = gateway_arena_alloc(router->arena, sizeof **at);
  }
  return *at;
}

const void *gateway_router_add(gateway_router *router, const gateway_route_entry *entry) {
  int method = add_method(router, entry->method);
  if (method == METHOD_UNKNOWN) {
    return entry->route;
  }
  const gateway_path_template *path_template = entry->path_template;
  route_node *node = &router->root;
  for (size_t i = 0; i < path_template->segment_count; i++) {
    node = add_node(router, node, &path_template->segments[i]);
  }
  endpoint **at = &node->endpoints;
  for (; *at != NULL; at = &(*at)->next) {
    if ((*at)->method == method &&
        gateway_text_equals((*at)->path_template->verb, path_template->verb)) {
      return (*at)->route;
    }
  }
  *at = gateway_arena_alloc(router->arena, sizeof **at);
  **at = (endpoint){NULL, method, path_template, entry->route};
  return NULL;
}

/* One walk through the tree. */
typedef struct route_search {
  const gateway_router *router;
  int method;
  gateway_text verb;
  gateway_match *match;
} route_search;

static size_t segment_end(const gateway_match *match, size_t index) {
  return index + 1 < match->segment_count ? match->begin[index + 1] - 1 : match->path.size;
}

static gateway_text segment_at(const gateway_match *match, size_t index) {
  size_t begin = match->begin[index];
  return gateway_text_of(match->path.data + begin, segment_end(match, index) - begin);
}

static bool search_endpoints(const route_search *search, const route_node *node) {
  const endpoint *found = NULL;
  for (const endpoint *at = node->endpoints; at != NULL; at = at->next) {
    if (!gateway_percent_equals(search->verb, at->path_template->verb)) {
      continue;
    }
    if (at->method != METHOD_ANY) {
      search->match->allowed |= UINT32_C(1) << at->method;
    }
    if (at->method == search->method || (at->method == METHOD_ANY && found == NULL)) {
      found = at;
    }
  }
  if (found != NULL) {
    search->match->route = found->route;
    search->match->path_template = found->path_template;
  }
  return found != NULL;
}

/* As deep as the deepest template, and no node is visited twice: each has one path to it. */
static bool search_node(const route_search *search, const route_node *node, size_t depth) {
  const gateway_match *match = search->match;
  if (depth == match->segment_count) {
    return search_endpoints(search, node) ||
           (node->rest != NULL && search_endpoints(search, node->rest));
  }
  gateway_text segment = segment_at(match, depth);
  for (const struct route_node *at = node->literals; at != NULL; at = at->next) {
    if (gateway_percent_equals(segment, at->literal) && search_node(search, at, depth + 1)) {
      return true;
    }
  }
  if (node->one != NULL && segment.size > 0 && search_node(search, node->one, depth + 1)) {
    return true;
  }
  return node->rest != NULL && search_endpoints(search, node->rest);
}

/* "/" has no segments, "/a/" has two: "a" and the empty one. */
static void split_path(gateway_match *match, gateway_text path) {
  match->path = path;
  match->segment_count = 0;
  if (path.size <= 1) {
    return;
  }
  for (size_t at = 0; at < path.size && match->segment_count <= GATEWAY_SEGMENTS_MAX; at++) {
    if (path.data[at] == '/') {
      match->begin[match->segment_count++] = at + 1;
    }
  }
}

static bool search_path(const route_search *search, gateway_text path) {
  split_path(search->match, path);
  return search_node(search, &search->router->root, 0);
}

/* Where the verb begins, at its ':', or the size of the path when it can't have one. */
static size_t find_verb(gateway_text path) {
  for (size_t at = path.size; at > 0 && path.data[at - 1] != '/'; at--) {
    if (path.data[at - 1] == ':') {
      return at - 1;
    }
  }
  return path.size;
}

static bool search_method(const gateway_router *router, int method, gateway_text path,
                          gateway_match *match) {
  route_search search = {router, method, gateway_text_of("", 0), match};
  size_t verb = find_verb(path);
  if (verb + 1 < path.size) {
    search.verb = gateway_text_from_offset(path, verb + 1);
    if (search_path(&search, gateway_text_of(path.data, verb))) {
      return true;
    }
    search.verb = gateway_text_of("", 0);
  }
  return search_path(&search, path);
}

gateway_route_result gateway_router_match(const gateway_router *router, gateway_text method,
                                          gateway_text path, gateway_match *out_match) {
  out_match->route = NULL;
  out_match->path_template = NULL;
  out_match->allowed = 0;
  if (path.size == 0 || path.data[0] != '/') {
    return GATEWAY_ROUTE_NOT_FOUND;
  }
  if (search_method(router, find_method(router, method), path, out_match)) {
    return GATEWAY_ROUTE_FOUND;
  }
  if (gateway_text_is(method, "HEAD") &&
      search_method(router, find_method(router, gateway_text_from("GET")), path, out_match)) {
    return GATEWAY_ROUTE_FOUND;
  }
  return out_match->allowed != 0 ? GATEWAY_ROUTE_WRONG_METHOD : GATEWAY_ROUTE_NOT_FOUND;
}

gateway_text gateway_match_variable(const gateway_match *match, const gateway_variable *variable) {
  if (variable->first >= match->segment_count) {
    return gateway_text_of("", 0);
  }
  size_t last = variable->first + variable->count - 1;
  bool is_rest = match->path_template->segments[last].kind == GATEWAY_SEGMENT_REST;
  size_t begin = match->begin[variable->first];
  size_t end = is_rest ? match->path.size : segment_end(match, last);
  return gateway_text_of(match->path.data + begin, end - begin);
}

gateway_text gateway_router_allow(const gateway_router *router, uint32_t allowed,
                                  upb_Arena *arena) {
  gateway_text text = gateway_text_of("", 0);
  for (size_t i = 0; i < router->method_count; i++) {
    if ((allowed & (UINT32_C(1) << i)) == 0) {
      continue;
    }
    gateway_text method = router->methods[i];
    bool is_get = gateway_text_is(method, "GET");
    text = gateway_arena_format(arena, "%.*s%.*s%s, ", GATEWAY_TEXT_ARGS(text),
                                GATEWAY_TEXT_ARGS(method), is_get ? ", HEAD" : "");
  }
  return gateway_arena_format(arena, "%.*sOPTIONS", GATEWAY_TEXT_ARGS(text));
}
