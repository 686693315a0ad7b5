/* SPDX-License-Identifier: Apache-2.0 */
#include "generate.h"

#include "descriptor_set.h"
#include "emit.h"
#include "messages.h"

#include <string.h>

typedef Google__Protobuf__Compiler__CodeGeneratorResponse__File gen_output;

/* One option of the parameter, "name" or "name=value". */
static void read_option(gen_pool *pool, const char *option, gen_options *options,
                        gen_errors *errors) {
  static const char messages[] = "messages=";
  if (strcmp(option, "qualify") == 0) {
    options->qualify = true;
  } else if (strcmp(option, "messages") == 0) {
    options->messages = "protoc-gen-c";
  } else if (strncmp(option, messages, strlen(messages)) == 0) {
    options->messages = gen_pool_printf(pool, "%s", option + strlen(messages));
  } else {
    gen_errors_add(errors, NULL,
                   "unknown option \"%s\"; there are \"qualify\", \"messages\" and "
                   "\"messages=PROTOC_GEN_C\"",
                   option);
  }
}

/* The parameter: options with commas between them. */
static gen_options read_options(gen_pool *pool, const char *parameter, gen_errors *errors) {
  gen_options options = {false, NULL};
  for (const char *rest = gen_text_or_empty(parameter); *rest != '\0';) {
    size_t size = strcspn(rest, ",");
    if (size > 0) {
      read_option(pool, gen_pool_printf(pool, "%.*s", (int)size, rest), &options, errors);
    }
    rest += size + (rest[size] == ',' ? 1 : 0);
  }
  return options;
}

static const gen_file_proto *find_file(const gen_request *request, const char *name) {
  for (size_t i = 0; i < request->n_proto_file; i++) {
    if (strcmp(gen_text_or_empty(request->proto_file[i]->name), name) == 0) {
      return request->proto_file[i];
    }
  }
  return NULL;
}

static void add_output(gen_pool *pool, gen_response *response, const gen_file *file,
                       const char *ending, const gen_text *content) {
  gen_output *output = gen_pool_alloc(pool, sizeof(*output));
  google__protobuf__compiler__code_generator_response__file__init(output);
  output->name = gen_pool_printf(pool, "%s.mesh.%s", file->stem, ending);
  output->content = content->data;
  response->file[response->n_file++] = output;
}

/* Both files for each of those asked for; those with errors are left out. */
static void generate_files(gen_pool *pool, const gen_request *request, const gen_options *options,
                           gen_response *response, gen_errors *errors) {
  gen_types types = gen_types_make(pool, request->proto_file, request->n_proto_file);
  response->file = gen_pool_alloc(pool, 2 * request->n_file_to_generate * sizeof(gen_output *));
  for (size_t i = 0; i < request->n_file_to_generate; i++) {
    const gen_file_proto *proto = find_file(request, request->file_to_generate[i]);
    if (proto == NULL) {
      gen_errors_add(errors, request->file_to_generate[i], "is not in the request");
      continue;
    }
    gen_file file = gen_file_make(&types, proto, options, errors);
    if (errors->text.size > 0) {
      continue;
    }
    gen_text set = gen_descriptor_set(pool, request->proto_file, request->n_proto_file, proto);
    gen_text header = gen_emit_header(pool, &file);
    gen_text source = gen_emit_source(pool, &file, &set);
    add_output(pool, response, &file, "h", &header);
    add_output(pool, response, &file, "c", &source);
  }
}

bool gen_generate(gen_pool *pool, const uint8_t *request_bytes, size_t size, gen_run_fn *run,
                  gen_text *out_response) {
  gen_request *request = google__protobuf__compiler__code_generator_request__unpack(
      gen_pool_allocator(pool), size, request_bytes);
  if (request == NULL) {
    return false;
  }
  gen_response response = GOOGLE__PROTOBUF__COMPILER__CODE_GENERATOR_RESPONSE__INIT;
  response.has_supported_features = true;
  response.supported_features =
      GOOGLE__PROTOBUF__COMPILER__CODE_GENERATOR_RESPONSE__FEATURE__FEATURE_PROTO3_OPTIONAL;
  gen_errors errors = {gen_text_make(pool)};
  gen_options options = read_options(pool, request->parameter, &errors);
  generate_files(pool, request, &options, &response, &errors);
  if (options.messages != NULL && errors.text.size == 0) {
    gen_messages_add(pool, request, options.messages, run, &response, &errors);
  }
  if (errors.text.size > 0) {
    response.error = errors.text.data;
    response.n_file = 0;
  }
  *out_response = gen_text_make(pool);
  out_response->size =
      google__protobuf__compiler__code_generator_response__get_packed_size(&response);
  out_response->data = gen_pool_alloc(pool, out_response->size + 1);
  google__protobuf__compiler__code_generator_response__pack(&response,
                                                            (uint8_t *)out_response->data);
  return true;
}
