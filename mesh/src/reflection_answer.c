/* SPDX-License-Identifier: Apache-2.0 */
#include "reflection_answer.h"

#include <string.h>

typedef Grpc__Reflection__V1__ServerReflectionRequest reflection_request;
typedef Grpc__Reflection__V1__ServerReflectionResponse reflection_response;

/* One answer in the making. */
typedef struct answer {
  mesh__reflection_asker *asker;
  const reflection_request *request;
  reflection_response *response;
  mesh_arena *arena;
} answer;

static void answer_error(answer *self, grpc_status_code code, const char *message) {
  Grpc__Reflection__V1__ErrorResponse *error = mesh_arena_alloc(self->arena, sizeof(*error));
  grpc__reflection__v1__error_response__init(error);
  error->error_code = code;
  error->error_message = (char *)message;
  self->response->message_response_case =
      GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_ERROR_RESPONSE;
  self->response->error_response = error;
}

/* ---- files ---- */

/* The file, and what it imports, directly or not, as far as this stream has not sent it. The queue
 * has room for every file once: a file enters it when it is marked as sent. */
static size_t collect_files(answer *self, size_t file, size_t *queue) {
  const mesh__descriptor_index *index = self->asker->facts->index;
  bool *sent = self->asker->sent;
  size_t count = 0;
  queue[count++] = file;
  sent[file] = true;
  for (size_t at = 0; at < count; at++) {
    const mesh__descriptor_file *current = mesh__descriptor_index_at(index, queue[at]);
    for (size_t i = 0; i < current->import_count; i++) {
      if (!sent[current->imports[i]]) {
        sent[current->imports[i]] = true;
        queue[count++] = current->imports[i];
      }
    }
  }
  return count;
}

static void answer_file(answer *self, size_t file, const char *missing) {
  if (file == MESH__NO_FILE) {
    answer_error(self, GRPC_STATUS_NOT_FOUND, missing);
    return;
  }
  const mesh__descriptor_index *index = self->asker->facts->index;
  size_t *queue =
      mesh_arena_alloc(self->arena, mesh__descriptor_index_count(index) * sizeof(*queue));
  size_t count = collect_files(self, file, queue);
  Grpc__Reflection__V1__FileDescriptorResponse *files =
      mesh_arena_alloc(self->arena, sizeof(*files));
  grpc__reflection__v1__file_descriptor_response__init(files);
  files->n_file_descriptor_proto = count;
  files->file_descriptor_proto =
      mesh_arena_alloc(self->arena, count * sizeof(*files->file_descriptor_proto));
  for (size_t i = 0; i < count; i++) {
    mesh_bytes bytes = mesh__descriptor_index_at(index, queue[i])->bytes;
    files->file_descriptor_proto[i] = (ProtobufCBinaryData){bytes.size, (uint8_t *)bytes.data};
  }
  self->response->message_response_case =
      GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_FILE_DESCRIPTOR_RESPONSE;
  self->response->file_descriptor_response = files;
}

static void answer_file_by_filename(answer *self) {
  answer_file(
      self, mesh__descriptor_index_file(self->asker->facts->index, self->request->file_by_filename),
      "no such file");
}

static void answer_file_containing_symbol(answer *self) {
  answer_file(self,
              mesh__descriptor_index_symbol(self->asker->facts->index,
                                            self->request->file_containing_symbol),
              "no such symbol");
}

static void answer_file_containing_extension(answer *self) {
  const Grpc__Reflection__V1__ExtensionRequest *extension =
      self->request->file_containing_extension;
  answer_file(self,
              mesh__descriptor_index_extension(self->asker->facts->index,
                                               extension->containing_type,
                                               extension->extension_number),
              "no such extension");
}

/* ---- extensions and services ---- */

