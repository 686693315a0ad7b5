/* SPDX-License-Identifier: Apache-2.0 */
#include "export/endpoint.h"

#include <ctype.h>
#include <stdio.h>
#include <strings.h>

static const char TOO_LONG[] = "too long";

/* The parts of a URL; `scheme` is empty when there is no "://". */
typedef struct url_parts {
  otlp_string scheme;
  otlp_string authority;
  otlp_string path;
  otlp_string query; /* with its '?' */
} url_parts;

typedef struct host_and_port {
  otlp_string host; /* IPv6 addresses with their brackets */
  otlp_string port; /* empty if there is none */
} host_and_port;

static bool equals_ignoring_case(otlp_string text, const char *word) {
  return text.length == strlen(word) && strncasecmp(text.data, word, text.length) == 0;
}

/* Takes off `text`, and returns, all that comes before the first character of `stops`. */
static otlp_string take_until(otlp_string *text, const char *stops) {
  size_t length = 0;
  while (length < text->length && strchr(stops, text->data[length]) == NULL) {
    length++;
  }
  otlp_string taken = {text->data, length};
  text->data += length;
  text->length -= length;
  return taken;
}

static url_parts split_url(otlp_string text) {
  url_parts parts = {0};
  otlp_string rest = text;
  otlp_string head = take_until(&rest, ":/?#");
  if (rest.length >= 3 && memcmp(rest.data, "://", 3) == 0) {
    parts.scheme = head;
    rest.data += 3;
    rest.length -= 3;
  } else {
    rest = text;
  }
  parts.authority = take_until(&rest, "/?#");
  parts.path = take_until(&rest, "?#");
  parts.query = take_until(&rest, "#");
  return parts;
}

static bool has_only_visible_ascii(otlp_string text) {
  for (size_t i = 0; i < text.length; i++) {
    if (text.data[i] <= ' ' || text.data[i] > '~') {
      return false;
    }
  }
  return true;
}

static bool is_host(otlp_string host) {
  bool bracketed = host.length > 2 && host.data[0] == '[' && host.data[host.length - 1] == ']';
  for (size_t i = bracketed ? 1 : 0; i < host.length - (bracketed ? 1 : 0); i++) {
    const char *allowed = bracketed ? ":.%" : "-._~%";
    if (!isalnum((unsigned char)host.data[i]) && strchr(allowed, host.data[i]) == NULL) {
      return false;
    }
  }
  return host.length > 0;
}

static bool is_port(otlp_string port) {
  unsigned number = 0;
  for (size_t i = 0; i < port.length; i++) {
    if (port.data[i] < '0' || port.data[i] > '9' || number > UINT16_MAX) {
      return false;
    }
    number = number * 10 + (unsigned)(port.data[i] - '0');
  }
  return number > 0 && number <= UINT16_MAX;
}

static const char *split_authority(otlp_string authority, host_and_port *out_parts) {
  otlp_string rest = authority;
  if (authority.length > 0 && memchr(authority.data, '@', authority.length) != NULL) {
    return "a user name in the endpoint (use headers)";
  }
  if (authority.length > 0 && authority.data[0] == '[') {
    out_parts->host = take_until(&rest, "]");
    out_parts->host.length += rest.length > 0;
    rest.data += rest.length > 0;
    rest.length -= rest.length > 0;
  } else {
    out_parts->host = take_until(&rest, ":");
  }
  if (!is_host(out_parts->host)) {
    return "no valid host";
  }
  out_parts->port = rest;
  if (rest.length == 0) {
    return NULL;
  }
  out_parts->port.data++;
  out_parts->port.length--;
  return rest.data[0] == ':' && is_port(out_parts->port) ? NULL : "no valid port";
}

