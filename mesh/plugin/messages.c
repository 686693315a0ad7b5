/* SPDX-License-Identifier: Apache-2.0 */
#include "messages.h"

#include <string.h>

static gen_text pack_without_services(gen_pool *pool, gen_request *request) {
  for (size_t i = 0; i < request->n_proto_file; i++) {
    request->proto_file[i]->n_service = 0;
  }
  request->parameter = NULL;
  gen_text bytes = gen_text_make(pool);
  bytes.size = google__protobuf__compiler__code_generator_request__get_packed_size(request);
  bytes.data = gen_pool_alloc(pool, bytes.size + 1);
  google__protobuf__compiler__code_generator_request__pack(request, (uint8_t *)bytes.data);
  return bytes;
}

static void append_files(gen_pool *pool, gen_response *response, const gen_response *more) {
  size_t count = response->n_file + more->n_file;
  Google__Protobuf__Compiler__CodeGeneratorResponse__File **files =
      gen_pool_alloc(pool, count * sizeof(*files));
  if (response->n_file > 0) {
    memcpy(files, response->file, response->n_file * sizeof(*files));
  }
  if (more->n_file > 0) {
    memcpy(files + response->n_file, more->file, more->n_file * sizeof(*files));
  }
  response->file = files;
  response->n_file = count;
}

void gen_messages_add(gen_pool *pool, gen_request *request, const char *program, gen_run_fn *run,
                      gen_response *response, gen_errors *errors) {
  gen_text bytes = pack_without_services(pool, request);
  gen_text answer;
  if (!run(pool, program, &bytes, &answer)) {
    gen_errors_add(errors, NULL, "%s", answer.data);
    return;
  }
  const gen_response *made = google__protobuf__compiler__code_generator_response__unpack(
      gen_pool_allocator(pool), answer.size, (const uint8_t *)answer.data);
  if (made == NULL) {
    gen_errors_add(errors, NULL, "%s answers what no protoc plugin would", program);
  } else if (made->error != NULL && made->error[0] != '\0') {
    gen_errors_add(errors, NULL, "%s: %s", program, made->error);
  } else {
    append_files(pool, response, made);
  }
}
