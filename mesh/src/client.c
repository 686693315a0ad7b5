/* SPDX-License-Identifier: Apache-2.0 */
#include "client.h"

#include <grpc/grpc_security.h>
#include <stdlib.h>

#include "channel_args.h"
#include "cork.h"
#include "credentials.h"
#include "memory.h"

static mesh_status make_credentials(const mesh_client_options *options, const mesh_client *client,
                                    grpc_channel_credentials **out_credentials) {
  mesh__pem_files files = {options->ca_file, options->certificate_file, options->key_file};
  if (client->target.is_tls) {
    return mesh__client_tls(&files, out_credentials);
  }
  if (files.authorities != NULL || files.certificate != NULL || files.key != NULL) {
    return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT,
                             "target '%s': certificates need an https:// target", client->given);
  }
  *out_credentials = grpc_insecure_credentials_create();
  return mesh_status_ok();
}

/*
 * Between attempts to connect the C core waits 1 s to 2 minutes, and gives each 20 s: that is for
 * the internet; here a service that was restarted is to be found again at once.
 *
 * Servers of any kind tolerate a ping every 5 minutes while there is a call. Pings are not to stop
 * behind the second of a silent stream, as the C core would have it. With a keepalive, it sets
 * TCP_USER_TIMEOUT, too: so what is sent to a peer that has vanished fails after the keepalive's
 * timeout, and not when TCP loses patience, a quarter of an hour later.
 */
enum {
  RECONNECT_FIRST_MS = 100,
  RECONNECT_LAST_MS = 1000,
  CONNECT_MS = 5000,
  KEEPALIVE_MS = 6 * 60 * 1000,
  KEEPALIVE_TIMEOUT_MS = 20 * 1000,
};

static size_t or_default(int64_t value, int64_t fallback) {
  return (size_t)(value > 0 ? value : fallback);
}

static void add_patience(mesh__channel_args *args, const mesh_client_options *options) {
  size_t reconnect_ms = or_default(options->reconnect_max_ms, RECONNECT_LAST_MS);
  mesh__channel_args_add_int(args, GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS,
                             reconnect_ms < RECONNECT_FIRST_MS ? reconnect_ms : RECONNECT_FIRST_MS);
  mesh__channel_args_add_int(args, GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, reconnect_ms);
  mesh__channel_args_add_int(args, GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, CONNECT_MS);
  mesh__channel_args_add_int(args, GRPC_ARG_KEEPALIVE_TIME_MS,
                             or_default(options->keepalive_ms, KEEPALIVE_MS));
  mesh__channel_args_add_int(args, GRPC_ARG_KEEPALIVE_TIMEOUT_MS,
                             or_default(options->keepalive_timeout_ms, KEEPALIVE_TIMEOUT_MS));
  mesh__channel_args_add_int(args, GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
}

static grpc_channel *make_channel(const mesh_client_options *options, const mesh_client *client,
                                  grpc_channel_credentials *credentials,
                                  const char *service_config) {
  mesh__channel_args args = {0};
  if (options->max_reply_bytes != 0) {
    mesh__channel_args_add_int(&args, GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH,
                               options->max_reply_bytes);
  }
  if (options->stream_window_bytes != 0) {
    mesh__channel_args_add_int(&args, GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES,
                               options->stream_window_bytes);
    mesh__channel_args_add_int(&args, GRPC_ARG_HTTP2_BDP_PROBE, 0);
  }
  /* Calls watch their deadlines themselves. The C core would arm a timer for each, and wake a
   * thread of its own to watch them. */
  mesh__channel_args_add_int(&args, GRPC_ARG_ENABLE_DEADLINE_CHECKS, 0);
  /* Service configs from DNS would come on top of ours, from whoever runs the name server. */
  mesh__channel_args_add_int(&args, GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  add_patience(&args, options);
  if (service_config != NULL) {
    mesh__channel_args_add_text(&args, GRPC_ARG_SERVICE_CONFIG, service_config);
  }
  mesh__cork_add_arg(&args);
  return grpc_channel_create(client->target.core, credentials, &args.args);
}

/*
 * The C core answers a target or service config that it cannot use with a lame channel, which is
 * in TRANSIENT_FAILURE from the start; a good one starts IDLE. Why, it says in its log only.
 */
static bool is_lame(grpc_channel *channel) {
  return grpc_channel_check_connectivity_state(channel, 0) != GRPC_CHANNEL_IDLE;
}

/* A client whose channel has turned out lame. */
typedef struct attempt {
  const mesh_client_options *options;
  const mesh_client *client;
  grpc_channel_credentials *credentials;
} attempt;

static bool accepts(const char *service_config, void *data) {
  const attempt *self = data;
  grpc_channel *channel =
      make_channel(self->options, self->client, self->credentials, service_config);
  bool answer = !is_lame(channel);
  grpc_channel_destroy(channel);
  return answer;
}

static mesh_status explain_lame(attempt *self) {
  const mesh__service_config *config = &self->client->service_config;
  char culprit[MESH__CULPRIT_SIZE];
  if (config->for_core == NULL || !accepts(NULL, self)) {
    return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT,
                             "target '%s': gRPC rejects the target; its log says why",
                             self->client->given);
  }
  mesh__service_config_find_culprit(config, accepts, self, culprit);
  return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT,
                           "service config: gRPC rejects %s; its log says why",
                           culprit[0] != '\0' ? culprit : "it");
}

static mesh_status open_channel(const mesh_client_options *options, mesh_client *client,
                                grpc_channel_credentials *credentials) {
  client->channel = make_channel(options, client, credentials, client->service_config.for_core);
  if (!is_lame(client->channel)) {
    return mesh_status_ok();
  }
  attempt lame = {options, client, credentials};
  return explain_lame(&lame);
}

static mesh_status open_client(const mesh_client_options *options, mesh_client *client) {
  mesh_status status = mesh__target_parse(options->target, &client->target);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  client->given = mesh__xstrdup(options->target);
  if (options->service_config_json != NULL) {
    status = mesh__service_config_parse(options->service_config_json, &client->service_config);
  }
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  grpc_channel_credentials *credentials = NULL;
  status = make_credentials(options, client, &credentials);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  status = open_channel(options, client, credentials);
  grpc_channel_credentials_release(credentials);
  return status;
}

mesh_status mesh_client_new(const mesh_client_options *options, mesh_client **out_client) {
  *out_client = NULL;
  grpc_init();
  mesh_client *client = mesh__xcalloc(1, sizeof *client);
  client->default_timeout_ms =
      options->default_timeout_ms > 0 ? options->default_timeout_ms : MESH_NO_TIMEOUT;
  for (size_t i = 0; i < options->interceptor_count; i++) {
    mesh__chain_add(&client->chain, options->interceptors[i]);
  }
  mesh_status status = open_client(options, client);
  if (!mesh_status_is_ok(&status)) {
    mesh_client_destroy(client);
    return status;
  }
  *out_client = client;
  return status;
}

void mesh_client_destroy(mesh_client *client) {
  if (client == NULL) {
    return;
  }
  if (client->channel != NULL) {
    grpc_channel_destroy(client->channel);
  }
  mesh__service_config_clean_up(&client->service_config);
  mesh__chain_clean_up(&client->chain);
  free(client->given);
  free(client);
  grpc_shutdown();
}

const char *mesh_client_target(const mesh_client *client) {
  return client->given;
}
