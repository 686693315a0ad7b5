/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a loop sends in a burst leaves at once.
 *
 * The C core writes each message of each call by itself, and a write to a TCP socket costs more
 * than the call's own work: the segment goes through the whole stack, and wakes the reader. A loop
 * therefore corks the connections of its process (TCP_CORK, tcp(7)) when a burst begins and uncorks
 * them when it is over: the writes in between are one segment, read in one piece. A burst pays
 * about a microsecond for each connection, whether it writes to it or not, so they are few.
 *
 * The connections are known from the C core's socket mutator, the hook in which it lets its user
 * set options of a socket. The argument (GRPC_ARG_SOCKET_MUTATOR) is public, its type is not: it is
 * declared here as the C core of Debian 12 has it. With another C core nothing is corked.
 */
#ifndef MESH__CORK_H
#define MESH__CORK_H

#include <stdbool.h>

#include "channel_args.h"

/* How many connections of a process are corked at most. The others are written to as they come. */
enum { MESH__CORK_CONNECTIONS_MAX = 8 };

/* Of a loop, all zero at first: what it has corked in this burst. */
typedef struct mesh__cork {
  int fds[MESH__CORK_CONNECTIONS_MAX];
  size_t count;
} mesh__cork;

/* Whether connections that come from here on are corked. Before there are threads; yes by default.
 */
void mesh__cork_set_enabled(bool enabled);

/* Makes the connections of a server or channel known from their birth. Any thread. */
void mesh__cork_add_arg(mesh__channel_args *args);

/* Around a burst. What others send on these connections meanwhile, other loops or the C core's own
 * threads, waits for its end, too. When several loops are at one, the first that is done sends what
 * there is. */
void mesh__cork_put(mesh__cork *cork);
void mesh__cork_pull(mesh__cork *cork);

#endif
