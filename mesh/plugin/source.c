/* SPDX-License-Identifier: Apache-2.0 */
#include "emit.h"

/* Templates, laid out as what they make. */
/* clang-format off */

static const char file_head[] =
    "/* Made by protoc-gen-mesh-c from $file$; changes here are lost. */\n"
    "#include \"$stem$.mesh.h\"\n";

/* ---- the file's descriptors ---- */

static const char bytes_head[] =
    "\n"
    "/* google.protobuf.FileDescriptorSet: this file and all that it imports. */\n"
    "static const unsigned char file_descriptor_set[] = {";

static const char bytes_tail[] =
    "\n"
    "};\n";

/* ---- thunks: from the untyped tables to the typed functions and back ---- */

static const char invoke_head[] =
    "\n"
    "static void $thunk$_invoke(\n"
    "    mesh_call *call, const ProtobufCMessage *request, const mesh_service *service) {\n"
    "  const $table$ *handlers = service->handlers;\n"
    "  if (handlers->$member$ == NULL) {\n"
    "    mesh_call_fail(call, GRPC_STATUS_UNIMPLEMENTED, \"%s is not implemented\",\n"
    "                   \"$service$/$name$\");\n"
    "    return;\n"
    "  }\n";

static const char invoke_with_request[] =
    "  handlers->$member$(call, (const $request$ *)request, service->self);\n"
    "}\n";

static const char invoke_without_request[] =
    "  (void)request;\n"
    "  handlers->$member$(call, service->self);\n"
    "}\n";

static const char deliver[] =
    "\n"
    "static void $thunk$_deliver(\n"
    "    mesh_any_fn fn, const mesh_status *status, const ProtobufCMessage *message, void *data) {\n"
    "  (($call$_fn *)fn)(\n"
    "      status, (const $reply$ *)message, data);\n"
    "}\n";

static const char deliver_request[] =
    "\n"
    "static void $thunk$_deliver_request(\n"
    "    mesh_any_fn fn, const mesh_status *status, const ProtobufCMessage *message, void *data) {\n"
    "  (($call$_received_fn *)fn)(\n"
    "      status, (const $request$ *)message, data);\n"
    "}\n";

/* ---- tables ---- */

static const char methods_head[] =
    "\n"
    "static const mesh_method $table$__methods[] = {\n";

static const char method_entry[] =
    "  {\n"
    "    .name = \"$name$\",\n"
    "    .path = \"/$service$/$name$\",\n"
    "    .client_streaming = $client_streaming$,\n"
    "    .server_streaming = $server_streaming$,\n"
    "    .request = &$request_lower$__descriptor,\n"
    "    .reply = &$reply_lower$__descriptor,\n"
    "    .invoke = $thunk$_invoke,\n"
    "    .deliver = $thunk$_deliver,\n"
    "    .deliver_request = $deliver_request$,\n"
    "  },\n";

static const char methods_tail[] =
    "};\n";

static const char service_tables[] =
    "\n"
    "const mesh_service_descriptor $table$_descriptor = {\n"
    "  .name = \"$service$\",\n"
    "  .methods = $methods$,\n"
    "  .method_count = $method_count$,\n"
    "  .file_descriptor_set = {file_descriptor_set, sizeof(file_descriptor_set)},\n"
    "};\n"
    "\n"
    "mesh_service $table$_bind(\n"
    "    const $table$ *handlers, void *self) {\n"
    "  mesh_service service = {&$table$_descriptor, handlers, self};\n"
    "  return service;\n"
    "}\n";

/* ---- a method's functions ---- */

static const char client_unary[] =
    "\n"
    "mesh_client_call *$call$(\n"
    "    mesh_client *client, const mesh_context *context,\n"
    "    const $request$ *request,\n"
    "    $call$_fn *on_reply, void *data) {\n"
    "  mesh_payload payload = {(const ProtobufCMessage *)request, {NULL, 0}};\n"
    "  mesh_reply_to reply_to = {NULL, (mesh_any_fn)on_reply, data};\n"
    "  return mesh_client_unary(\n"
    "      client, context, &$method$, &payload, &reply_to);\n"
    "}\n";

