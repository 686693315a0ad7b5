/* SPDX-License-Identifier: Apache-2.0 */
/* Clients: what they refuse to be made of, how they find servers, and how they try again. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness.h"

static harness fixture;
static int failures_left;
static int attempts;
static char attempts_seen[8];

static void echo(mesh_call *call, const echo_request *request, void *self) {
  (void)self;
  mesh_bytes previous;
  attempts++;
  attempts_seen[0] = '\0';
  if (mesh_metadata_get(mesh_call_metadata(call), "grpc-previous-rpc-attempts", 0, &previous)) {
    memcpy(attempts_seen, previous.data, previous.size);
    attempts_seen[previous.size] = '\0';
  }
  if (failures_left > 0) {
    failures_left--;
    mesh_bytes value = {"dropped with the failure", 24};
    mesh_call_add_initial_metadata(call, "x-note", value);
    mesh_call_fail(call, GRPC_STATUS_UNAVAILABLE, "try again");
    return;
  }
  echo_reply reply;
  mesh__test__v1__echo_reply__init(&reply);
  reply.text = request->text;
  mesh_test_v1_echo_reply(call, &reply);
}

static const mesh_test_v1_echo_service handlers = {.echo = echo};

static void start(const char *address, const char *service_config_json) {
  harness_options options = {
      .handlers = &handlers,
      .server = {.address = address},
      .client = {.target = address, .service_config_json = service_config_json},
  };
  attempts = 0;
  failures_left = 0;
  harness_start(&fixture, &options);
}

static mesh_status try_new(const mesh_client_options *options) {
  mesh_client *client = (mesh_client *)1;
  mesh_status status = mesh_client_new(options, &client);
  if (!mesh_status_is_ok(&status)) {
    assert_null(client);
  } else {
    mesh_client_destroy(client);
  }
  return status;
}

/* A mistake in the configuration would show only at the first call. */
static void test_mistakes_are_named(void **state) {
  (void)state;
  static const struct {
    mesh_client_options options;
    const char *named;
  } cases[] = {
      {{.target = NULL}, "target"},
      {{.target = "nonsense"}, "nonsense"},
      {{.target = "ipv4:1.2.3"}, "ipv4:1.2.3"},
      {{.target = "a:1", .service_config_json = "{not json"}, "service config"},
      {{.target = "a:1", .service_config_json = "{\"loadBalancingConfig\":[{\"no_such\":{}}]}"},
       "rejects loadBalancingConfig"},
      {{.target = "a:1",
        .service_config_json = "{\"methodConfig\":[{\"name\":[{}]},"
                               "{\"retryPolicy\":{\"maxAttempts\":0}}]}"},
       "rejects methodConfig[1].retryPolicy"},
      {{.target = "a:1", .service_config_json = "{\"methodConfig\":[{\"timeout\":\"1\"}]}"},
       "methodConfig[0].timeout"},
      {{.target = "ipv4:1.2.3", .service_config_json = "{}"}, "ipv4:1.2.3"},
      {{.target = "a:1", .ca_file = "/etc/hosts"}, "https"},
      {{.target = "https://a:1", .ca_file = "/no/such/file.pem"}, "/no/such/file.pem"},
      {{.target = "https://a:1", .ca_file = "/etc/hosts"}, "/etc/hosts"},
      {{.target = "https://a:1", .key_file = "/etc/hosts"}, "certificate_file"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    mesh_status status = try_new(&cases[i].options);
    assert_int_equal(status.code, GRPC_STATUS_INVALID_ARGUMENT);
    assert_non_null(strstr(status.message, cases[i].named));
  }
}

/* Good ones would be refused. */
static void test_good_configurations(void **state) {
  (void)state;
  static const mesh_client_options cases[] = {
      {.target = "a:1"},
      {.target = "https://a:1"},
      {.target = "unix:/tmp/x"},
      {.target = "a:1", .service_config_json = "{\"loadBalancingConfig\":[{\"round_robin\":{}}]}"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    mesh_status status = try_new(&cases[i]);
    assert_true(mesh_status_is_ok(&status));
  }
}

/* A unix socket would need a TCP port all the same. */
static void test_unix_socket(void **state) {
  (void)state;
  char address[64];
  snprintf(address, sizeof address, "unix:/tmp/mesh-test-%d.sock", (int)getpid());
  start(address, NULL);
  assert_int_equal(mesh_server_port(fixture.server), 0);
  harness_answer answer = harness_echo(&fixture, fixture.context, "x");
  assert_int_equal(answer.code, GRPC_STATUS_OK);
  assert_string_equal(mesh_client_target(fixture.client), address);
  harness_stop(&fixture);
  unlink(address + 5);
}

static void give_up(void *call) {
  mesh_call_fail(call, GRPC_STATUS_CANCELLED, "nobody waits any more");
}

/* Keeps its caller waiting when it is told to. */
static void echo_or_stall(mesh_call *call, const echo_request *request, void *self) {
  if (strcmp(request->text, "stall") == 0) {
    mesh_context_on_cancel(mesh_call_context(call), give_up, call);
  } else {
    echo(call, request, self);
  }
}

/* A timeout of the config would be passed over, or end calls that are in time. */
static void test_timeouts_of_the_config(void **state) {
  (void)state;
  static const mesh_test_v1_echo_service stalling = {.echo = echo_or_stall};
  harness_options options = {
      .handlers = &stalling,
      .client = {.service_config_json =
                     "{\"methodConfig\":[{\"name\":[{\"service\":\"mesh.test.v1.EchoService\"}],"
                     "\"timeout\":\"1s\"},{\"name\":[{}],\"timeout\":\"60s\"}]}",
                 .default_timeout_ms = 60000},
  };
  harness_start(&fixture, &options);
  int64_t began_ms = mesh_loop_now_ms(fixture.loop);
  for (int i = 0; i < 10; i++) {
    harness_answer answer = harness_echo(&fixture, fixture.context, "x");
    assert_int_equal(answer.code, GRPC_STATUS_OK);
  }
  harness_answer late = harness_echo(&fixture, fixture.context, "stall");
  assert_int_equal(late.code, GRPC_STATUS_DEADLINE_EXCEEDED);
  assert_in_range(mesh_loop_now_ms(fixture.loop) - began_ms, 1000, 10000);
  mesh_context *hurried = mesh_context_new(fixture.loop, NULL, 1);
  late = harness_echo(&fixture, hurried, "stall");
  assert_int_equal(late.code, GRPC_STATUS_DEADLINE_EXCEEDED);
  mesh_context_release(hurried);
  harness_stop(&fixture);
}

static const char retry_config[] =
    "{\"methodConfig\":[{\"name\":[{}],\"retryPolicy\":{\"maxAttempts\":4,"
    "\"initialBackoff\":\"0.01s\",\"maxBackoff\":\"0.02s\",\"backoffMultiplier\":2,"
    "\"retryableStatusCodes\":[\"UNAVAILABLE\"]}}]}";

/* Retries would not happen: a failure that sends anything but its status forbids them. */
static void test_retries(void **state) {
  (void)state;
  start(NULL, retry_config);
  failures_left = 2;
  harness_answer answer = harness_echo(&fixture, fixture.context, "x");
  assert_int_equal(answer.code, GRPC_STATUS_OK);
  assert_int_equal(attempts, 3);
  assert_string_equal(attempts_seen, "2");
  harness_stop(&fixture);
}

/* Retries would go on for ever. */
static void test_retries_end(void **state) {
  (void)state;
  start(NULL, retry_config);
  failures_left = 100;
  harness_answer answer = harness_echo(&fixture, fixture.context, "x");
  assert_int_equal(answer.code, GRPC_STATUS_UNAVAILABLE);
  assert_string_equal(answer.message, "try again");
  assert_int_equal(attempts, 4);
  harness_stop(&fixture);
}

/* Without a policy each failure is the caller's to see, once. */
static void test_no_retries_without_policy(void **state) {
  (void)state;
  start(NULL, NULL);
  failures_left = 1;
  harness_answer answer = harness_echo(&fixture, fixture.context, "x");
  assert_int_equal(answer.code, GRPC_STATUS_UNAVAILABLE);
  assert_int_equal(attempts, 1);
  harness_stop(&fixture);
}

/* A server that is not there would hang its callers instead of failing them. */
static void test_nobody_listens(void **state) {
  (void)state;
  harness_options options = {.handlers = &handlers, .client = {.target = "127.0.0.1:1"}};
  harness_start(&fixture, &options);
  harness_answer answer = harness_echo(&fixture, fixture.context, "x");
  assert_int_equal(answer.code, GRPC_STATUS_UNAVAILABLE);
  harness_stop(&fixture);
}

static void back_drained(void *data) {
  (void)data;
  harness_done(&fixture);
}

/* A service that was restarted would be found again only after seconds, or minutes. */
static void test_server_comes_back(void **state) {
  (void)state;
  char address[64];
  snprintf(address, sizeof address, "unix:/tmp/mesh-test-back-%d.sock", (int)getpid());
  harness_options options = {.handlers = &handlers, .client = {.target = address}};
  harness_start(&fixture, &options);
  assert_int_equal(harness_echo(&fixture, fixture.context, "x").code, GRPC_STATUS_UNAVAILABLE);
  harness_run_for(&fixture, 300);
  mesh_server *late;
  mesh_server_options server_options = {
      .loops = &fixture.loop, .loop_count = 1, .address = address};
  mesh_status status = mesh_server_new(&server_options, &late);
  assert_true(mesh_status_is_ok(&status));
  status = mesh_server_add(late, mesh_test_v1_echo_service_bind(&handlers, NULL));
  assert_true(mesh_status_is_ok(&status));
  status = mesh_server_start(late);
  assert_true(mesh_status_is_ok(&status));
  int tries = 0;
  while (tries < 50 && harness_echo(&fixture, fixture.context, "x").code != GRPC_STATUS_OK) {
    harness_run_for(&fixture, 20);
    tries++;
  }
  assert_true(tries < 50);
  mesh_server_drain(late, 0, back_drained, NULL);
  harness_run(&fixture);
  mesh_server_destroy(late);
  harness_stop(&fixture);
  unlink(address + 5);
}

/* One of several servers: it answers with its name. */
static void say_name(mesh_call *call, const echo_request *request, void *name) {
  (void)request;
  echo_reply reply;
  mesh__test__v1__echo_reply__init(&reply);
  reply.text = name;
  mesh_test_v1_echo_reply(call, &reply);
}

static const mesh_test_v1_echo_service named = {.echo = say_name};

static mesh_server *start_named(const char *name) {
  mesh_server *server;
  mesh_server_options options = {.loops = &fixture.loop, .loop_count = 1, .address = "127.0.0.1:0"};
  mesh_status status = mesh_server_new(&options, &server);
  assert_true(mesh_status_is_ok(&status));
  status = mesh_server_add(server, mesh_test_v1_echo_service_bind(&named, harness_text(name)));
  assert_true(mesh_status_is_ok(&status));
  status = mesh_server_start(server);
  assert_true(mesh_status_is_ok(&status));
  return server;
}

static void stop_named(mesh_server *server) {
  mesh_server_drain(server, 0, back_drained, NULL);
  harness_run(&fixture);
  mesh_server_destroy(server);
}

/* How many calls it takes, at most `most`, until "a" and "b" have both answered. */
static int calls_until_both(int most) {
  bool a = false;
  bool b = false;
  int calls = 0;
  while (calls < most && !(a && b)) {
    harness_answer answer = harness_echo(&fixture, fixture.context, "x");
    assert_int_equal(answer.code, GRPC_STATUS_OK);
    a = a || strcmp(answer.text, "a") == 0;
    b = b || strcmp(answer.text, "b") == 0;
    calls++;
  }
  return calls;
}

/* Of several addresses one would get all the calls, or its end be the end of all. */
static void test_several_servers(void **state) {
  (void)state;
  start(NULL, NULL);
  mesh_server *a = start_named("a");
  mesh_server *b = start_named("b");
  char target[96];
  snprintf(target, sizeof target, "ipv4:127.0.0.1:%d,127.0.0.1:%d", mesh_server_port(a),
           mesh_server_port(b));
  mesh_client_options options = {
      .target = target, .service_config_json = "{\"loadBalancingConfig\":[{\"round_robin\":{}}]}"};
  mesh_client *to_one = fixture.client;
  mesh_status status = mesh_client_new(&options, &fixture.client);
  assert_true(mesh_status_is_ok(&status));
  assert_in_range(calls_until_both(1000), 2, 999);
  stop_named(a);
  int in_a_row = 0;
  for (int i = 0; i < 100 && in_a_row < 10; i++) {
    harness_answer answer = harness_echo(&fixture, fixture.context, "x");
    in_a_row = answer.code == GRPC_STATUS_OK && strcmp(answer.text, "b") == 0 ? in_a_row + 1 : 0;
  }
  assert_int_equal(in_a_row, 10);
  stop_named(b);
  mesh_client_destroy(fixture.client);
  fixture.client = to_one;
  harness_stop(&fixture);
}

/* A peer that takes connections, reads a little and closes them. */
static int dying_peer(char *out_target, size_t size) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
  assert_int_equal(listen(listener, 5), 0);
  assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
  snprintf(out_target, size, "127.0.0.1:%d", ntohs(address.sin_port));
  return listener;
}

/* An HTTP/2 SETTINGS frame, with which a server begins. */
static const char settings[] = "\x00\x00\x00\x04\x00\x00\x00\x00\x00";

static void *serve_badly(void *data) {
  int listener = *(int *)data;
  int connection;
  while ((connection = accept(listener, NULL, NULL)) >= 0) {
    char some[512];
    ssize_t done = write(connection, settings, sizeof settings - 1);
    /* The call itself comes behind the client's preface and settings. */
    for (size_t total = 0; done > 0 && total < 150; total += (size_t)done) {
      done = read(connection, some, sizeof some);
    }
    close(connection);
  }
  return NULL;
}

/* A server that dies under a call would hang it. */
static void test_server_dies(void **state) {
  (void)state;
  char target[64];
  pthread_t thread;
  int listener = dying_peer(target, sizeof target);
  pthread_create(&thread, NULL, serve_badly, &listener);
  harness_options options = {.handlers = &handlers, .client = {.target = target}};
  harness_start(&fixture, &options);
  harness_answer answer = harness_echo(&fixture, fixture.context, "x");
  assert_int_equal(answer.code, GRPC_STATUS_UNAVAILABLE);
  shutdown(listener, SHUT_RDWR);
  pthread_join(thread, NULL);
  close(listener);
  harness_stop(&fixture);
}

/* Takes what comes on one connection, and says nothing but that it is a server. */
static void *fall_silent(void *data) {
  int connection = accept(*(int *)data, NULL, NULL);
  char some[512];
  ssize_t done = write(connection, settings, sizeof settings - 1);
  while (done > 0) {
    done = read(connection, some, sizeof some);
  }
  close(connection);
  return NULL;
}

/* A call without a deadline would wait for ever for a server that hangs, or whose host is gone. */
static void test_silent_servers_are_given_up(void **state) {
  (void)state;
  char target[64];
  pthread_t thread;
  int listener = dying_peer(target, sizeof target);
  pthread_create(&thread, NULL, fall_silent, &listener);
  harness_options options = {
      .handlers = &handlers,
      .client = {.target = target, .keepalive_ms = 50, .keepalive_timeout_ms = 50}};
  harness_start(&fixture, &options);
  harness_answer answer = harness_echo(&fixture, fixture.context, "x");
  assert_int_equal(answer.code, GRPC_STATUS_UNAVAILABLE);
  pthread_join(thread, NULL);
  close(listener);
  harness_stop(&fixture);
}

/* The socket of this process that is connected to `port`; -1 if there is none. */
static int find_connection(int port) {
  for (int fd = 3; fd < 1024; fd++) {
    struct sockaddr_in6 peer; /* gRPC's sockets are dual-stack; the port is where IPv4 has it */
    socklen_t size = sizeof peer;
    if (getpeername(fd, (struct sockaddr *)&peer, &size) == 0 &&
        (peer.sin6_family == AF_INET || peer.sin6_family == AF_INET6) &&
        ntohs(peer.sin6_port) == port) {
      return fd;
    }
  }
  return -1;
}

/* What is sent to a host that has vanished would be waited for until TCP gives up, a quarter of an
 * hour later. */
static void test_dead_connections_are_given_up(void **state) {
  (void)state;
  start(NULL, NULL);
  assert_int_equal(harness_echo(&fixture, fixture.context, "x").code, GRPC_STATUS_OK);
  unsigned timeout_ms = 0;
  socklen_t size = sizeof timeout_ms;
  assert_int_equal(getsockopt(find_connection(mesh_server_port(fixture.server)), IPPROTO_TCP,
                              TCP_USER_TIMEOUT, &timeout_ms, &size),
                   0);
  assert_int_equal(timeout_ms, 20000);
  harness_stop(&fixture);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_mistakes_are_named),
      cmocka_unit_test(test_good_configurations),
      cmocka_unit_test(test_unix_socket),
      cmocka_unit_test(test_timeouts_of_the_config),
      cmocka_unit_test(test_retries),
      cmocka_unit_test(test_retries_end),
      cmocka_unit_test(test_no_retries_without_policy),
      cmocka_unit_test(test_nobody_listens),
      cmocka_unit_test(test_server_comes_back),
      cmocka_unit_test(test_server_dies),
      cmocka_unit_test(test_silent_servers_are_given_up),
      cmocka_unit_test(test_dead_connections_are_given_up),
      cmocka_unit_test(test_several_servers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
