/* SPDX-License-Identifier: Apache-2.0 */
/* TLS, and certificates of clients. The certificates are made by the openssl program; without it
 * the tests are skipped. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

static harness fixture;
static char folder[64];
static bool has_certificates;

/* An authority, and certificates of it for the server and the client. */
static const char make_certificates[] =
    "set -e; "
    "openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=ca -days 2; "
    "for who in server client; do "
    "openssl req -newkey rsa:2048 -nodes -keyout $who.key -out $who.csr -subj /CN=$who; "
    "printf 'subjectAltName=DNS:localhost,IP:127.0.0.1' > ext; "
    "openssl x509 -req -in $who.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile ext "
    "-out $who.pem -days 2; done";

static const char *path_of(const char *name) {
  static char paths[8][128];
  static int next;
  char *path = paths[next++ % 8];
  snprintf(path, sizeof paths[0], "%s/%s", folder, name);
  return path;
}

static int make_folder(void **state) {
  (void)state;
  char command[1024];
  snprintf(folder, sizeof folder, "/tmp/mesh-tls-XXXXXX");
  assert_non_null(mkdtemp(folder));
  snprintf(command, sizeof command, "cd %s && (%s) >/dev/null 2>&1", folder, make_certificates);
  has_certificates = system(command) == 0;
  return 0;
}

static int remove_folder(void **state) {
  (void)state;
  char command[128];
  snprintf(command, sizeof command, "rm -rf %s", folder);
  return system(command);
}

static void start(bool needs_client_certificate) {
  harness_options options = {
      .handlers = &harness_echo_service,
      .server = {.address = "127.0.0.1:0",
                 .certificate_file = path_of("server.pem"),
                 .key_file = path_of("server.key"),
                 .client_ca_file = needs_client_certificate ? path_of("ca.pem") : NULL},
  };
  harness_start(&fixture, &options);
}

/* What a client of these files is answered; "" is no file. */
static grpc_status_code ask(const char *authority, const char *certificate, const char *key) {
  char target[64];
  mesh_client *client;
  mesh_client *plain = fixture.client;
  snprintf(target, sizeof target, "https://127.0.0.1:%d", mesh_server_port(fixture.server));
  mesh_client_options options = {
      .target = target,
      .ca_file = authority,
      .certificate_file = certificate,
      .key_file = key,
  };
  mesh_status status = mesh_client_new(&options, &client);
  assert_true(mesh_status_is_ok(&status));
  fixture.client = client;
  harness_answer answer = harness_echo(&fixture, fixture.context, "x");
  fixture.client = plain;
  mesh_client_destroy(client);
  return answer.code;
}

/* Traffic would not be encrypted, or strangers be trusted. */
static void test_server_certificate(void **state) {
  (void)state;
  if (!has_certificates) {
    skip();
  }
  start(false);
  assert_int_equal(ask(path_of("ca.pem"), NULL, NULL), GRPC_STATUS_OK);
  assert_int_equal(ask(path_of("client.pem"), NULL, NULL), GRPC_STATUS_UNAVAILABLE);
  assert_int_equal(harness_echo(&fixture, fixture.context, "plain").code, GRPC_STATUS_UNAVAILABLE);
  harness_stop(&fixture);
}

/* Anybody could call a server that asks its clients who they are. */
static void test_client_certificate(void **state) {
  (void)state;
  if (!has_certificates) {
    skip();
  }
  start(true);
  assert_int_equal(ask(path_of("ca.pem"), path_of("client.pem"), path_of("client.key")),
                   GRPC_STATUS_OK);
  assert_int_equal(ask(path_of("ca.pem"), NULL, NULL), GRPC_STATUS_UNAVAILABLE);
  harness_stop(&fixture);
}

/* A mistake in the files would show only at the first connection. */
static void test_wrong_files(void **state) {
  (void)state;
  mesh_loop *loop = mesh_loop_new();
  mesh_server *server;
  mesh_server_options options = {.loops = &loop,
                                 .loop_count = 1,
                                 .address = "127.0.0.1:0",
                                 .certificate_file = "/no/such.pem",
                                 .key_file = "/no/such.key"};
  mesh_status status = mesh_server_new(&options, &server);
  assert_int_equal(status.code, GRPC_STATUS_INVALID_ARGUMENT);
  assert_non_null(strstr(status.message, "/no/such.pem"));
  options.key_file = NULL;
  status = mesh_server_new(&options, &server);
  assert_int_equal(status.code, GRPC_STATUS_INVALID_ARGUMENT);
  options.certificate_file = NULL;
  options.client_ca_file = "/no/such.pem";
  status = mesh_server_new(&options, &server);
  assert_int_equal(status.code, GRPC_STATUS_INVALID_ARGUMENT);
  assert_null(server);
  mesh_loop_destroy(loop);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_server_certificate),
      cmocka_unit_test(test_client_certificate),
      cmocka_unit_test(test_wrong_files),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
