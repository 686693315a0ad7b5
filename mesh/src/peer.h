/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses of peers, as gRPC writes them and as telemetry wants them. */
#ifndef MESH__PEER_H
#define MESH__PEER_H

enum { MESH__PEER_SIZE = 128 };

typedef struct mesh__peer {
  char address[MESH__PEER_SIZE]; /* without brackets; a path for unix sockets; empty: not known */
  int port;                      /* 0: none */
} mesh__peer;

/* "ipv4:127.0.0.1:80", "ipv6:%5B::1%5D:80" or "ipv6:[::1]:80", "unix:/path"; anything else gives an
 * empty address. */
void mesh__peer_parse(const char *text, mesh__peer *out_peer);

#endif
