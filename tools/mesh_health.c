/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mesh-health TARGET [SERVICE]
 *
 * Asks a gRPC server whether it, or one of its services, is ready (grpc.health.v1). Prints the
 * answer; exits 0 for SERVING, 1 for anything else, 2 for wrong usage.
 */
#include <grpc/health/v1/health.mesh.h>

#include <mesh/client.h>
#include <mesh/context.h>
#include <mesh/loop.h>
#include <protobuf-c/protobuf-c.h>

#include <stdio.h>

enum { TIMEOUT_MS = 2000 };

typedef struct check {
  mesh_loop *loop;
  bool is_serving;
} check;

static void on_answer(const mesh_status *status, const Grpc__Health__V1__HealthCheckResponse *reply,
                      void *data) {
  check *self = data;
  if (mesh_status_is_ok(status)) {
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(
        &grpc__health__v1__health_check_response__serving_status__descriptor, (int)reply->status);
    puts(value != NULL ? value->name : "UNKNOWN");
    self->is_serving =
        reply->status == GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVING;
  } else {
    printf("%s: %s\n", mesh_status_code_name(status->code), status->message);
  }
  mesh_loop_stop(self->loop);
}

static void ask(check *self, mesh_client *client, const char *service) {
  Grpc__Health__V1__HealthCheckRequest request = GRPC__HEALTH__V1__HEALTH_CHECK_REQUEST__INIT;
  request.service = (char *)service; /* protobuf-c has no const strings */
  mesh_context *context = mesh_context_new(self->loop, NULL, TIMEOUT_MS);
  grpc_health_v1_check(client, context, &request, on_answer, self);
  mesh_context_release(context);
  mesh_loop_run(self->loop);
}

int main(int argc, char **argv) {
  if (argc < 2 || argc > 3) {
    fprintf(stderr, "usage: mesh-health TARGET [SERVICE]\n");
    return 2;
  }
  mesh_client_options options = MESH_CLIENT_OPTIONS_INIT;
  options.target = argv[1];
  mesh_client *client = NULL;
  mesh_status status = mesh_client_new(&options, &client);
  if (!mesh_status_is_ok(&status)) {
    fprintf(stderr, "mesh-health: %s\n", status.message);
    return 2;
  }
  check self = {.loop = mesh_loop_new()};
  ask(&self, client, argc == 3 ? argv[2] : "");
  mesh_client_destroy(client);
  mesh_loop_destroy(self.loop);
  return self.is_serving ? 0 : 1;
}
