/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTTP thread waits for two things: libmicrohttpd's epoll, and results of the loops. It alone
 * touches connections, so nothing here needs a lock.
 */
#include "front.h"
#include "listen.h"
#include "pages.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
  SWEEP_MS = 250,
  SPARE_MEMORY = 8 * 1024, /* of a connection, beside its request's head */
};

static int64_t clock_ms(void) {
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* URLs are taken apart here, raw. */
static size_t leave_escaped(void *data, struct MHD_Connection *connection, char *text) {
  (void)data;
  (void)connection;
  return strlen(text);
}

static void take_results(gateway_server *server) {
  gateway_handoff_item *item = gateway_handoff_take(&server->results);
  while (item != NULL) {
    gateway_handoff_item *next = item->next;
    gateway_intake_resume((gateway_exchange *)(void *)item);
    item = next;
  }
}

static void begin_drain(gateway_server *server) {
  MHD_socket socket = MHD_quiesce_daemon(server->daemon);
  if (socket != MHD_INVALID_SOCKET) {
    (void)close(socket);
  }
  server->drain_until_ms = server->now_ms + server->grace_ms;
}

/* Behind the grace: calls are cancelled, which answers their requests; a second later the
 * connections go, whatever they are at. */
static void go_on_draining(gateway_server *server) {
  if (server->drain_until_ms == 0) {
    begin_drain(server);
  }
  gateway_peers_cut_idle(&server->peers);
  if (server->now_ms < server->drain_until_ms) {
    return;
  }
  if (!server->is_cancelled) {
    server->is_cancelled = true;
    for (size_t i = 0; i < server->options.loop_count; i++) {
      gateway_caller_cancel_all(&server->callers[i]);
    }
  }
  if (server->now_ms > server->drain_until_ms + 1000) {
    gateway_peers_cut_all(&server->peers);
  }
}

static void sweep(gateway_server *server) {
  server->next_sweep_ms = server->now_ms + SWEEP_MS;
  gateway_peers_cut_late(&server->peers, server->now_ms);
}

/* Without connections there is nothing to wait for but the next one. Where there were as many as
 * there may be, libmicrohttpd listens again in the turn after it has seen them go, so that turn is
 * not waited for. */
static int wait_ms(gateway_server *server) {
  MHD_UNSIGNED_LONG_LONG wanted_ms = SWEEP_MS;
  if (MHD_get_timeout(server->daemon, &wanted_ms) != MHD_YES || wanted_ms > SWEEP_MS) {
    wanted_ms = SWEEP_MS;
  }
  bool was_idle = server->is_idle;
  server->is_idle = server->peers.count == 0 && server->exchange_count == 0;
  if (!server->is_idle || server->drain_until_ms != 0) {
    return (int)wanted_ms;
  }
  return was_idle ? -1 : 0;
}

static void run_turn(gateway_server *server, struct pollfd fds[2]) {
  (void)poll(fds, 2, wait_ms(server));
  server->now_ms = clock_ms();
  if (atomic_load_explicit(&server->is_draining, memory_order_acquire)) {
    go_on_draining(server);
  }
  if ((fds[1].revents & POLLIN) != 0) {
    take_results(server);
  }
  (void)MHD_run(server->daemon);
  for (size_t i = 0; i < server->options.loop_count; i++) {
    gateway_caller_hand_over(&server->callers[i]);
  }
  if (server->now_ms >= server->next_sweep_ms) {
    sweep(server);
  }
}

static bool is_done(const gateway_server *server) {
  return server->drain_until_ms != 0 && server->exchange_count == 0 && server->peers.count == 0;
}

static mesh_loop *this_loop(const gateway_server *server) {
  size_t i = 0;
  while (!mesh_loop_is_current(server->options.loops[i])) {
    i++;
  }
  return server->options.loops[i];
}

static void leave(void *data) {
  gateway_server *server = data;
  if (atomic_fetch_sub_explicit(&server->goodbyes, 1, memory_order_acq_rel) == 1) {
    mesh_loop_post(server->options.loops[0], server->on_drained, server->drained_data);
  }
}

/* Behind its goodbye a loop has nothing of the server in its hands: no post that was on its way;
 * not the last result, whose taker may have been faster than its giver; and, at rest, no wake-up.
 */
static void say_goodbye(void *data) {
  mesh_loop_post_at_rest(this_loop(data), leave, data);
}

static void *run(void *data) {
  gateway_server *server = data;
  const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
  struct pollfd fds[2] = {{info->epoll_fd, POLLIN, 0}, {server->results.event_fd, POLLIN, 0}};
  (void)pthread_setname_np(pthread_self(), "http");
  while (!is_done(server)) {
    run_turn(server, fds);
  }
  atomic_store_explicit(&server->goodbyes, server->options.loop_count, memory_order_release);
  for (size_t i = 0; i < server->options.loop_count; i++) {
    mesh_loop_post(server->options.loops[i], say_goodbye, server);
  }
  return NULL;
}

/* What a connection needs at most to refuse a head that is too large in our own words. It is
 * cleared for each request, so more would cost time. */
static size_t connection_memory(const gateway_limits *limits) {
  return (size_t)(limits->header_bytes + limits->url_bytes) + SPARE_MEMORY;
}

static struct MHD_Daemon *start_daemon(gateway_server *server, int socket) {
  unsigned int idle_seconds = (unsigned int)((server->limits->idle_ms + 999) / 1000);
  return MHD_start_daemon(
      MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, gateway_intake_handle, server,
      MHD_OPTION_LISTEN_SOCKET, socket, MHD_OPTION_URI_LOG_CALLBACK, gateway_intake_begin, server,
      MHD_OPTION_NOTIFY_COMPLETED, gateway_intake_completed, server, MHD_OPTION_NOTIFY_CONNECTION,
      gateway_intake_connection, server, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,
      MHD_OPTION_CONNECTION_LIMIT, (unsigned int)server->limits->connections,
      MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned int)server->limits->connections_per_ip,
      MHD_OPTION_CONNECTION_TIMEOUT, idle_seconds, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
      connection_memory(server->limits), MHD_OPTION_CONNECTION_MEMORY_INCREMENT, (size_t)4096,
      MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
}

/* Putting them together takes more memory than keeping them. */
static void make_pages(gateway_server *server) {
  upb_Arena *scratch = gateway_arena_new(NULL, 0);
  server->start_page =
      gateway_arena_copy(server->arena, gateway_page_start(server->options.api, scratch));
  server->openapi_page =
      gateway_arena_copy(server->arena, gateway_page_openapi(server->options.api, scratch));
  upb_Arena_Free(scratch);
}

static mesh_status open_server(gateway_server *server) {
  const gateway_server_options *options = &server->options;
  mesh_status status = gateway_error_types_init(&server->error_types, options->api->pool);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  if (gateway_handoff_init(&server->results) != 0) {
    return mesh_status_error(GRPC_STATUS_UNAVAILABLE, "there are no file descriptors left");
  }
  make_pages(server);
  int socket = -1;
  status = gateway_listen(options->config->address, options->config->port, &socket, &server->port);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  server->now_ms = clock_ms();
  server->daemon = start_daemon(server, socket);
  if (server->daemon == NULL) {
    (void)close(socket);
  }
  server->has_thread =
      server->daemon != NULL && pthread_create(&server->thread, NULL, run, server) == 0;
  if (!server->has_thread) {
    return mesh_status_error(GRPC_STATUS_UNAVAILABLE, "the HTTP server does not start");
  }
  return status;
}

mesh_status gateway_server_start(const gateway_server_options *options,
                                 gateway_server **out_server) {
  gateway_server *server = calloc(1, sizeof *server);
  if (server == NULL) {
    abort();
  }
  server->options = *options;
  server->limits = &options->config->limits;
  server->arena = gateway_arena_new(NULL, 0);
  server->results.event_fd = -1;
  if (server->options.loop_count > GATEWAY_LOOPS_MAX) {
    server->options.loop_count = GATEWAY_LOOPS_MAX;
  }
  for (size_t i = 0; i < server->options.loop_count; i++) {
    gateway_caller_init(&server->callers[i], options->loops[i], options->backends,
                        &server->results);
  }
  mesh_status status = open_server(server);
  if (!mesh_status_is_ok(&status)) {
    gateway_server_destroy(server);
    return status;
  }
  *out_server = server;
  return status;
}

int gateway_server_port(const gateway_server *server) {
  return server->port;
}

void gateway_server_drain(gateway_server *server, int64_t grace_ms, void (*on_drained)(void *data),
                          void *data) {
  server->grace_ms = grace_ms;
  server->on_drained = on_drained;
  server->drained_data = data;
  atomic_store_explicit(&server->is_draining, true, memory_order_release);
  gateway_handoff_wake(&server->results);
}

void gateway_server_destroy(gateway_server *server) {
  if (server == NULL) {
    return;
  }
  if (server->has_thread) {
    (void)pthread_join(server->thread, NULL);
  }
  if (server->daemon != NULL) {
    MHD_stop_daemon(server->daemon);
  }
  gateway_handoff_clean_up(&server->results);
  gateway_exchange_pool_clean_up(&server->pool);
  upb_Arena_Free(server->arena);
  free(server);
}
