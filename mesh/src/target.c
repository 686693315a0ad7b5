/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Three families: URLs of an HTTP world (http://host:port, https://host:port), plain host:port, and
 * gRPC's own names (gRPC Name Resolution), which pass unchanged.
 */
#include "target.h"

#include <stdio.h>
#include <string.h>

static mesh_status invalid(const char *text, const char *what) {
  return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "target '%.200s': %s", text, what);
}

static bool is_host_char(char c, bool is_bracketed) {
  bool is_alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return is_alnum || c == '.' || (is_bracketed ? c == ':' || c == '%' : c == '-' || c == '_');
}

/* The end of the host at `text`, which is behind the brackets of an IPv6 address; NULL when there
 * is no host. */
static const char *host_end(const char *text) {
  bool is_bracketed = text[0] == '[';
  const char *start = text + (is_bracketed ? 1 : 0);
  const char *at = start;
  while (is_host_char(*at, is_bracketed)) {
    at++;
  }
  if (at == start) {
    return NULL;
  }
  if (!is_bracketed) {
    return at;
  }
  return *at == ']' ? at + 1 : NULL;
}

/* The port at `text`, decimal, from 1 to 65535; 0 when it is not one. */
static int parse_port(const char *text, const char **out_end) {
  int port = 0;
  while (*text >= '0' && *text <= '9' && port <= 65535) {
    port = port * 10 + (*text++ - '0');
  }
  *out_end = text;
  return port <= 65535 ? port : 0;
}

static void set_address(mesh__target *target, const char *host, const char *end) {
  if (*host == '[') {
    host++;
    end--;
  }
  snprintf(target->address, sizeof target->address, "%.*s", (int)(end - host), host);
}

/* host:port, and for URLs a default port and a slash behind. */
static mesh_status parse_authority(const char *text, const char *authority, int default_port,
                                   mesh__target *target) {
  const char *end = host_end(authority);
  if (end == NULL) {
    return invalid(text, "there is no valid host in it");
  }
  set_address(target, authority, end);
  const char *rest = end;
  target->port = default_port;
  if (*rest == ':') {
    target->port = parse_port(rest + 1, &rest);
  }
  if (target->port == 0) {
    return invalid(text, "it needs a port from 1 to 65535, as in 'host:port'");
  }
  if (default_port != 0 && *rest == '/') {
    rest++;
  }
  if (*rest != '\0') {
    return invalid(text, "nothing may follow the port");
  }
  snprintf(target->core, sizeof target->core, "dns:///%.*s:%d", (int)(end - authority), authority,
           target->port);
  return mesh_status_ok();
}

/* gRPC's own schemes; what follows is the C core's to understand. */
static bool has_core_scheme(const char *text) {
  static const char *const schemes[] = {
      "dns:", "ipv4:", "ipv6:", "unix:", "unix-abstract:", "xds:"};
  for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
    size_t length = strlen(schemes[i]);
    if (strncmp(text, schemes[i], length) == 0 && text[length] != '\0') {
      return true;
    }
  }
  return false;
}

/* dns:///host:port and ipv4:host:port tell the address; lists, paths and the rest are their own. */
static void find_address(const char *text, mesh__target *target) {
  snprintf(target->address, sizeof target->address, "%s", text);
  if (strncmp(text, "unix", 4) == 0) {
    const char *path = strchr(text, ':') + 1;
    snprintf(target->address, sizeof target->address, "%s",
             strncmp(path, "///", 3) == 0 ? path + 2 : path);
    return;
  }
  const char *host = strchr(text, ':') + 1;
  if (strncmp(host, "//", 2) == 0) {
    const char *slash = strchr(host + 2, '/');
    host = slash != NULL ? slash + 1 : host;
  }
  const char *end = host_end(host);
  if (end == NULL || *end != ':') {
    return;
  }
  const char *rest;
  int port = parse_port(end + 1, &rest);
  if (port != 0 && *rest == '\0') {
    set_address(target, host, end);
    target->port = port;
  }
}

mesh_status mesh__target_parse(const char *text, mesh__target *out_target) {
  memset(out_target, 0, sizeof *out_target);
  if (text == NULL || text[0] == '\0') {
    return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "the target is empty");
  }
  if (strlen(text) >= MESH__TARGET_SIZE) {
    return invalid(text, "it is too long");
  }
  if (strncmp(text, "http://", 7) == 0) {
    return parse_authority(text, text + 7, 80, out_target);
  }
  if (strncmp(text, "https://", 8) == 0) {
    out_target->is_tls = true;
    return parse_authority(text, text + 8, 443, out_target);
  }
  if (has_core_scheme(text)) {
    snprintf(out_target->core, sizeof out_target->core, "%s", text);
    find_address(text, out_target);
    return mesh_status_ok();
  }
  if (strstr(text, "://") != NULL) {
    return invalid(text, "its scheme is not known; use http, https, dns, ipv4, ipv6 or unix");
  }
  return parse_authority(text, text, 0, out_target);
}
