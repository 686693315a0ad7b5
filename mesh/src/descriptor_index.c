/* SPDX-License-Identifier: Apache-2.0 */
#include "descriptor_index.h"

#include <google/protobuf/descriptor.pb-c.h>
#include <mesh/arena.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

typedef Google__Protobuf__FileDescriptorProto file_proto;
typedef Google__Protobuf__DescriptorProto message_proto;
typedef Google__Protobuf__EnumDescriptorProto enum_proto;
typedef Google__Protobuf__FieldDescriptorProto field_proto;
typedef Google__Protobuf__ServiceDescriptorProto service_proto;

/* A declared name. */
typedef struct index_symbol {
  const char *name;
  size_t file;
  bool is_message;
} index_symbol;

/* A declared extension. */
typedef struct index_extension {
  const char *type;
  int32_t number;
  size_t file;
} index_extension;

/* A file, and by name what it imports, until all files are there. */
typedef struct index_file {
  mesh__descriptor_file view;
  const char **import_names;
  size_t import_name_count;
} index_file;

/* An array that grows by doubling. */
typedef struct index_array {
  void *items;
  size_t count;
  size_t capacity;
} index_array;

struct mesh__descriptor_index {
  mesh_arena *arena; /* names and imports */
  index_array files; /* index_file, in the order they came */
  size_t *by_name;   /* files, ordered by name */
  index_array symbols;
  index_array extensions;
};

static void *array_add(index_array *array, size_t item_size) {
  if (array->count == array->capacity) {
    array->capacity = array->capacity > 0 ? 2 * array->capacity : 64;
    array->items = mesh__xrealloc(array->items, array->capacity * item_size);
  }
  return (char *)array->items + item_size * array->count++;
}

static index_file *file_at(const mesh__descriptor_index *index, size_t file) {
  return &((index_file *)index->files.items)[file];
}

mesh__descriptor_index *mesh__descriptor_index_new(void) {
  mesh__descriptor_index *index = mesh__xcalloc(1, sizeof(*index));
  index->arena = mesh_arena_new();
  return index;
}

void mesh__descriptor_index_destroy(mesh__descriptor_index *index) {
  if (index == NULL) {
    return;
  }
  mesh_arena_destroy(index->arena);
  free(index->files.items);
  free(index->by_name);
  free(index->symbols.items);
  free(index->extensions.items);
  free(index);
}

/* ---- what a file declares ---- */

/* Where names are added to: a file, and the package or message they are declared in. */
typedef struct index_scope {
  mesh__descriptor_index *index;
  size_t file;
  const char *name; /* "" outside of any package */
} index_scope;

static const char *add_symbol(const index_scope *scope, const char *name, bool is_message) {
  const char *last = name != NULL ? name : "";
  index_symbol *symbol = array_add(&scope->index->symbols, sizeof(*symbol));
  symbol->name = scope->name[0] != '\0'
                     ? mesh_arena_printf(scope->index->arena, "%s.%s", scope->name, last)
                     : mesh_arena_strdup(scope->index->arena, last);
  symbol->file = scope->file;
  symbol->is_message = is_message;
  return symbol->name;
}

static void add_enums(const index_scope *scope, enum_proto *const *enums, size_t count) {
  for (size_t i = 0; i < count; i++) {
    add_symbol(scope, enums[i]->name, false);
    for (size_t v = 0; v < enums[i]->n_value; v++) {
      add_symbol(scope, enums[i]->value[v]->name, false);
    }
  }
}

static void add_extensions(const index_scope *scope, field_proto *const *fields, size_t count) {
  for (size_t i = 0; i < count; i++) {
    add_symbol(scope, fields[i]->name, false);
    const char *type = fields[i]->extendee != NULL ? fields[i]->extendee : "";
    index_extension *extension = array_add(&scope->index->extensions, sizeof(*extension));
    extension->type = mesh_arena_strdup(scope->index->arena, type[0] == '.' ? type + 1 : type);
    extension->number = fields[i]->number;
    extension->file = scope->file;
  }
}

static void add_messages(const index_scope *scope, message_proto *const *messages, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const message_proto *message = messages[i];
    index_scope inner = *scope;
    inner.name = add_symbol(scope, message->name, true);
    for (size_t f = 0; f < message->n_field; f++) {
      add_symbol(&inner, message->field[f]->name, false);
    }
    for (size_t o = 0; o < message->n_oneof_decl; o++) {
      add_symbol(&inner, message->oneof_decl[o]->name, false);
    }
    add_enums(&inner, message->enum_type, message->n_enum_type);
    add_extensions(&inner, message->extension, message->n_extension);
    add_messages(&inner, message->nested_type, message->n_nested_type);
  }
}

