/* SPDX-License-Identifier: Apache-2.0 */
#include "peers.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>

static void describe(const struct sockaddr *address, gateway_peer_address *out) {
  if (address->sa_family == AF_INET) {
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)address;
    (void)inet_ntop(AF_INET, &v4->sin_addr, out->address, sizeof out->address);
    out->port = ntohs(v4->sin_port);
  } else if (address->sa_family == AF_INET6) {
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)address;
    bool is_v4 = IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr);
    const unsigned char *bytes = v6->sin6_addr.s6_addr;
    (void)inet_ntop(is_v4 ? AF_INET : AF_INET6, is_v4 ? bytes + 12 : bytes, out->address,
                    sizeof out->address);
    out->port = ntohs(v6->sin6_port);
  }
}

gateway_peer *gateway_peers_add(gateway_peers *peers, int socket, const struct sockaddr *address) {
  gateway_peer *peer = calloc(1, sizeof *peer);
  if (peer == NULL) {
    abort();
  }
  peer->socket = socket;
  peer->deadline_ms = GATEWAY_NO_DEADLINE;
  if (address != NULL) {
    describe(address, &peer->address);
  }
  peer->next = peers->first;
  if (peers->first != NULL) {
    peers->first->previous = peer;
  }
  peers->first = peer;
  peers->count++;
  return peer;
}

void gateway_peers_remove(gateway_peers *peers, gateway_peer *peer) {
  if (peer->next != NULL) {
    peer->next->previous = peer->previous;
  }
  if (peer->previous != NULL) {
    peer->previous->next = peer->next;
  } else {
    peers->first = peer->next;
  }
  peers->count--;
  free(peer);
}

/* Is the end the next thing to be read? */
static bool has_ended(const gateway_peer *peer) {
  char next = 0;
  return !peer->is_answering && recv(peer->socket, &next, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

void gateway_peers_cut_late(const gateway_peers *peers, int64_t now_ms) {
  for (const gateway_peer *peer = peers->first; peer != NULL; peer = peer->next) {
    if (peer->deadline_ms <= now_ms || has_ended(peer)) {
      (void)shutdown(peer->socket, SHUT_RDWR);
    }
  }
}

void gateway_peers_cut_idle(const gateway_peers *peers) {
  for (const gateway_peer *peer = peers->first; peer != NULL; peer = peer->next) {
    if (!peer->is_busy) {
      (void)shutdown(peer->socket, SHUT_RDWR);
    }
  }
}

void gateway_peers_cut_all(const gateway_peers *peers) {
  for (const gateway_peer *peer = peers->first; peer != NULL; peer = peer->next) {
    (void)shutdown(peer->socket, SHUT_RDWR);
  }
}
