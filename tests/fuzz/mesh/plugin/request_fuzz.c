/* SPDX-License-Identifier: Apache-2.0 */
/* A CodeGeneratorRequest of any shape is answered or refused. */
#include "generate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  gen_pool *pool = gen_pool_new();
  gen_text response;
  gen_generate(pool, data, size, &response);
  gen_pool_destroy(pool);
  return 0;
}
