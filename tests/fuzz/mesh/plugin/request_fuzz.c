/* SPDX-License-Identifier: Apache-2.0 */
/* A CodeGeneratorRequest of any shape is answered or refused. */
#include "generate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Any bytes could be protoc-gen-c's answer as well. */
static bool answer_with_the_request(gen_pool *pool, const char *program, const gen_text *request,
                                    gen_text *out_answer) {
  (void)pool;
  (void)program;
  *out_answer = *request;
  return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  gen_pool *pool = gen_pool_new();
  gen_text response;
  gen_generate(pool, data, size, answer_with_the_request, &response);
  gen_pool_destroy(pool);
  return 0;
}
