/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The connections, and until when each may stay in the state it is in: a client that sends its
 * request, or takes its answer, byte by byte is cut off. HTTP thread.
 */
#ifndef GATEWAY_PEERS_H
#define GATEWAY_PEERS_H

#include "http_span.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#define GATEWAY_NO_DEADLINE INT64_MAX

/* One connection. */
struct gateway_peer {
  struct gateway_peer *next, *previous;
  int socket;
  int64_t deadline_ms;
  bool is_busy;      /* a request has begun on it */
  bool is_answering; /* all of it is there, or as much as is wanted: its end is not awaited */
  gateway_peer_address address;
};

typedef struct gateway_peers {
  gateway_peer *first;
  size_t count;
} gateway_peers;

gateway_peer *gateway_peers_add(gateway_peers *peers, int socket, const struct sockaddr *address);
void gateway_peers_remove(gateway_peers *peers, gateway_peer *peer);

/* Shuts the sockets down whose deadline has passed; the HTTP server then closes them. The same for
 * those that the client has closed while more is awaited from it: libmicrohttpd does not look again
 * when the end has come together with what was before it. */
void gateway_peers_cut_late(const gateway_peers *peers, int64_t now_ms);

/* The same for those without a request, or for all. */
void gateway_peers_cut_idle(const gateway_peers *peers);
void gateway_peers_cut_all(const gateway_peers *peers);

#endif