static void add_services(const index_scope *scope, service_proto *const *services, size_t count) {
  for (size_t i = 0; i < count; i++) {
    index_scope inner = *scope;
    inner.name = add_symbol(scope, services[i]->name, false);
    for (size_t m = 0; m < services[i]->n_method; m++) {
      add_symbol(&inner, services[i]->method[m]->name, false);
    }
  }
}

static void add_file(mesh__descriptor_index *index, const file_proto *file, mesh_bytes bytes) {
  index_file *added = array_add(&index->files, sizeof(*added));
  memset(added, 0, sizeof(*added));
  added->view.name = mesh_arena_strdup(index->arena, file->name != NULL ? file->name : "");
  added->view.bytes = bytes;
  added->import_name_count = file->n_dependency;
  added->import_names =
      mesh_arena_alloc(index->arena, file->n_dependency * sizeof(*added->import_names));
  for (size_t i = 0; i < file->n_dependency; i++) {
    added->import_names[i] = mesh_arena_strdup(index->arena, file->dependency[i]);
  }
  const index_scope scope = {index, index->files.count - 1,
                             file->package != NULL ? file->package : ""};
  add_enums(&scope, file->enum_type, file->n_enum_type);
  add_extensions(&scope, file->extension, file->n_extension);
  add_messages(&scope, file->message_type, file->n_message_type);
  add_services(&scope, file->service, file->n_service);
}

/* ---- reading sets ---- */

/* Linear: called while files are added, a few dozen at most. */
static bool has_file(const mesh__descriptor_index *index, const char *name) {
  for (size_t i = 0; i < index->files.count; i++) {
    if (strcmp(file_at(index, i)->view.name, name) == 0) {
      return true;
    }
  }
  return false;
}

static bool add_file_bytes(mesh__descriptor_index *index, mesh_bytes bytes) {
  mesh_arena *scratch = mesh_arena_new();
  const file_proto *file = google__protobuf__file_descriptor_proto__unpack(
      mesh_arena_protobuf_allocator(scratch), bytes.size, bytes.data);
  if (file != NULL && !has_file(index, file->name != NULL ? file->name : "")) {
    add_file(index, file, bytes);
  }
  mesh_arena_destroy(scratch);
  return file != NULL;
}

/* A varint at the front of `rest`, which moves on behind it. */
static bool take_varint(mesh_bytes *rest, uint64_t *out_value) {
  const uint8_t *bytes = rest->data;
  *out_value = 0;
  for (size_t i = 0; i < rest->size && i < 10; i++) {
    *out_value |= (uint64_t)(bytes[i] & 0x7f) << (7 * i);
    if (bytes[i] < 0x80) {
      rest->data = bytes + i + 1;
      rest->size -= i + 1;
      return true;
    }
  }
  return false;
}

/* A FileDescriptorSet is nothing but `repeated FileDescriptorProto file = 1`. It is read by hand
 * for the bytes of each file, which are sent as they are. */
mesh_status mesh__descriptor_index_add(mesh__descriptor_index *index, mesh_bytes set) {
  enum { FILE_TAG = 1 << 3 | PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED };
  while (set.size > 0) {
    uint64_t tag = 0;
    uint64_t size = 0;
    bool is_file =
        take_varint(&set, &tag) && tag == FILE_TAG && take_varint(&set, &size) && size <= set.size;
    mesh_bytes file = {set.data, (size_t)size};
    if (!is_file || !add_file_bytes(index, file)) {
      return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "not a FileDescriptorSet");
    }
    set.data = (const char *)set.data + size;
    set.size -= (size_t)size;
  }
  return mesh_status_ok();
}

/* ---- order ---- */

/* Where one name is declared twice, the first file wins: it sorts first. */
static int compare_symbols(const void *left_item, const void *right_item) {
  const index_symbol *left = left_item;
  const index_symbol *right = right_item;
  int names = strcmp(left->name, right->name);
  return names != 0 ? names : (left->file > right->file) - (left->file < right->file);
}

static int compare_extensions(const void *left_item, const void *right_item) {
  const index_extension *left = left_item;
  const index_extension *right = right_item;
  int types = strcmp(left->type, right->type);
  if (types != 0 || left->number != right->number) {
    return types != 0 ? types : (left->number > right->number) - (left->number < right->number);
  }
  return (left->file > right->file) - (left->file < right->file);
}

static int compare_file_names(const void *left, const void *right, void *index) {
  return strcmp(file_at(index, *(const size_t *)left)->view.name,
                file_at(index, *(const size_t *)right)->view.name);
}

static void sort(const index_array *array, size_t item_size,
                 int (*compare)(const void *, const void *)) {
  if (array->count > 0) {
    qsort(array->items, array->count, item_size, compare);
  }
}

