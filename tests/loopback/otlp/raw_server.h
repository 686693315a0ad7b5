/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A TCP server on a loopback port that is anything but a collector: it accepts and stays silent, or
 * answers with bytes of the test's choice.
 */
#ifndef TESTS_LOOPBACK_OTLP_RAW_SERVER_H
#define TESTS_LOOPBACK_OTLP_RAW_SERVER_H

#include <stddef.h>
#include <stdint.h>

typedef struct raw_server raw_server;

/* `answer` is sent once per connection, after the first bytes have come in, and the connection
 * closed. NULL: nothing ever is, the black hole. Must outlive the server. */
raw_server *raw_server_start(const char *answer, size_t size);
void raw_server_stop(raw_server *self);
int raw_server_port(const raw_server *self);

/* Waits until somebody has sent something. Fails the test after 20 s. */
void raw_server_wait_bytes(raw_server *self);

/* A loopback port on which nobody listens. */
int unused_port(void);

#endif
