/* SPDX-License-Identifier: Apache-2.0 */
#include "bare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void usage(void) {
  fputs("usage: bench-bare serve [TARGET CALLS]            answers, after CALLS calls to TARGET\n"
        "       bench-bare gateway TARGET\n"
        "       bench-bare load TARGET CONCURRENCY SECONDS\n",
        stderr);
  exit(2);
}

int main(int argc, char **argv) {
  grpc_init();
  if (argc == 2 && strcmp(argv[1], "serve") == 0) {
    bare_serve(NULL, 0);
  } else if (argc == 4 && strcmp(argv[1], "serve") == 0) {
    bare_serve(argv[2], (unsigned)atoi(argv[3]));
  } else if (argc == 3 && strcmp(argv[1], "gateway") == 0) {
    bare_gateway(argv[2]);
  } else if (argc == 5 && strcmp(argv[1], "load") == 0) {
    bare_load(argv[2], (unsigned)atoi(argv[3]), atof(argv[4]));
  } else {
    usage();
  }
  return 0;
}
