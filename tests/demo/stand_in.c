/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stands in for any of the services in the tests of the demo script: it listens on PORT and answers
 * what the script asks, so that those tests need neither a build of the services nor their time.
 *
 * STAND_IN_DIES=NAME: the service of this name ends at once, with a reason.
 * STAND_IN_SULKS=NAME: the service of this name runs but never says that it is well.
 * STAND_IN_REFUSES=NAME: the service of this name refuses orders that are paid.
 */
#include <microhttpd.h>

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static bool is_meant(const char *variable, const char *name) {
  const char *value = getenv(variable);
  return value != NULL && strcmp(value, name) == 0;
}

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status,
                              const char *text) {
  struct MHD_Response *response =
      MHD_create_response_from_buffer(strlen(text), (void *)text, MHD_RESPMEM_MUST_COPY);
  MHD_add_response_header(response, "x-trace-id", "0af7651916cd43dd8448eb211c80319c");
  enum MHD_Result result = MHD_queue_response(connection, status, response);
  MHD_destroy_response(response);
  return result;
}

static enum MHD_Result handle(void *name, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **request) {
  (void)version;
  (void)upload;
  if (*request == NULL) {
    *request = name; /* headers are in; the body comes next */
    return MHD_YES;
  }
  if (*upload_size > 0) {
    *upload_size = 0;
    return MHD_YES;
  }
  if (strcmp(url, "/health") == 0) {
    return answer(connection, is_meant("STAND_IN_SULKS", name) ? 503 : 200, "SERVING\n");
  }
  if (strcmp(url, "/orders") == 0 && strcmp(method, "POST") == 0) {
    return answer(connection, 201, "{\"order_id\":\"o-1\"}");
  }
  if (strcmp(url, "/api/order") == 0) {
    return answer(connection, is_meant("STAND_IN_REFUSES", name) ? 409 : 200,
                  "{\"order_id\":\"o-2\",\"status\":\"the stand-in's\"}");
  }
  if (strcmp(url, "/api/traces") == 0) {
    return answer(connection, 200,
                  "{\"traces\":[{\"traceID\":\"0af7651916cd43dd8448eb211c80319c\","
                  "\"rootTraceName\":\"POST /orders\"}]}");
  }
  if (strncmp(url, "/api/traces/", strlen("/api/traces/")) == 0 ||
      strncmp(url, "/api/v2/traces/", strlen("/api/v2/traces/")) == 0) {
    return answer(connection, 200, "api-gateway  POST /orders\n");
  }
  return answer(connection, 404, "there is nothing here\n");
}

int main(int argc, char **argv) {
  (void)argc;
  const char *slash = strrchr(argv[0], '/');
  const char *name = slash != NULL ? slash + 1 : argv[0];
  if (is_meant("STAND_IN_DIES", name)) {
    fprintf(stderr, "the stand-in's last words\n");
    return 1;
  }
  /* The receiver's first port is not HTTP in life; here all that is asked is asked of one. */
  const char *port = getenv(strcmp(name, "lens") == 0 ? "LENS_QUERY_PORT" : "PORT");
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigprocmask(SIG_BLOCK, &stop, NULL);
  struct MHD_Daemon *daemon =
      MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, (uint16_t)atoi(port != NULL ? port : "0"),
                       NULL, NULL, handle, (void *)name, MHD_OPTION_END);
  if (daemon == NULL) {
    fprintf(stderr, "%s cannot listen on port %s\n", name, port != NULL ? port : "(none)");
    return 1;
  }
  int received = 0;
  sigwait(&stop, &received);
  MHD_stop_daemon(daemon);
  return 0;
}
