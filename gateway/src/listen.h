/* SPDX-License-Identifier: Apache-2.0 */
/* The listening socket. */
#ifndef GATEWAY_LISTEN_H
#define GATEWAY_LISTEN_H

#include <mesh/status.h>

/*
 * Listens on `address` ("host:port", "[v6]:port", ":port"), or, when it is NULL, at `port` of every
 * address, IPv6 and IPv4. Port 0 takes a free one. UNAVAILABLE, with the address, when that can't
 * be had; INVALID_ARGUMENT when it is no address.
 */
MESH_MUST_USE mesh_status gateway_listen(const char *address, int port, int *out_socket,
                                         int *out_port);

#endif
