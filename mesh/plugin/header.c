/* SPDX-License-Identifier: Apache-2.0 */
#include "emit.h"
#include "names.h"

/* Templates, laid out as what they make. */
/* clang-format off */

static const char file_head[] =
    "/* Made by protoc-gen-mesh-c from $file$; changes here are lost. */\n"
    "#ifndef MESH_$guard$_INCLUDED\n"
    "#define MESH_$guard$_INCLUDED\n"
    "\n"
    "#include <mesh/call.h>\n"
    "#include <mesh/client.h>\n"
    "\n"
    "#include \"$stem$.pb-c.h\"\n"
    "\n"
    "#ifdef __cplusplus\n"
    "extern \"C\" {\n"
    "#endif\n";

static const char file_tail[] =
    "\n"
    "#ifdef __cplusplus\n"
    "}\n"
    "#endif\n"
    "\n"
    "#endif\n";

/* ---- the handler table ---- */

static const char table_head[] =
    "\n"
    "/* ---- service $service$ ---- */\n"
    "\n";

static const char table_open[] =
    "typedef struct $table$ {\n";

static const char member_with_request[] =
    "  void (*$member$)(\n"
    "      mesh_call *call, const $request$ *request, void *self);\n";

static const char member_without_request[] =
    "  void (*$member$)(mesh_call *call, void *self);\n";

/* C has no empty struct. */
static const char table_without_members[] =
    "  char no_methods;\n";

static const char table_tail[] =
    "} $table$;\n"
    "\n"
    "extern const mesh_service_descriptor $table$_descriptor;\n"
    "\n"
    "/** The service with its handlers, for mesh_server_add. `handlers` must outlive the server; each\n"
    " * handler gets `self`. */\n"
    "mesh_service $table$_bind(\n"
    "    const $table$ *handlers, void *self);\n";

/* ---- a method's functions ---- */

static const char method_head[] =
    "\n"
    "/* ---- $full_name$ ($kind$) ---- */\n";

static const char handler_reply[] =
    "\n"
    "/** Handler: ends the call with OK and `reply`. */\n"
    "void $call$_reply(\n"
    "    mesh_call *call, const $reply$ *reply);\n";

static const char handler_send[] =
    "\n"
    "/** Handler: streams `message` out; the next one after `on_sent` (mesh_call_send). The call is\n"
    " * ended with mesh_call_finish. */\n"
    "void $call$_send(\n"
    "    mesh_call *call, const $reply$ *message,\n"
    "    mesh_sent_fn *on_sent, void *data);\n";

static const char handler_receive[] =
    "\n"
    "/** A message of the client's stream; NULL at its end (`status` OK), or when it broke. Valid until\n"
    " * the function returns. */\n"
    "typedef void $call$_received_fn(\n"
    "    const mesh_status *status, const $request$ *message, void *data);\n"
    "\n"
    "/** Handler: asks for the next message (mesh_call_receive). */\n"
    "void $call$_receive(\n"
    "    mesh_call *call, $call$_received_fn *on_message, void *data);\n";

static const char client_unary[] =
    "\n"
    "/** The answer, once; `reply` is NULL unless `status` is OK. Valid until the function returns. */\n"
    "typedef void $call$_fn(\n"
    "    const mesh_status *status, const $reply$ *reply, void *data);\n"
    "\n"
    "/** Client: makes the call (mesh_client_unary). */\n"
    "mesh_client_call *$call$(\n"
    "    mesh_client *client, const mesh_context *context,\n"
    "    const $request$ *request,\n"
    "    $call$_fn *on_reply, void *data);\n";

static const char client_upload[] =
    "\n"
    "/** The answer, once; `reply` is NULL unless `status` is OK. Valid until the function returns. */\n"
    "typedef void $call$_fn(\n"
    "    const mesh_status *status, const $reply$ *reply, void *data);\n"
    "\n"
    "/** Client: opens the call; messages follow, and mesh_client_call_close_send. */\n"
    "mesh_client_call *$call$(\n"
    "    mesh_client *client, const mesh_context *context,\n"
    "    $call$_fn *on_reply, void *data);\n";

static const char client_message_type[] =
    "\n"
    "/** A message of the server's stream; NULL at its end, when the final callback follows. Valid until\n"
    " * the function returns. */\n"
    "typedef void $call$_fn(const mesh_status *status,\n"
    "    const $reply$ *message, void *data);\n";

