/* SPDX-License-Identifier: Apache-2.0 */
#include "descriptors.h"

#include "comments.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <upb/decode.h>
#include <upb/encode.h>
#include <upb/reflection.h>

enum {
  FILES_MAX = 1024,
  FILE_SIZE_MAX = 64 * 1024 * 1024,
};

/* A file of the pool, and its bytes without source info: two files of a name must be one. */
typedef struct loaded_file {
  const upb_FileDef *def;
  gateway_text content;
} loaded_file;

struct gateway_descriptors {
  upb_Arena *arena;
  upb_DefPool *pool;
  loaded_file files[FILES_MAX];
  size_t file_count;
  gateway_comments comments;
};

gateway_descriptors *gateway_descriptors_new(void) {
  upb_Arena *arena = gateway_arena_new(NULL, 0);
  gateway_descriptors *descriptors = gateway_arena_alloc(arena, sizeof *descriptors);
  descriptors->arena = arena;
  descriptors->comments.arena = arena;
  descriptors->pool = upb_DefPool_New();
  if (descriptors->pool == NULL) {
    abort(); /* out of memory; upb uses its own allocator here */
  }
  return descriptors;
}

void gateway_descriptors_destroy(gateway_descriptors *descriptors) {
  if (descriptors == NULL) {
    return;
  }
  upb_DefPool_Free(descriptors->pool);
  upb_Arena_Free(descriptors->arena);
}

static const loaded_file *find_file(const gateway_descriptors *descriptors, gateway_text name) {
  for (size_t i = 0; i < descriptors->file_count; i++) {
    if (gateway_text_is(name, upb_FileDef_Name(descriptors->files[i].def))) {
      return &descriptors->files[i];
    }
  }
  return NULL;
}

/* The file's bytes without its comments and line numbers; changes `file`. */
static gateway_text content_of(google_protobuf_FileDescriptorProto *file, upb_Arena *arena) {
  size_t size = 0;
  google_protobuf_FileDescriptorProto_clear_source_code_info(file);
  const char *bytes = google_protobuf_FileDescriptorProto_serialize(file, arena, &size);
  return gateway_text_of(bytes, size);
}

static mesh_status check_imports(const gateway_descriptors *descriptors,
                                 const google_protobuf_FileDescriptorProto *file,
                                 const char *origin) {
  size_t count = 0;
  gateway_text name = google_protobuf_FileDescriptorProto_name(file);
  const gateway_text *imports = google_protobuf_FileDescriptorProto_dependency(file, &count);
  for (size_t i = 0; i < count; i++) {
    if (find_file(descriptors, imports[i]) == NULL) {
      return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT,
                               "%s: '%.*s' imports '%.*s', which is not there before it "
                               "(make the set with protoc --include_imports)",
                               origin, GATEWAY_TEXT_ARGS(name), GATEWAY_TEXT_ARGS(imports[i]));
    }
  }
  return mesh_status_ok();
}

static mesh_status add_new_file(gateway_descriptors *descriptors,
                                const google_protobuf_FileDescriptorProto *file,
                                gateway_text content, const char *origin) {
  gateway_text name = google_protobuf_FileDescriptorProto_name(file);
  mesh_status status = check_imports(descriptors, file, origin);
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  if (descriptors->file_count == FILES_MAX) {
    return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "%s: more than %d files are too many",
                             origin, FILES_MAX);
  }
  upb_Status reason;
  upb_Status_Clear(&reason);
  const upb_FileDef *def = upb_DefPool_AddFile(descriptors->pool, file, &reason);
  if (def == NULL) {
    return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "%s: '%.*s' is not a good file: %s",
                             origin, GATEWAY_TEXT_ARGS(name), upb_Status_ErrorMessage(&reason));
  }
  loaded_file *loaded = &descriptors->files[descriptors->file_count++];
  loaded->def = def;
  loaded->content = gateway_arena_copy(descriptors->arena, content);
  return mesh_status_ok();
}

/* Every protoc brings the well-known types along, each in its own version. */
static bool is_well_known(gateway_text name) {
  return gateway_text_starts_with(name, "google/protobuf/");
}

static mesh_status add_file(gateway_descriptors *descriptors,
                            google_protobuf_FileDescriptorProto *file, const char *origin,
                            upb_Arena *scratch) {
  gateway_text name = google_protobuf_FileDescriptorProto_name(file);
  const loaded_file *known = find_file(descriptors, name);
  if (known == NULL) {
    gateway_comments_add_file(&descriptors->comments, file);
  }
  gateway_text content = content_of(file, scratch);
  if (known == NULL) {
    return add_new_file(descriptors, file, content, origin);
  }
  if (!gateway_text_equals(known->content, content) && !is_well_known(name)) {
    return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT,
                             "%s: '%.*s' is not the file of that name that is there already",
                             origin, GATEWAY_TEXT_ARGS(name));
  }
  return mesh_status_ok();
}

