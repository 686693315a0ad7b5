/* SPDX-License-Identifier: Apache-2.0 */
#include "rig.h"

#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { PATIENCE_MS = 20000, TICK_MS = 2 };

static void check(mesh_status status) {
  if (!mesh_status_is_ok(&status)) {
    fail_msg("%s", status.message);
  }
}

void rig_init(rig *self) {
  memset(self, 0, sizeof *self);
  self->config.address = "127.0.0.1:0";
  self->config.limits = (gateway_limits){.body_bytes = 256 * 1024,
                                         .bodies_bytes = 1024 * 1024,
                                         .header_bytes = 8 * 1024,
                                         .url_bytes = 4 * 1024,
                                         .connections = 64,
                                         .connections_per_ip = 64,
                                         .in_flight = 32,
                                         .timeout_ms = 10000,
                                         .receive_ms = 10000,
                                         .idle_ms = 10000};
  self->grace_ms = 10000;
}

static void *run_loop(void *data) {
  mesh_loop_run(data);
  return NULL;
}

static void keep_line(const gateway_access_entry *entry, void *data) {
  rig *self = data;
  char trace_id[OTLP_TRACE_ID_HEX_SIZE + 1];
  otlp_trace_id_to_hex(entry->span.trace_id, trace_id);
  pthread_mutex_lock(&self->log_lock);
  if (self->log_count < RIG_LOG_MAX) {
    snprintf(self->log[self->log_count++], sizeof self->log[0],
             "%.*s %.*s %s status=%d bytes=%llu peer=%s trace_id=%s",
             GATEWAY_TEXT_ARGS(entry->method), GATEWAY_TEXT_ARGS(entry->url),
             entry->route == NULL ? "-" : entry->route, entry->http_status,
             (unsigned long long)entry->bytes, entry->peer, trace_id);
  }
  pthread_mutex_unlock(&self->log_lock);
}

static void start_backend(rig *self) {
  if (self->has_no_backend) {
    snprintf(self->target, sizeof self->target, "unix:/nonexistent/socket");
  } else {
    backend_start(&self->backend);
    snprintf(self->target, sizeof self->target, "127.0.0.1:%d", self->backend.port);
  }
  self->config.backends[0] = (gateway_backend_option){"*", 1, self->target};
  self->config.backend_count = 1;
}

void rig_start(rig *self) {
  pthread_mutex_init(&self->log_lock, NULL);
  span_tree_init(&self->spans);
  start_backend(self);
  self->descriptors = gateway_descriptors_new();
  check(gateway_descriptors_add_file(self->descriptors, LIBRARY_DESCRIPTORS));
  gateway_builtin_add_base(self->descriptors);
  check(gateway_api_new(self->descriptors, &self->api));
  gateway_backends_options backends = {self->api, &self->config, NULL, 0};
  check(gateway_backends_new(&backends, &self->backends));
  self->loop = mesh_loop_new();
  mesh_loop_set_tracer(self->loop, span_tree_tracer(&self->spans));
  pthread_create(&self->loop_thread, NULL, run_loop, self->loop);
  self->propagators =
      (otlp_propagators){{&otlp_propagator_trace_context, &otlp_propagator_baggage}, 2};
  gateway_server_options options = {.config = &self->config,
                                    .api = self->api,
                                    .backends = self->backends,
                                    .loops = &self->loop,
                                    .loop_count = 1,
                                    .tracer = span_tree_tracer(&self->spans),
                                    .propagators = &self->propagators,
                                    .access_log = keep_line,
                                    .access_log_data = self};
  check(gateway_server_start(&options, &self->server));
  self->port = gateway_server_port(self->server);
}

static void drained(void *data) {
  sem_post(data);
}

void rig_drain(rig *self) {
  sem_t is_drained;
  sem_init(&is_drained, 0, 0);
  gateway_server_drain(self->server, self->grace_ms, drained, &is_drained);
  while (sem_wait(&is_drained) != 0) {}
  sem_destroy(&is_drained);
  gateway_server_destroy(self->server);
  self->server = NULL;
}

void rig_stop(rig *self) {
  if (self->server != NULL) {
    rig_drain(self);
  }
  mesh_loop_stop(self->loop);
  pthread_join(self->loop_thread, NULL);
  gateway_backends_destroy(self->backends);
  mesh_loop_destroy(self->loop);
  if (!self->has_no_backend) {
    backend_stop(&self->backend);
  }
  gateway_api_destroy(self->api);
  gateway_descriptors_destroy(self->descriptors);
  span_tree_clean_up(&self->spans);
  pthread_mutex_destroy(&self->log_lock);
}

static void tick(void) {
  struct timespec time = {0, TICK_MS * 1000000L};
  nanosleep(&time, NULL);
}

void rig_wait(const atomic_int *counter, int wanted) {
  for (int waited_ms = 0; atomic_load(counter) < wanted; waited_ms += TICK_MS) {
    if (waited_ms > PATIENCE_MS) {
      fail_msg("%d instead of %d", atomic_load(counter), wanted);
    }
    tick();
  }
}

static size_t log_count(rig *self) {
  pthread_mutex_lock(&self->log_lock);
  size_t count = self->log_count;
  pthread_mutex_unlock(&self->log_lock);
  return count;
}

void rig_wait_for_log(rig *self, size_t count) {
  for (int waited_ms = 0; log_count(self) < count; waited_ms += TICK_MS) {
    if (waited_ms > PATIENCE_MS) {
      fail_msg("%zu lines instead of %zu", log_count(self), count);
    }
    tick();
  }
}

void rig_wait_for_spans(rig *self, size_t count) {
  for (int waited_ms = 0; otlp_memory_exporter_count(self->spans.memory) < count;
       waited_ms += TICK_MS) {
    if (waited_ms > PATIENCE_MS) {
      fail_msg("%zu spans instead of %zu", otlp_memory_exporter_count(self->spans.memory), count);
    }
    tick();
  }
}