static void resolve_imports(mesh__descriptor_index *index, index_file *file) {
  size_t *imports =
      mesh_arena_alloc(index->arena, file->import_name_count * sizeof(*file->view.imports));
  for (size_t i = 0; i < file->import_name_count; i++) {
    size_t import = mesh__descriptor_index_file(index, file->import_names[i]);
    if (import != MESH__NO_FILE) {
      imports[file->view.import_count++] = import;
    }
  }
  file->view.imports = imports;
}

void mesh__descriptor_index_finish(mesh__descriptor_index *index) {
  sort(&index->symbols, sizeof(index_symbol), compare_symbols);
  sort(&index->extensions, sizeof(index_extension), compare_extensions);
  index->by_name = mesh__xcalloc(index->files.count + 1, sizeof(*index->by_name));
  for (size_t i = 0; i < index->files.count; i++) {
    index->by_name[i] = i;
  }
  qsort_r(index->by_name, index->files.count, sizeof(*index->by_name), compare_file_names, index);
  for (size_t i = 0; i < index->files.count; i++) {
    resolve_imports(index, file_at(index, i));
  }
}

/* ---- looking up ---- */

size_t mesh__descriptor_index_count(const mesh__descriptor_index *index) {
  return index->files.count;
}

const mesh__descriptor_file *mesh__descriptor_index_at(const mesh__descriptor_index *index,
                                                       size_t file) {
  return &file_at(index, file)->view;
}

size_t mesh__descriptor_index_file(const mesh__descriptor_index *index, const char *name) {
  size_t from = 0;
  size_t to = index->files.count;
  while (from < to) {
    size_t middle = from + (to - from) / 2;
    size_t file = index->by_name[middle];
    int order = strcmp(name, file_at(index, file)->view.name);
    if (order == 0) {
      return file;
    }
    from = order > 0 ? middle + 1 : from;
    to = order > 0 ? to : middle;
  }
  return MESH__NO_FILE;
}

/* The first of the symbols with this name; NULL when there is none. */
static const index_symbol *find_symbol(const mesh__descriptor_index *index, const char *name) {
  const index_symbol *symbols = index->symbols.items;
  size_t from = 0;
  size_t to = index->symbols.count;
  while (from < to) {
    size_t middle = from + (to - from) / 2;
    bool is_before = strcmp(symbols[middle].name, name) < 0;
    from = is_before ? middle + 1 : from;
    to = is_before ? to : middle;
  }
  bool is_found = from < index->symbols.count && strcmp(symbols[from].name, name) == 0;
  return is_found ? &symbols[from] : NULL;
}

size_t mesh__descriptor_index_symbol(const mesh__descriptor_index *index, const char *name) {
  const index_symbol *symbol = find_symbol(index, name);
  return symbol != NULL ? symbol->file : MESH__NO_FILE;
}

/* The first extension that is not before (type, number). */
static size_t lower_bound(const mesh__descriptor_index *index, const char *type, int32_t number) {
  const index_extension *extensions = index->extensions.items;
  const index_extension key = {type, number, 0};
  size_t from = 0;
  size_t to = index->extensions.count;
  while (from < to) {
    size_t middle = from + (to - from) / 2;
    bool is_before = compare_extensions(&extensions[middle], &key) < 0;
    from = is_before ? middle + 1 : from;
    to = is_before ? to : middle;
  }
  return from;
}

static bool is_extension_of(const mesh__descriptor_index *index, size_t extension,
                            const char *type) {
  const index_extension *extensions = index->extensions.items;
  return extension < index->extensions.count && strcmp(extensions[extension].type, type) == 0;
}

size_t mesh__descriptor_index_extension(const mesh__descriptor_index *index, const char *type,
                                        int32_t number) {
  size_t found = lower_bound(index, type, number);
  bool is_found =
      is_extension_of(index, found, type) && mesh__descriptor_index_number(index, found) == number;
  return is_found ? ((const index_extension *)index->extensions.items)[found].file : MESH__NO_FILE;
}

bool mesh__descriptor_index_extensions(const mesh__descriptor_index *index, const char *type,
                                       size_t *out_first, size_t *out_count) {
  const index_symbol *symbol = find_symbol(index, type);
  if (symbol == NULL || !symbol->is_message) {
    return false;
  }
  *out_first = lower_bound(index, type, INT32_MIN);
  *out_count = 0;
  while (is_extension_of(index, *out_first + *out_count, type)) {
    (*out_count)++;
  }
  return true;
}

int32_t mesh__descriptor_index_number(const mesh__descriptor_index *index, size_t extension) {
  return ((const index_extension *)index->extensions.items)[extension].number;
}