static void answer_all_extension_numbers(answer *self) {
  const mesh__descriptor_index *index = self->asker->facts->index;
  const char *type = self->request->all_extension_numbers_of_type;
  size_t first = 0;
  size_t count = 0;
  if (!mesh__descriptor_index_extensions(index, type, &first, &count)) {
    answer_error(self, GRPC_STATUS_NOT_FOUND, "no such message");
    return;
  }
  Grpc__Reflection__V1__ExtensionNumberResponse *numbers =
      mesh_arena_alloc(self->arena, sizeof(*numbers));
  grpc__reflection__v1__extension_number_response__init(numbers);
  numbers->base_type_name = (char *)type;
  numbers->n_extension_number = count;
  numbers->extension_number =
      mesh_arena_alloc(self->arena, count * sizeof(*numbers->extension_number));
  for (size_t i = 0; i < count; i++) {
    numbers->extension_number[i] = mesh__descriptor_index_number(index, first + i);
  }
  self->response->message_response_case =
      GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_ALL_EXTENSION_NUMBERS_RESPONSE;
  self->response->all_extension_numbers_response = numbers;
}

static void answer_list_services(answer *self) {
  const mesh__reflection_facts *facts = self->asker->facts;
  Grpc__Reflection__V1__ListServiceResponse *list = mesh_arena_alloc(self->arena, sizeof(*list));
  grpc__reflection__v1__list_service_response__init(list);
  list->n_service = facts->service_count;
  list->service = mesh_arena_alloc(self->arena, facts->service_count * sizeof(*list->service));
  for (size_t i = 0; i < facts->service_count; i++) {
    list->service[i] = mesh_arena_alloc(self->arena, sizeof(**list->service));
    grpc__reflection__v1__service_response__init(list->service[i]);
    list->service[i]->name = (char *)facts->services[i];
  }
  self->response->message_response_case =
      GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_LIST_SERVICES_RESPONSE;
  self->response->list_services_response = list;
}

/* A question this version does not know arrives as an unknown field. */
static void answer_nothing(answer *self) {
  if (self->request->base.n_unknown_fields > 0) {
    answer_error(self, GRPC_STATUS_UNIMPLEMENTED, "a request of an unknown kind");
  } else {
    answer_error(self, GRPC_STATUS_INVALID_ARGUMENT, "the request asks for nothing");
  }
}

/* ---- the request ---- */

/* Indexed by message_request_case, which is the number of the field. */
static void (*const answers[])(answer *self) = {
    [GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST__NOT_SET] = answer_nothing,
    [GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_FILE_BY_FILENAME] =
        answer_file_by_filename,
    [GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_FILE_CONTAINING_SYMBOL] =
        answer_file_containing_symbol,
    [GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_FILE_CONTAINING_EXTENSION] =
        answer_file_containing_extension,
    [GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_ALL_EXTENSION_NUMBERS_OF_TYPE] =
        answer_all_extension_numbers,
    [GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_LIST_SERVICES] =
        answer_list_services,
};

/* The text of the question, whichever it is. */
static const char *asked_name(const reflection_request *request) {
  switch (request->message_request_case) {
  case GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST__NOT_SET:
    return "";
  case GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_FILE_CONTAINING_EXTENSION:
    return request->file_containing_extension->containing_type;
  default:
    return request->file_by_filename; /* the others are strings in one union */
  }
}

static bool is_too_long(const char *text) {
  return strnlen(text, MESH__REFLECTION_NAME_MAX + 1) > MESH__REFLECTION_NAME_MAX;
}

const reflection_response *mesh__reflection_answer(mesh__reflection_asker *asker,
                                                   const reflection_request *request,
                                                   mesh_arena *arena) {
  reflection_response *response = mesh_arena_alloc(arena, sizeof(*response));
  grpc__reflection__v1__server_reflection_response__init(response);
  answer self = {asker, request, response, arena};
  if (is_too_long(request->host) || is_too_long(asked_name(request))) {
    answer_error(&self, GRPC_STATUS_INVALID_ARGUMENT, "a name is longer than 1024 bytes");
    return response; /* which does not send it back */
  }
  response->valid_host = request->host;
  response->original_request = (reflection_request *)request;
  answers[request->message_request_case](&self);
  return response;
}
