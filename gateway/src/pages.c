/* SPDX-License-Identifier: Apache-2.0 */
#include "pages.h"

#include "json_writer.h"

static void write_routes(gateway_json_writer *writer, const gateway_api *api) {
  gateway_json_member_open(writer, "endpoints", '[');
  for (size_t i = 0; i < api->route_count; i++) {
    const gateway_route *route = api->routes[i];
    gateway_json_text(writer, gateway_arena_format(writer->arena, "%.*s %s",
                                                   GATEWAY_TEXT_ARGS(route->http_method),
                                                   route->template_text));
  }
  gateway_json_close(writer, ']');
}

gateway_text gateway_page_start(const gateway_api *api, upb_Arena *arena) {
  gateway_json_writer writer;
  gateway_json_writer_init(&writer, arena);
  gateway_json_open(&writer, '{');
  gateway_json_member(&writer, "service", "api-gateway");
  gateway_json_member(&writer, "version", GATEWAY_VERSION);
  gateway_json_member(&writer, "status", "running");
  gateway_json_member_open(&writer, "links", '{');
  gateway_json_member(&writer, "health", "/health");
  gateway_json_member(&writer, "openapi", "/openapi.json");
  gateway_json_close(&writer, '}');
  write_routes(&writer, api);
  gateway_json_close(&writer, '}');
  return gateway_json_writer_text(&writer);
}