static const char client_upload[] =
    "\n"
    "mesh_client_call *$call$(\n"
    "    mesh_client *client, const mesh_context *context,\n"
    "    $call$_fn *on_reply, void *data) {\n"
    "  mesh_reply_to reply_to = {NULL, (mesh_any_fn)on_reply, data};\n"
    "  return mesh_client_unary(\n"
    "      client, context, &$method$, NULL, &reply_to);\n"
    "}\n";

static const char client_subscribe[] =
    "\n"
    "mesh_client_call *$call$(\n"
    "    mesh_client *client, const mesh_context *context,\n"
    "    const $request$ *request,\n"
    "    mesh_finished_fn *on_finished, void *data) {\n"
    "  mesh_payload payload = {(const ProtobufCMessage *)request, {NULL, 0}};\n"
    "  mesh_client_call *call =\n"
    "      mesh_client_stream(client, context, &$method$, on_finished, data);\n"
    "  mesh_client_call_send(call, &payload, NULL, NULL);\n"
    "  mesh_client_call_close_send(call);\n"
    "  return call;\n"
    "}\n";

static const char client_open[] =
    "\n"
    "mesh_client_call *$call$(\n"
    "    mesh_client *client, const mesh_context *context,\n"
    "    mesh_finished_fn *on_finished, void *data) {\n"
    "  return mesh_client_stream(\n"
    "      client, context, &$method$, on_finished, data);\n"
    "}\n";

static const char client_send[] =
    "\n"
    "void $call$_client_send(\n"
    "    mesh_client_call *call, const $request$ *message,\n"
    "    mesh_sent_fn *on_sent, void *data) {\n"
    "  mesh_payload payload = {(const ProtobufCMessage *)message, {NULL, 0}};\n"
    "  mesh_client_call_send(call, &payload, on_sent, data);\n"
    "}\n";

static const char client_receive[] =
    "\n"
    "void $call$_client_receive(\n"
    "    mesh_client_call *call, $call$_fn *on_message, void *data) {\n"
    "  mesh_reply_to reply_to = {NULL, (mesh_any_fn)on_message, data};\n"
    "  mesh_client_call_receive(call, &reply_to);\n"
    "}\n";

static const char handler_reply[] =
    "\n"
    "void $call$_reply(\n"
    "    mesh_call *call, const $reply$ *reply) {\n"
    "  mesh_call_reply(call, (const ProtobufCMessage *)reply);\n"
    "}\n";

static const char handler_send[] =
    "\n"
    "void $call$_send(\n"
    "    mesh_call *call, const $reply$ *message,\n"
    "    mesh_sent_fn *on_sent, void *data) {\n"
    "  mesh_call_send(call, (const ProtobufCMessage *)message, on_sent, data);\n"
    "}\n";

static const char handler_receive[] =
    "\n"
    "void $call$_receive(\n"
    "    mesh_call *call, $call$_received_fn *on_message, void *data) {\n"
    "  mesh_call_receive_typed(call, (mesh_any_fn)on_message, data);\n"
    "}\n";

/* clang-format on */

enum { MOST_PIECES = 7 };

/* Indexed by kind. */
static const char *const thunk_pieces[][MOST_PIECES] = {
    [GEN_UNARY] = {invoke_head, invoke_with_request, deliver},
    [GEN_SERVER_STREAMING] = {invoke_head, invoke_with_request, deliver},
    [GEN_CLIENT_STREAMING] = {invoke_head, invoke_without_request, deliver, deliver_request},
    [GEN_BIDI_STREAMING] = {invoke_head, invoke_without_request, deliver, deliver_request},
};

