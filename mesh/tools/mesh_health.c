/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mesh-health [--timeout SECONDS] TARGET [SERVICE]
 *
 * Asks a gRPC server whether it, or one of its services, is ready for calls (grpc.health.v1), and
 * prints the answer. TARGET is what mesh clients take: host:port, http://…, https://…, unix:path.
 *
 * Exits 0 for SERVING; 1 when the server says otherwise, or does not know the service; 2 when there
 * was no answer within the time (2 s); 3 for wrong usage.
 */
#include <getopt.h>
#include <grpc/health/v1/health.mesh.h>
#include <mesh/client.h>
#include <mesh/context.h>
#include <mesh/loop.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { EXIT_SERVING, EXIT_NOT_SERVING, EXIT_UNREACHABLE, EXIT_USAGE };
enum { DEFAULT_TIMEOUT_MS = 2000, MOST_TIMEOUT_SECONDS = 3600 };

typedef struct health_arguments {
  const char *target;
  const char *service;
  int64_t timeout_ms;
} health_arguments;

/* The question under way. */
typedef struct check {
  mesh_loop *loop;
  int exit_code;
} check;

static void report_answer(check *self, const Grpc__Health__V1__HealthCheckResponse *answer) {
  const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(
      &grpc__health__v1__health_check_response__serving_status__descriptor, (int)answer->status);
  puts(value != NULL ? value->name : "UNKNOWN");
  bool is_serving =
      answer->status == GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVING;
  self->exit_code = is_serving ? EXIT_SERVING : EXIT_NOT_SERVING;
}

static void on_answer(const mesh_status *status,
                      const Grpc__Health__V1__HealthCheckResponse *answer, void *data) {
  check *self = data;
  if (answer != NULL) {
    report_answer(self, answer);
  } else {
    bool is_silent =
        status->code == GRPC_STATUS_UNAVAILABLE || status->code == GRPC_STATUS_DEADLINE_EXCEEDED;
    self->exit_code = is_silent ? EXIT_UNREACHABLE : EXIT_NOT_SERVING;
    printf("%s: %s\n", mesh_status_code_name(status->code), status->message);
  }
  mesh_loop_stop(self->loop);
}

static void ask(check *self, mesh_client *client, const health_arguments *arguments) {
  Grpc__Health__V1__HealthCheckRequest request = GRPC__HEALTH__V1__HEALTH_CHECK_REQUEST__INIT;
  request.service = (char *)(uintptr_t)arguments->service; /* protobuf-c has no const strings */
  mesh_context *context = mesh_context_new(self->loop, NULL, arguments->timeout_ms);
  grpc_health_v1_check(client, context, &request, on_answer, self);
  mesh_context_release(context);
  mesh_loop_run(self->loop);
}

static int run(const health_arguments *arguments) {
  mesh_client_options options = MESH_CLIENT_OPTIONS_INIT;
  options.target = arguments->target;
  mesh_client *client = NULL;
  mesh_status status = mesh_client_new(&options, &client);
  if (!mesh_status_is_ok(&status)) {
    fprintf(stderr, "mesh-health: %s\n", status.message);
    return EXIT_USAGE;
  }
  check self = {mesh_loop_new(), EXIT_UNREACHABLE};
  ask(&self, client, arguments);
  mesh_client_destroy(client);
  mesh_loop_destroy(self.loop);
  return self.exit_code;
}

static bool parse_seconds(const char *text, int64_t *out_ms) {
  char *end = NULL;
  double seconds = strtod(text, &end);
  bool is_good = end != text && *end == '\0' && seconds > 0 && seconds <= MOST_TIMEOUT_SECONDS;
  *out_ms = is_good ? (int64_t)(seconds * 1000 + 0.5) : 0;
  return is_good && *out_ms > 0;
}

static bool parse(int argc, char **argv, health_arguments *out_arguments) {
  static const struct option options[] = {{"timeout", required_argument, NULL, 't'},
                                          {NULL, 0, NULL, 0}};
  *out_arguments = (health_arguments){NULL, "", DEFAULT_TIMEOUT_MS};
  for (int option = getopt_long(argc, argv, "t:", options, NULL); option != -1;
       option = getopt_long(argc, argv, "t:", options, NULL)) {
    if (option != 't') {
      return false;
    }
    if (!parse_seconds(optarg, &out_arguments->timeout_ms)) {
      fprintf(stderr, "mesh-health: --timeout takes seconds, such as 2 or 0.5, not '%s'\n", optarg);
      return false;
    }
  }
  if (argc - optind < 1 || argc - optind > 2) {
    return false;
  }
  out_arguments->target = argv[optind];
  out_arguments->service = argc - optind == 2 ? argv[optind + 1] : "";
  return true;
}

int main(int argc, char **argv) {
  health_arguments parsed;
  if (!parse(argc, argv, &parsed)) {
    fputs("usage: mesh-health [--timeout SECONDS] TARGET [SERVICE]\n", stderr);
    return EXIT_USAGE;
  }
  return run(&parsed);
}