/* True for targets that only gRPC understands: one of its schemes and a colon. */
static bool is_native_target(otlp_string text) {
  static const char *const SCHEMES[] = {"unix", "unix-abstract", "dns", "ipv4",
                                        "ipv6", "vsock",         "xds"};
  otlp_string rest = text;
  otlp_string scheme = take_until(&rest, ":");
  for (size_t i = 0; rest.length > 1 && i < sizeof(SCHEMES) / sizeof(SCHEMES[0]); i++) {
    if (equals_ignoring_case(scheme, SCHEMES[i])) {
      return !is_port((otlp_string){rest.data + 1, rest.length - 1}); /* a host called "dns" */
    }
  }
  return false;
}

static const char *write_target(const url_parts *url, otlp__grpc_endpoint *out_endpoint) {
  host_and_port parts;
  const char *problem = split_authority(url->authority, &parts);
  if (problem != NULL) {
    return problem;
  }
  char port[8];
  unsigned number = out_endpoint->security == OTLP__SECURITY_PLAIN ? 80
                    : out_endpoint->security == OTLP__SECURITY_TLS ? 443
                                                                   : OTLP__GRPC_PORT;
  snprintf(port, sizeof(port), "%u", number);
  if (parts.port.length == 0) {
    parts.port = otlp_string_from(port);
  }
  int length =
      snprintf(out_endpoint->target, sizeof(out_endpoint->target), "%.*s:%.*s",
               (int)parts.host.length, parts.host.data, (int)parts.port.length, parts.port.data);
  return length < OTLP__ENDPOINT_SIZE ? NULL : TOO_LONG;
}

const char *otlp__grpc_endpoint_parse(otlp_string text, otlp__grpc_endpoint *out_endpoint) {
  *out_endpoint = (otlp__grpc_endpoint){.security = OTLP__SECURITY_UNSAID};
  if (text.length == 0 || !has_only_visible_ascii(text)) {
    return "empty, or spaces or control characters in it";
  }
  if (text.length >= OTLP__ENDPOINT_SIZE) {
    return TOO_LONG;
  }
  if (is_native_target(text)) {
    memcpy(out_endpoint->target, text.data, text.length);
    return NULL;
  }
  url_parts url = split_url(text);
  if (equals_ignoring_case(url.scheme, "http")) {
    out_endpoint->security = OTLP__SECURITY_PLAIN;
  } else if (equals_ignoring_case(url.scheme, "https")) {
    out_endpoint->security = OTLP__SECURITY_TLS;
  } else if (url.scheme.length > 0) {
    return "neither http, https nor a scheme of gRPC's";
  }
  out_endpoint->path_ignored = url.path.length > 1 || url.query.length > 0;
  return write_target(&url, out_endpoint);
}

const char *otlp__http_endpoint_parse(otlp_string text, otlp_string signal_path,
                                      char out_url[OTLP__ENDPOINT_SIZE]) {
  if (text.length == 0 || !has_only_visible_ascii(text)) {
    return "empty, or spaces or control characters in it";
  }
  if (text.length >= OTLP__ENDPOINT_SIZE) {
    return TOO_LONG;
  }
  url_parts url = split_url(text);
  bool secure = equals_ignoring_case(url.scheme, "https");
  if (!secure && !equals_ignoring_case(url.scheme, "http")) {
    return "neither http:// nor https://";
  }
  host_and_port parts;
  const char *problem = split_authority(url.authority, &parts);
  if (problem != NULL) {
    return problem;
  }
  if (signal_path.length > 0 && url.path.length > 0 && url.path.data[url.path.length - 1] == '/') {
    url.path.length--;
  }
  if (url.path.length + signal_path.length == 0) {
    signal_path = otlp_string_from("/");
  }
  int length =
      snprintf(out_url, OTLP__ENDPOINT_SIZE, "%s://%.*s%.*s%.*s%.*s", secure ? "https" : "http",
               (int)url.authority.length, url.authority.data, (int)url.path.length, url.path.data,
               (int)signal_path.length, signal_path.data, (int)url.query.length, url.query.data);
  return length < OTLP__ENDPOINT_SIZE ? NULL : TOO_LONG;
}
