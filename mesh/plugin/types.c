/* SPDX-License-Identifier: Apache-2.0 */
#include "types.h"

#include "names.h"

#include <stdlib.h>
#include <string.h>

const char *gen_text_or_empty(const char *text) {
  return text != NULL ? text : "";
}

/* ---- the options of protoc-gen-c ---- */

/* Field numbers in protobuf-c.proto. */
enum { FILE_OPTIONS_PB_C_FILE = 1019, PB_C_FILE_NO_GENERATE = 1, PB_C_FILE_C_PACKAGE = 6 };

/* A cursor over the fields of a serialized message. */
typedef struct wire_reader {
  const uint8_t *at;
  const uint8_t *end;
} wire_reader;

static bool read_varint(wire_reader *reader, uint64_t *out_value) {
  *out_value = 0;
  for (unsigned shift = 0; shift < 64 && reader->at < reader->end; shift += 7) {
    uint8_t byte = *reader->at++;
    *out_value |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80) {
      return true;
    }
  }
  return false;
}

/* pb_c_file holds bools and strings: varints and length-delimited fields. Anything else ends it. */
static void read_pb_c_file(gen_pool *pool, wire_reader reader, gen_file_options *options) {
  uint64_t tag = 0;
  uint64_t value = 0;
  while (read_varint(&reader, &tag) && read_varint(&reader, &value)) {
    if (tag == PB_C_FILE_NO_GENERATE << 3) {
      options->no_generate = value != 0;
    }
    if ((tag & 7) != PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED) {
      continue;
    }
    if (value > (uint64_t)(reader.end - reader.at)) {
      return;
    }
    if (tag >> 3 == PB_C_FILE_C_PACKAGE) {
      options->c_package = gen_pool_printf(pool, "%.*s", (int)value, (const char *)reader.at);
    }
    reader.at += value;
  }
}

gen_file_options gen_file_options_read(gen_pool *pool, const gen_file_proto *file) {
  gen_file_options options = {NULL, false};
  size_t count = file->options != NULL ? file->options->base.n_unknown_fields : 0;
  for (size_t i = 0; i < count; i++) {
    const ProtobufCMessageUnknownField *field = &file->options->base.unknown_fields[i];
    if (field->tag != FILE_OPTIONS_PB_C_FILE) {
      continue;
    }
    wire_reader reader = {field->data, field->data + field->len};
    uint64_t size = 0; /* protobuf-c keeps the length in front of the data */
    if (read_varint(&reader, &size) && size == (uint64_t)(reader.end - reader.at)) {
      read_pb_c_file(pool, reader, &options);
    }
  }
  return options;
}

const char *gen_file_c_package(gen_pool *pool, const gen_file_proto *file) {
  const char *c_package = gen_file_options_read(pool, file).c_package;
  return c_package != NULL ? c_package : gen_text_or_empty(file->package);
}

/* ---- the index ---- */

static size_t count_messages(gen_message_proto *const *messages, size_t count) {
  size_t total = count;
  for (size_t i = 0; i < count; i++) {
    total += count_messages(messages[i]->nested_type, messages[i]->n_nested_type);
  }
  return total;
}

static const char *join(gen_pool *pool, const char *scope, const char *name) {
  return gen_pool_printf(pool, "%s%s%s", scope, scope[0] != '\0' ? "." : "",
                         gen_text_or_empty(name));
}

/* The scope in proto names, and the same in the names that C's are made from. */
typedef struct gen_scope {
  const gen_file_proto *file;
  const char *proto;
  const char *c;
} gen_scope;

static void add_messages(gen_types *types, const gen_scope *scope,
                         gen_message_proto *const *messages, size_t count) {
  for (size_t i = 0; i < count; i++) {
    gen_scope inner = {scope->file, join(types->pool, scope->proto, messages[i]->name),
                       join(types->pool, scope->c, messages[i]->name)};
    types->items[types->count++] = (gen_type){
        .full_name = inner.proto,
        .c_type = gen_name_type(types->pool, inner.c),
        .c_lower = gen_name_lower_type(types->pool, inner.c),
        .file = scope->file,
        .proto = messages[i],
    };
    add_messages(types, &inner, messages[i]->nested_type, messages[i]->n_nested_type);
  }
}

static int compare_types(const void *left, const void *right) {
  return strcmp(((const gen_type *)left)->full_name, ((const gen_type *)right)->full_name);
}

gen_types gen_types_make(gen_pool *pool, gen_file_proto *const *files, size_t count) {
  size_t total = 0;
  for (size_t i = 0; i < count; i++) {
    total += count_messages(files[i]->message_type, files[i]->n_message_type);
  }
  gen_types types = {pool, gen_pool_alloc(pool, total * sizeof(gen_type)), 0};
  for (size_t i = 0; i < count; i++) {
    gen_scope scope = {files[i], gen_text_or_empty(files[i]->package),
                       gen_file_c_package(pool, files[i])};
    add_messages(&types, &scope, files[i]->message_type, files[i]->n_message_type);
  }
  qsort(types.items, types.count, sizeof(gen_type), compare_types);
  return types;
}

gen_type *gen_types_find(const gen_types *types, const char *full_name) {
  gen_type key = {.full_name = full_name[0] == '.' ? full_name + 1 : full_name};
  return bsearch(&key, types->items, types->count, sizeof(gen_type), compare_types);
}

/* ---- what protobuf-c cannot carry ---- */

void gen_types_check(const gen_types *types, gen_type *type, gen_errors *errors) {
  if (type->is_checked) {
    return;
  }
  type->is_checked = true;
  const char *file = gen_text_or_empty(type->file->name);
  if (gen_file_options_read(types->pool, type->file).no_generate) {
    gen_errors_add(errors, file,
                   "%s has no C type: the file's option (pb_c_file).no_generate is set",
                   type->full_name);
  }
  for (size_t i = 0; i < type->proto->n_field; i++) {
    const Google__Protobuf__FieldDescriptorProto *field = type->proto->field[i];
    if (field->type == GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_GROUP) {
      gen_errors_add(errors, file,
                     "%s.%s is a group, which protobuf-c cannot encode; use a message",
                     type->full_name, gen_text_or_empty(field->name));
    }
    gen_type *held = field->type_name != NULL ? gen_types_find(types, field->type_name) : NULL;
    if (held != NULL) {
      gen_types_check(types, held, errors);
    }
  }
}
