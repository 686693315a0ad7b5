/* SPDX-License-Identifier: Apache-2.0 */
#include <store/handler.h>
#include <store/key.h>

void store_span_fail(otlp_span *span, const char *type, const mesh_status *status) {
  const char *name = type != NULL ? type : mesh_status_code_name(status->code);
  otlp_string message = otlp_string_from(status->message);
  otlp_span_set_string(span, "error.type", name);
  otlp_span_record_exception(span, otlp_string_from(name), message);
  otlp_span_set_status(span, OTLP_STATUS_ERROR, message);
  otlp_span_end(span);
}

void store_stop_retries(mesh_call *call) {
  mesh_call_add_trailing_metadata(call, "grpc-retry-pushback-ms", (mesh_bytes){"-1", 2});
}

void store_fail_field(mesh_call *call, otlp_span *span, const store_field_problem *problem) {
  mesh_status status =
      mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "%s %s", problem->field, problem->text);
  store_span_fail(span, "INVALID_FIELD", &status);
  mesh_call_add_field_violation(call, problem->field, "%s", problem->text);
  mesh_call_fail(call, GRPC_STATUS_INVALID_ARGUMENT, "%s %s", problem->field, problem->text);
}

const char *store_idempotency_key(mesh_call *call, const char *field,
                                  store_field_problem *out_problem) {
  const char *key = field;
  mesh_bytes value;
  if (key[0] == '\0') {
    if (!mesh_metadata_get(mesh_call_metadata(call), "idempotency-key", 0, &value)) {
      return NULL;
    }
    key = mesh_arena_copy(mesh_call_arena(call), value.data, value.size);
  }
  const char *text = store_key_problem(key, STORE_KEY_MAX);
  if (text != NULL) {
    *out_problem = (store_field_problem){"idempotency_key", text};
    return NULL;
  }
  return key;
}

Google__Protobuf__Timestamp *store_timestamp(mesh_arena *arena, int64_t unix_ms) {
  Google__Protobuf__Timestamp *message = mesh_arena_alloc(arena, sizeof *message);
  google__protobuf__timestamp__init(message);
  message->seconds = unix_ms / 1000;
  message->nanos = (int32_t)(unix_ms % 1000) * 1000000;
  return message;
}

mesh_bytes store_pack(mesh_arena *arena, const ProtobufCMessage *message) {
  size_t size = protobuf_c_message_get_packed_size(message);
  void *data = mesh_arena_alloc(arena, size);
  protobuf_c_message_pack(message, data);
  return (mesh_bytes){data, size};
}

store_once store_once_for(mesh_call *call, const char *key, const ProtobufCMessage *request) {
  store_once once = {.method = mesh_call_method(call)->path, .key = key};
  if (key != NULL) {
    once.request = store_pack(mesh_call_arena(call), request);
  }
  return once;
}