mesh_status gateway_descriptors_add(gateway_descriptors *descriptors, gateway_text set,
                                    const char *origin) {
  upb_Arena *scratch = gateway_arena_new(NULL, 0);
  google_protobuf_FileDescriptorSet *parsed =
      google_protobuf_FileDescriptorSet_parse(set.data, set.size, scratch);
  mesh_status status = mesh_status_ok();
  if (parsed == NULL) {
    status = mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT,
                               "%s is not a serialized google.protobuf.FileDescriptorSet", origin);
  } else {
    size_t count = 0;
    google_protobuf_FileDescriptorProto **files =
        google_protobuf_FileDescriptorSet_mutable_file(parsed, &count);
    for (size_t i = 0; i < count && mesh_status_is_ok(&status); i++) {
      status = add_file(descriptors, files[i], origin, scratch);
    }
  }
  upb_Arena_Free(scratch);
  return status;
}

void gateway_descriptors_add_missing(gateway_descriptors *descriptors, gateway_text set) {
  upb_Arena *scratch = gateway_arena_new(NULL, 0);
  google_protobuf_FileDescriptorSet *parsed =
      google_protobuf_FileDescriptorSet_parse(set.data, set.size, scratch);
  size_t count = 0;
  google_protobuf_FileDescriptorProto **files =
      parsed == NULL ? NULL : google_protobuf_FileDescriptorSet_mutable_file(parsed, &count);
  for (size_t i = 0; i < count; i++) {
    if (find_file(descriptors, google_protobuf_FileDescriptorProto_name(files[i])) == NULL) {
      (void)add_file(descriptors, files[i], "built in", scratch);
    }
  }
  upb_Arena_Free(scratch);
}

mesh_status gateway_descriptors_add_file(gateway_descriptors *descriptors, const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "%s: %s", path, strerror(errno));
  }
  long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
  upb_Arena *scratch = gateway_arena_new(NULL, 0);
  mesh_status status;
  if (size < 0 || size > FILE_SIZE_MAX) {
    status =
        mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "%s can't be read, or is too large", path);
  } else {
    char *bytes = gateway_arena_alloc(scratch, (size_t)size + 1);
    rewind(file);
    size_t got = fread(bytes, 1, (size_t)size, file);
    status = gateway_descriptors_add(descriptors, gateway_text_of(bytes, got), path);
  }
  upb_Arena_Free(scratch);
  (void)fclose(file);
  return status;
}

const upb_DefPool *gateway_descriptors_pool(const gateway_descriptors *descriptors) {
  return descriptors->pool;
}

size_t gateway_descriptors_file_count(const gateway_descriptors *descriptors) {
  return descriptors->file_count;
}

const upb_FileDef *gateway_descriptors_file(const gateway_descriptors *descriptors, size_t index) {
  return descriptors->files[index].def;
}

/* upb keeps the extensions of options as unknown bytes, since it was not built with them. The pool
 * knows them: it is asked to read the same bytes again. */
static const upb_Message *read_again(const upb_DefPool *pool, const char *name, gateway_text bytes,
                                     upb_Arena *arena) {
  const upb_MessageDef *def = upb_DefPool_FindMessageByName(pool, name);
  if (def == NULL) {
    return NULL;
  }
  upb_Message *options = upb_Message_New(def, arena);
  upb_DecodeStatus status =
      upb_Decode(bytes.data, bytes.size, options, upb_MessageDef_MiniTable(def),
                 upb_DefPool_ExtensionRegistry(pool), 0, arena);
  return status == kUpb_DecodeStatus_Ok ? options : NULL;
}

const upb_Message *gateway_descriptors_method_options(const gateway_descriptors *descriptors,
                                                      const upb_MethodDef *method,
                                                      upb_Arena *arena) {
  if (!upb_MethodDef_HasOptions(method)) {
    return NULL;
  }
  gateway_text bytes;
  bytes.data =
      google_protobuf_MethodOptions_serialize(upb_MethodDef_Options(method), arena, &bytes.size);
  return read_again(descriptors->pool, "google.protobuf.MethodOptions", bytes, arena);
}

const upb_Message *gateway_descriptors_service_options(const gateway_descriptors *descriptors,
                                                       const upb_ServiceDef *service,
                                                       upb_Arena *arena) {
  if (!upb_ServiceDef_HasOptions(service)) {
    return NULL;
  }
  gateway_text bytes;
  bytes.data =
      google_protobuf_ServiceOptions_serialize(upb_ServiceDef_Options(service), arena, &bytes.size);
  return read_again(descriptors->pool, "google.protobuf.ServiceOptions", bytes, arena);
}

gateway_text gateway_descriptors_comment(const gateway_descriptors *descriptors,
                                         gateway_text full_name) {
  return gateway_comments_find(&descriptors->comments, full_name);
}