/* Indexed by kind; header.c has the same order. */
static const char *const function_pieces[][MOST_PIECES] = {
    [GEN_UNARY] = {client_unary, handler_reply},
    [GEN_SERVER_STREAMING] = {client_subscribe, client_receive, handler_send},
    [GEN_CLIENT_STREAMING] = {client_upload, client_send, handler_receive, handler_reply},
    [GEN_BIDI_STREAMING] = {client_open, client_send, client_receive, handler_receive,
                            handler_send},
};

static void emit_bytes(gen_text *out, const gen_text *bytes) {
  static const char *const between[] = {" ", "\n  "};
  enum { PER_LINE = 20 };
  gen_text_add(out, bytes_head, sizeof(bytes_head) - 1);
  for (size_t i = 0; i < bytes->size; i++) {
    gen_text_printf(out, "%s%u,", between[i % PER_LINE == 0], (unsigned char)bytes->data[i]);
  }
  gen_text_add(out, bytes_tail, sizeof(bytes_tail) - 1);
}

/* All that the pieces of a method mention. */
typedef struct method_variables {
  gen_variable items[15];
} method_variables;

static method_variables describe(gen_pool *pool, const gen_service *service, size_t index) {
  const gen_method *method = &service->methods[index];
  bool client_streams = (method->kind & GEN_CLIENT_STREAMING) != 0;
  bool server_streams = (method->kind & GEN_SERVER_STREAMING) != 0;
  return (method_variables){{
      {"name", method->name},
      {"service", service->full_name},
      {"table", service->table},
      {"member", method->member},
      {"call", method->call},
      {"thunk", method->thunk},
      {"method", gen_pool_printf(pool, "%s__methods[%zu]", service->table, index)},
      {"request", method->request->c_type},
      {"reply", method->reply->c_type},
      {"request_lower", method->request->c_lower},
      {"reply_lower", method->reply->c_lower},
      {"client_streaming", client_streams ? "true" : "false"},
      {"server_streaming", server_streams ? "true" : "false"},
      {"deliver_request",
       client_streams ? gen_pool_printf(pool, "%s_deliver_request", method->thunk) : "NULL"},
      {NULL, NULL},
  }};
}

static void emit_pieces(gen_text *out, const gen_service *service,
                        const char *const pieces[][MOST_PIECES]) {
  for (size_t m = 0; m < service->method_count; m++) {
    method_variables variables = describe(out->pool, service, m);
    gen_kind kind = service->methods[m].kind;
    for (size_t i = 0; i < MOST_PIECES && pieces[kind][i] != NULL; i++) {
      gen_text_template(out, pieces[kind][i], variables.items);
    }
  }
}

static void emit_service_tables(gen_text *out, const gen_service *service) {
  const char *methods = service->method_count > 0
                            ? gen_pool_printf(out->pool, "%s__methods", service->table)
                            : "NULL";
  const gen_variable variables[] = {
      {"table", service->table},
      {"service", service->full_name},
      {"methods", methods},
      {"method_count", gen_pool_printf(out->pool, "%zu", service->method_count)},
      {NULL, NULL},
  };
  if (service->method_count > 0) {
    gen_text_template(out, methods_head, variables);
    for (size_t i = 0; i < service->method_count; i++) {
      method_variables method = describe(out->pool, service, i);
      gen_text_template(out, method_entry, method.items);
    }
    gen_text_template(out, methods_tail, variables);
  }
  gen_text_template(out, service_tables, variables);
}

gen_text gen_emit_source(gen_pool *pool, const gen_file *file, const gen_text *descriptor_set) {
  gen_text out = gen_text_make(pool);
  const gen_variable variables[] = {{"file", file->name}, {"stem", file->stem}, {NULL, NULL}};
  gen_text_template(&out, file_head, variables);
  if (file->service_count > 0) {
    emit_bytes(&out, descriptor_set);
  }
  for (size_t i = 0; i < file->service_count; i++) {
    emit_pieces(&out, &file->services[i], thunk_pieces);
    emit_service_tables(&out, &file->services[i]);
    emit_pieces(&out, &file->services[i], function_pieces);
  }
  return out;
}
