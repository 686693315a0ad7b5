/* SPDX-License-Identifier: Apache-2.0 */
/* A collector for benchmarks, in a process of its own: takes every request and forgets it. */
#ifndef TESTS_BENCH_OTLP_SINK_H
#define TESTS_BENCH_OTLP_SINK_H

#include <sys/types.h>

typedef struct sink {
  pid_t pid;
  int stop; /* closing it ends the process */
  int port;
} sink;

/* Starts this program again as the sink; `sink_main` must be what main does when asked to. */
sink sink_start(void);
void sink_stop(sink *self);

/* True when the program was started to be the sink, and has been. */
int sink_main(int argc, char **argv);

#endif
