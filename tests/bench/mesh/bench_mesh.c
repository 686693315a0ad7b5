/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What mesh adds to the C core: unary echo, `in_flight` calls at a time, server and client in one
 * process on a thread each; the same with the bare C core, in turns, so that both meet the same
 * machine; and with tracing on both sides, into the null exporter. Printed: calls per second, CPU
 * time per call, and their ratios.
 *
 *     bench-mesh [calls in flight, 64] [seconds per run, 2] [rounds, 2]
 */
#include <mesh/client.h>
#include <mesh/server.h>
#include <mesh/tracing.h>
#include <otlp/exporters.h>
#include <otlp/sdk.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "mesh/test/v1/echo.mesh.h"
#include "yardstick.h"

typedef Mesh__Test__V1__EchoRequest echo_request;
typedef Mesh__Test__V1__EchoReply echo_reply;

/* ---- the same with mesh ---- */

typedef struct bench {
  mesh_loop *loops[2];
  mesh_server *server;
  mesh_client *client;
  otlp_tracer_provider *provider; /* NULL: no tracing */
  mesh_tracing *tracing;
  int64_t until_ms;
  long answered;
  int in_flight;
} bench;

static void echo(mesh_call *call, const echo_request *request, void *self) {
  (void)self;
  echo_reply reply;
  mesh__test__v1__echo_reply__init(&reply);
  reply.text = request->text;
  reply.number = request->number;
  mesh_test_v1_echo_reply(call, &reply);
}

static const mesh_test_v1_echo_service handlers = {.echo = echo};

static void start_call(bench *self);

static void on_reply(const mesh_status *status, const echo_reply *reply, void *data) {
  (void)reply;
  bench *self = data;
  self->answered += mesh_status_is_ok(status);
  self->in_flight--;
  if (mesh_loop_now_ms(self->loops[1]) < self->until_ms) {
    start_call(self);
  } else if (self->in_flight == 0) {
    mesh_loop_stop(self->loops[1]);
  }
}

static void start_call(bench *self) {
  static char text[] = "laptop-001-blue";
  echo_request request;
  mesh__test__v1__echo_request__init(&request);
  request.text = text;
  request.number = 42;
  mesh_context *context = mesh_context_new(self->loops[1], NULL, MESH_NO_TIMEOUT);
  self->in_flight++;
  mesh_test_v1_echo(self->client, context, &request, on_reply, self);
  mesh_context_release(context);
}

static void check(mesh_status status) {
  if (!mesh_status_is_ok(&status)) {
    fprintf(stderr, "%s\n", status.message);
    exit(1);
  }
}

static void set_up(bench *self) {
  char target[64];
  self->loops[0] = mesh_loop_new();
  self->loops[1] = mesh_loop_new();
  mesh_server_options server = {.loops = &self->loops[0],
                                .loop_count = 1,
                                .address = "127.0.0.1:0",
                                .max_calls_in_flight = 100000};
  check(mesh_server_new(&server, &self->server));
  check(mesh_server_add(self->server, mesh_test_v1_echo_service_bind(&handlers, NULL)));
  if (self->provider != NULL) {
    mesh_server_use(self->server, mesh_tracing_server_interceptor(self->tracing));
  }
  check(mesh_server_start(self->server));
  snprintf(target, sizeof target, "127.0.0.1:%d", mesh_server_port(self->server));
  const mesh_interceptor *interceptors[1] = {NULL};
  mesh_client_options client = {.target = target, .interceptors = interceptors};
  if (self->provider != NULL) {
    interceptors[0] = mesh_tracing_client_interceptor(self->tracing);
    client.interceptor_count = 1;
  }
  check(mesh_client_new(&client, &self->client));
}

static void *run_loop(void *loop) {
  mesh_loop_run(loop);
  return NULL;
}

static void stop_loop(void *loop) {
  mesh_loop_stop(loop);
}

static void set_up_tracing(bench *self) {
  otlp_tracer_provider_options options = OTLP_TRACER_PROVIDER_OPTIONS_INIT;
  options.processors[0] = otlp_simple_processor_new(otlp_null_exporter_new());
  options.processor_count = 1;
  self->provider = otlp_tracer_provider_new(&options);
  mesh_tracing_options tracing = {self->provider, otlp_propagators_from_environment()};
  check(mesh_tracing_new(&tracing, &self->tracing));
}

static long run_bench(bench *prepared, int in_flight, double seconds) {
  bench self = *prepared;
  pthread_t thread;
  set_up(&self);
  pthread_create(&thread, NULL, run_loop, self.loops[0]);
  self.until_ms = mesh_loop_now_ms(self.loops[1]) + (int64_t)(seconds * 1000);
  for (int i = 0; i < in_flight; i++) {
    start_call(&self);
  }
  mesh_loop_run(self.loops[1]);
  mesh_client_destroy(self.client);
  mesh_server_drain(self.server, 0, stop_loop, self.loops[0]);
  pthread_join(thread, NULL);
  mesh_server_destroy(self.server);
  mesh_loop_destroy(self.loops[0]);
  mesh_loop_destroy(self.loops[1]);
  mesh_tracing_destroy(self.tracing);
  otlp_tracer_provider_destroy(self.provider);
  return self.answered;
}

static long mesh_run(int in_flight, double seconds) {
  bench self = {.answered = 0};
  return run_bench(&self, in_flight, seconds);
}

static long traced_run(int in_flight, double seconds) {
  bench self = {.answered = 0};
  set_up_tracing(&self);
  return run_bench(&self, in_flight, seconds);
}

/* ---- measuring ---- */

typedef struct measure {
  double seconds;
  double cpu_seconds;
  long calls;
} measure;

static double wall_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double cpu_seconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void add(measure *total, const char *name, long (*run)(int, double), int in_flight,
                double seconds) {
  double wall = wall_seconds();
  double cpu = cpu_seconds();
  long calls = run(in_flight, seconds);
  wall = wall_seconds() - wall;
  cpu = cpu_seconds() - cpu;
  printf("%-6s %8.0f calls/s  %6.2f us CPU per call\n", name, (double)calls / wall,
         cpu * 1e6 / (double)calls);
  total->seconds += wall;
  total->cpu_seconds += cpu;
  total->calls += calls;
}

static void compare(const char *what, const measure *one, const measure *other) {
  double rate = (double)one->calls / one->seconds;
  double other_rate = (double)other->calls / other->seconds;
  double cpu = one->cpu_seconds / (double)one->calls;
  double other_cpu = other->cpu_seconds / (double)other->calls;
  printf("%s: %.2f of the calls per second, %.2f times the CPU per call (%+.2f us)\n", what,
         rate / other_rate, cpu / other_cpu, (cpu - other_cpu) * 1e6);
}

int main(int argc, char **argv) {
  int in_flight = argc > 1 ? atoi(argv[1]) : 64;
  double seconds = argc > 2 ? atof(argv[2]) : 2;
  int rounds = argc > 3 ? atoi(argv[3]) : 2;
  measure bare = {0, 0, 0};
  measure mesh = {0, 0, 0};
  measure traced = {0, 0, 0};
  for (int i = 0; i < rounds; i++) {
    add(&bare, "bare", bare_run, in_flight, seconds);
    add(&mesh, "mesh", mesh_run, in_flight, seconds);
    add(&traced, "traced", traced_run, in_flight, seconds);
  }
  compare("mesh to bare", &mesh, &bare);
  compare("traced to mesh", &traced, &mesh);
  return 0;
}
