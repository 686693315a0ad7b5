/* SPDX-License-Identifier: Apache-2.0 */
#include "http.h"

#include "api.h"

#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_CONNECTIONS 128
#define MAX_IDLE_SECONDS 10
#define MAX_HEADER_BYTES 16384 /* libmicrohttpd keeps line, headers and buffers of one in this */

struct lens_http {
  struct MHD_Daemon *daemon;
};

static const char *query_value(struct MHD_Connection *connection, const char *name) {
  return MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, name);
}

static enum MHD_Result send_response(struct MHD_Connection *connection,
                                     const lens_api_response *answer) {
  struct MHD_Response *response =
      MHD_create_response_from_buffer(answer->body.size, answer->body.data, MHD_RESPMEM_MUST_FREE);
  if (response == NULL) {
    free(answer->body.data);
    return MHD_NO;
  }
  MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->content_type);
  MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
  if (answer->status == MHD_HTTP_METHOD_NOT_ALLOWED) {
    MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
  }
  enum MHD_Result queued = MHD_queue_response(connection, (unsigned)answer->status, response);
  MHD_destroy_response(response);
  return queued;
}

static enum MHD_Result refuse_method(struct MHD_Connection *connection) {
  lens_api_response answer = {.status = MHD_HTTP_METHOD_NOT_ALLOWED,
                              .content_type = "application/json"};
  lens_buffer_add_text(&answer.body, "{\"error\":\"only GET and HEAD are served here\"}");
  return send_response(connection, &answer);
}

/* Called when the headers are there, for each part of a body, and when all is there; only then may
 * the answer be queued. */
static enum MHD_Result on_request(void *store, struct MHD_Connection *connection, const char *path,
                                  const char *method, const char *version, const char *body,
                                  size_t *body_size, void **request_state) {
  static char seen;
  (void)version;
  (void)body;
  if (*request_state == NULL) {
    *request_state = &seen;
    return MHD_YES;
  }
  if (*body_size > 0) {
    *body_size = 0; /* read and forgotten */
    return MHD_YES;
  }
  if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0) {
    return refuse_method(connection);
  }
  const lens_api_request request = {
      .path = path,
      .accept = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT),
      .limit = query_value(connection, "limit"),
      .service = query_value(connection, "service"),
  };
  lens_api_response answer;
  lens_api_answer(store, &request, &answer);
  return send_response(connection, &answer);
}

static bool resolve(const lens_http_options *options, struct sockaddr_storage *out_address,
                    char *error, size_t error_size) {
  char port[16];
  struct addrinfo *found = NULL;
  const struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV,
                                 .ai_socktype = SOCK_STREAM};
  snprintf(port, sizeof(port), "%d", options->port);
  int failure = getaddrinfo(options->host, port, &hints, &found);
  if (failure != 0) {
    snprintf(error, error_size, "%s: %s", options->host, gai_strerror(failure));
    return false;
  }
  memcpy(out_address, found->ai_addr, found->ai_addrlen);
  freeaddrinfo(found);
  return true;
}

static struct MHD_Daemon *start_daemon(const lens_http_options *options,
                                       const struct sockaddr_storage *address) {
  unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC;
  if (address->ss_family == AF_INET6) {
    flags |= MHD_USE_DUAL_STACK;
  }
  return MHD_start_daemon(flags, (uint16_t)options->port, NULL, NULL, on_request, options->store,
                          MHD_OPTION_SOCK_ADDR, address, MHD_OPTION_CONNECTION_LIMIT,
                          MAX_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, MAX_IDLE_SECONDS,
                          MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MAX_HEADER_BYTES,
                          MHD_OPTION_END);
}

lens_http *lens_http_start(const lens_http_options *options, char *error, size_t error_size) {
  struct sockaddr_storage address;
  if (!resolve(options, &address, error, error_size)) {
    return NULL;
  }
  struct MHD_Daemon *daemon = start_daemon(options, &address);
  if (daemon == NULL) {
    snprintf(error, error_size, "cannot listen on %s, port %d: %s", options->host, options->port,
             strerror(errno));
    return NULL;
  }
  lens_http *http = lens_alloc(sizeof(*http));
  http->daemon = daemon;
  return http;
}

int lens_http_port(const lens_http *http) {
  return MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

void lens_http_stop(lens_http *http) {
  if (http == NULL) {
    return;
  }
  MHD_stop_daemon(http->daemon);
  free(http);
}
