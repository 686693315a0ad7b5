/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A way to a server on which answers take their time: what clients send goes on at once, and what
 * the server says to that is held for a while.
 *
 * Threads: it has one of its own; the functions here are for the test's.
 */
#ifndef TESTS_E2E_SLOW_PATH_H
#define TESTS_E2E_SLOW_PATH_H

typedef struct slow_path slow_path;

/* Takes connections from `listener`, a socket that listens and stays the caller's, to this port of
 * 127.0.0.1. What comes back waits for `delay_ms`. */
slow_path *slow_path_start(int listener, int port, int delay_ms);

/* Ends all connections. */
void slow_path_stop(slow_path *self);

#endif
