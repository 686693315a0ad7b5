/* SPDX-License-Identifier: Apache-2.0 */
/*
 * protoc-gen-mesh-c: a protoc plugin that writes typed handler tables and typed client calls for
 * the services of a .proto file, x.mesh.h and x.mesh.c, next to what protoc-gen-c writes for its
 * messages:
 *
 *   protoc --c_out=DIR --mesh-c_out=DIR shop/order/v1/order.proto
 *
 * Options, as --mesh-c_opt=NAME:
 *   qualify            the service's name in the names of functions
 *   messages[=PATH]    runs protoc-gen-c as well, for the messages; then no --c_out is needed
 */
#include "child.h"
#include "generate.h"

#include <stdio.h>
#include <stdlib.h>

static gen_text read_all(gen_pool *pool, FILE *file) {
  gen_text text = gen_text_make(pool);
  char buffer[65536];
  for (size_t size = fread(buffer, 1, sizeof(buffer), file); size > 0;
       size = fread(buffer, 1, sizeof(buffer), file)) {
    gen_text_add(&text, buffer, size);
  }
  return text;
}

static int run(gen_pool *pool) {
  gen_text request = read_all(pool, stdin);
  if (ferror(stdin)) {
    perror("protoc-gen-mesh-c: cannot read the request");
    return EXIT_FAILURE;
  }
  gen_text response;
  if (!gen_generate(pool, (const uint8_t *)request.data, request.size, gen_child_run, &response)) {
    fputs("protoc-gen-mesh-c: the request cannot be parsed; this program is run by protoc\n",
          stderr);
    return EXIT_FAILURE;
  }
  if (fwrite(response.data, 1, response.size, stdout) != response.size || fflush(stdout) != 0) {
    perror("protoc-gen-mesh-c: cannot write the response");
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}

int main(int argc, char **argv) {
  if (argc > 1) {
    fprintf(stderr,
            "protoc-gen-mesh-c takes no arguments (%s): run protoc with --mesh-c_out=DIR, and "
            "--plugin=%s unless it is in the PATH\n",
            argv[1], argv[0]);
    return EXIT_FAILURE;
  }
  gen_pool *pool = gen_pool_new();
  int exit_code = run(pool);
  gen_pool_destroy(pool);
  return exit_code;
}