static const char client_subscribe[] =
    "\n"
    "/** Client: opens the call with its one request; `on_finished` is the final callback. */\n"
    "mesh_client_call *$call$(\n"
    "    mesh_client *client, const mesh_context *context,\n"
    "    const $request$ *request,\n"
    "    mesh_finished_fn *on_finished, void *data);\n";

static const char client_open[] =
    "\n"
    "/** Client: opens the call; `on_finished` is the final callback. */\n"
    "mesh_client_call *$call$(\n"
    "    mesh_client *client, const mesh_context *context,\n"
    "    mesh_finished_fn *on_finished, void *data);\n";

static const char client_send[] =
    "\n"
    "/** Client: sends `message`; the next one after `on_sent` (mesh_client_call_send). */\n"
    "void $call$_client_send(\n"
    "    mesh_client_call *call, const $request$ *message,\n"
    "    mesh_sent_fn *on_sent, void *data);\n";

static const char client_receive[] =
    "\n"
    "/** Client: asks for the next message (mesh_client_call_receive). */\n"
    "void $call$_client_receive(\n"
    "    mesh_client_call *call, $call$_fn *on_message, void *data);\n";

/* clang-format on */

enum { MOST_PIECES = 7 };

/* Indexed by kind: the pieces of a method, in their order. */
static const char *const method_pieces[][MOST_PIECES] = {
    [GEN_UNARY] = {client_unary, handler_reply},
    [GEN_SERVER_STREAMING] = {client_message_type, client_subscribe, client_receive, handler_send},
    [GEN_CLIENT_STREAMING] = {client_upload, client_send, handler_receive, handler_reply},
    [GEN_BIDI_STREAMING] = {client_message_type, client_open, client_send, client_receive,
                            handler_receive, handler_send},
};

static const char *const kind_names[] = {
    [GEN_UNARY] = "unary",
    [GEN_SERVER_STREAMING] = "server streaming",
    [GEN_CLIENT_STREAMING] = "client streaming",
    [GEN_BIDI_STREAMING] = "bidirectional streaming",
};

/* The service's own comment, and what to know about the table. */
static void emit_table_comment(gen_text *out, const gen_service *service) {
  const char *comment = gen_text_or_empty(service->comment);
  gen_text_comment(
      out,
      gen_pool_printf(out->pool,
                      "%s%s Handlers of %s; a member that is NULL answers UNIMPLEMENTED.", comment,
                      comment[0] != '\0' ? "\n" : "", service->full_name),
      0);
}

static void emit_table(gen_text *out, const gen_service *service) {
  const gen_variable variables[] = {
      {"service", service->full_name}, {"table", service->table}, {NULL, NULL}};
  gen_text_template(out, table_head, variables);
  emit_table_comment(out, service);
  gen_text_template(out, table_open, variables);
  for (size_t i = 0; i < service->method_count; i++) {
    const gen_method *method = &service->methods[i];
    const gen_variable names[] = {
        {"member", method->member}, {"request", method->request->c_type}, {NULL, NULL}};
    bool gets_request = (method->kind & GEN_CLIENT_STREAMING) == 0;
    gen_text_comment(out, method->comment, 2);
    gen_text_template(out, gets_request ? member_with_request : member_without_request, names);
  }
  if (service->method_count == 0) {
    gen_text_template(out, table_without_members, variables);
  }
  gen_text_template(out, table_tail, variables);
}

static void emit_method(gen_text *out, const gen_service *service, const gen_method *method) {
  const gen_variable variables[] = {
      {"full_name", gen_pool_printf(out->pool, "%s.%s", service->name, method->name)},
      {"kind", kind_names[method->kind]},
      {"call", method->call},
      {"request", method->request->c_type},
      {"reply", method->reply->c_type},
      {NULL, NULL},
  };
  gen_text_template(out, method_head, variables);
  for (size_t i = 0; i < MOST_PIECES && method_pieces[method->kind][i] != NULL; i++) {
    gen_text_template(out, method_pieces[method->kind][i], variables);
  }
}

gen_text gen_emit_header(gen_pool *pool, const gen_file *file) {
  gen_text out = gen_text_make(pool);
  const gen_variable variables[] = {
      {"file", file->name},
      {"guard", gen_name_guard(pool, file->name)},
      {"stem", file->stem},
      {NULL, NULL},
  };
  gen_text_template(&out, file_head, variables);
  for (size_t s = 0; s < file->service_count; s++) {
    emit_table(&out, &file->services[s]);
    for (size_t m = 0; m < file->services[s].method_count; m++) {
      emit_method(&out, &file->services[s], &file->services[s].methods[m]);
    }
  }
  gen_text_template(&out, file_tail, variables);
  return out;
}
