/* SPDX-License-Identifier: Apache-2.0 */
#include "bare.h"

#include "clock.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct load {
  bare_client client;
  double started;
  double end;
  uint64_t answered;
  unsigned under_way;
  volatile bool stop;
} load;

typedef struct caller {
  load *load;
  bare_call call;
} caller;

static void call_again(void *data) {
  caller *calling = data;
  load *running = calling->load;
  running->answered++;
  if (bench_now() >= running->end) {
    running->under_way--;
    running->stop = running->under_way == 0;
    return;
  }
  bare_call_start(&running->client, &calling->call, call_again, calling);
}

void bare_load(const char *target, unsigned concurrency, double seconds) {
  load running = {.under_way = concurrency};
  grpc_completion_queue *queue = grpc_completion_queue_create_for_next(NULL);
  running.client = bare_client_new(queue, target);
  caller *callers = calloc(concurrency, sizeof(*callers));
  running.started = bench_now();
  running.end = running.started + seconds;
  for (unsigned i = 0; i < concurrency; i++) {
    callers[i].load = &running;
    bare_call_start(&running.client, &callers[i].call, call_again, &callers[i]);
  }
  bare_run(queue, &running.stop);
  printf("rate %.0f answered %llu cpu_ns %.0f\n",
         (double)running.answered / (bench_now() - running.started),
         (unsigned long long)running.answered, bench_cpu_ns() / (double)running.answered);
  free(callers);
}
