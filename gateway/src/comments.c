/* SPDX-License-Identifier: Apache-2.0 */
#include "comments.h"

typedef struct gateway_comment {
  gateway_text full_name;
  gateway_text text;
} gateway_comment;

/* Field numbers of descriptor.proto, which the paths of SourceCodeInfo.Location are made of. */
enum {
  FILE_MESSAGE = 4,
  FILE_ENUM = 5,
  FILE_SERVICE = 6,
  MESSAGE_FIELD = 2,
  MESSAGE_NESTED = 3,
  MESSAGE_ENUM = 4,
  ENUM_VALUE = 2,
  SERVICE_METHOD = 2,
};

typedef struct location_path {
  const int32_t *numbers;
  size_t count;
} location_path;

/* The element at the end of a path: its name is put behind its parent's. */
static gateway_text join(upb_Arena *arena, gateway_text parent, gateway_text name) {
  return gateway_arena_format(arena, "%.*s%s%.*s", GATEWAY_TEXT_ARGS(parent),
                              parent.size == 0 ? "" : ".", GATEWAY_TEXT_ARGS(name));
}

static location_path path_behind(location_path whole) {
  location_path rest = {whole.numbers + 2, whole.count - 2};
  return rest;
}

static gateway_text name_in_enum(upb_Arena *arena, const google_protobuf_EnumDescriptorProto *proto,
                                 gateway_text parent, location_path path) {
  size_t count = 0;
  gateway_text name = join(arena, parent, google_protobuf_EnumDescriptorProto_name(proto));
  const google_protobuf_EnumValueDescriptorProto *const *values =
      google_protobuf_EnumDescriptorProto_value(proto, &count);
  if (path.count == 0) {
    return name;
  }
  if (path.count == 2 && path.numbers[0] == ENUM_VALUE && (size_t)path.numbers[1] < count) {
    return join(arena, name,
                google_protobuf_EnumValueDescriptorProto_name(values[path.numbers[1]]));
  }
  return gateway_text_of("", 0);
}

static gateway_text name_in_service(upb_Arena *arena,
                                    const google_protobuf_ServiceDescriptorProto *proto,
                                    gateway_text parent, location_path path) {
  size_t count = 0;
  gateway_text name = join(arena, parent, google_protobuf_ServiceDescriptorProto_name(proto));
  const google_protobuf_MethodDescriptorProto *const *methods =
      google_protobuf_ServiceDescriptorProto_method(proto, &count);
  if (path.count == 0) {
    return name;
  }
  if (path.count == 2 && path.numbers[0] == SERVICE_METHOD && (size_t)path.numbers[1] < count) {
    return join(arena, name, google_protobuf_MethodDescriptorProto_name(methods[path.numbers[1]]));
  }
  return gateway_text_of("", 0);
}

static gateway_text name_in_message(upb_Arena *arena, const google_protobuf_DescriptorProto *proto,
                                    gateway_text parent, location_path path) {
  gateway_text name = join(arena, parent, google_protobuf_DescriptorProto_name(proto));
  if (path.count < 2) {
    return path.count == 0 ? name : gateway_text_of("", 0);
  }
  size_t fields = 0;
  size_t messages = 0;
  size_t enums = 0;
  const google_protobuf_FieldDescriptorProto *const *field =
      google_protobuf_DescriptorProto_field(proto, &fields);
  const google_protobuf_DescriptorProto *const *message =
      google_protobuf_DescriptorProto_nested_type(proto, &messages);
  const google_protobuf_EnumDescriptorProto *const *enumeration =
      google_protobuf_DescriptorProto_enum_type(proto, &enums);
  size_t index = (size_t)path.numbers[1];
  if (path.numbers[0] == MESSAGE_FIELD && index < fields && path.count == 2) {
    return join(arena, name, google_protobuf_FieldDescriptorProto_name(field[index]));
  }
  if (path.numbers[0] == MESSAGE_NESTED && index < messages) {
    return name_in_message(arena, message[index], name, path_behind(path));
  }
  if (path.numbers[0] == MESSAGE_ENUM && index < enums) {
    return name_in_enum(arena, enumeration[index], name, path_behind(path));
  }
  return gateway_text_of("", 0);
}

/* The full name of what a path leads to; empty when that has no name (options, numbers, ...). */
static gateway_text name_in_file(upb_Arena *arena, const google_protobuf_FileDescriptorProto *file,
                                 location_path path) {
  if (path.count < 2) {
    return gateway_text_of("", 0);
  }
  size_t messages = 0;
  size_t enums = 0;
  size_t services = 0;
  const google_protobuf_DescriptorProto *const *message =
      google_protobuf_FileDescriptorProto_message_type(file, &messages);
  const google_protobuf_EnumDescriptorProto *const *enumeration =
      google_protobuf_FileDescriptorProto_enum_type(file, &enums);
  const google_protobuf_ServiceDescriptorProto *const *service =
      google_protobuf_FileDescriptorProto_service(file, &services);
  gateway_text package = google_protobuf_FileDescriptorProto_package(file);
  size_t index = (size_t)path.numbers[1];
  if (path.numbers[0] == FILE_MESSAGE && index < messages) {
    return name_in_message(arena, message[index], package, path_behind(path));
  }
  if (path.numbers[0] == FILE_ENUM && index < enums) {
    return name_in_enum(arena, enumeration[index], package, path_behind(path));
  }
  if (path.numbers[0] == FILE_SERVICE && index < services) {
    return name_in_service(arena, service[index], package, path_behind(path));
  }
  return gateway_text_of("", 0);
}

static bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* protoc keeps the space behind each "//" and the last line's end. */
static gateway_text tidy(upb_Arena *arena, gateway_text raw) {
  char *text = gateway_arena_alloc(arena, raw.size + 1);
  size_t size = 0;
  bool is_line_start = true;
  for (size_t i = 0; i < raw.size; i++) {
    if (!(is_line_start && is_space(raw.data[i]) && raw.data[i] != '\n')) {
      text[size++] = raw.data[i];
      is_line_start = raw.data[i] == '\n';
    }
  }
  while (size > 0 && is_space(text[size - 1])) {
    size--;
  }
  return gateway_text_of(text, size);
}

static void add(gateway_comments *comments, gateway_text full_name, gateway_text text) {
  if (comments->count == comments->capacity) {
    size_t capacity = comments->capacity == 0 ? 64 : comments->capacity * 2;
    gateway_comment *items = gateway_arena_alloc(comments->arena, capacity * sizeof *items);
    if (comments->count > 0) {
      memcpy(items, comments->items, comments->count * sizeof *items);
    }
    comments->items = items;
    comments->capacity = capacity;
  }
  comments->items[comments->count++] = (gateway_comment){full_name, tidy(comments->arena, text)};
}

void gateway_comments_add_file(gateway_comments *comments,
                               const google_protobuf_FileDescriptorProto *file) {
  const google_protobuf_SourceCodeInfo *info =
      google_protobuf_FileDescriptorProto_source_code_info(file);
  if (info == NULL) {
    return;
  }
  size_t count = 0;
  const google_protobuf_SourceCodeInfo_Location *const *locations =
      google_protobuf_SourceCodeInfo_location(info, &count);
  for (size_t i = 0; i < count; i++) {
    gateway_text text = google_protobuf_SourceCodeInfo_Location_leading_comments(locations[i]);
    if (text.size == 0) {
      text = google_protobuf_SourceCodeInfo_Location_trailing_comments(locations[i]);
    }
    location_path path;
    path.numbers = google_protobuf_SourceCodeInfo_Location_path(locations[i], &path.count);
    gateway_text name = text.size == 0 ? text : name_in_file(comments->arena, file, path);
    if (name.size > 0) {
      add(comments, name, text);
    }
  }
}

gateway_text gateway_comments_find(const gateway_comments *comments, gateway_text full_name) {
  for (size_t i = 0; i < comments->count; i++) {
    if (gateway_text_equals(comments->items[i].full_name, full_name)) {
      return comments->items[i].text;
    }
  }
  return gateway_text_of("", 0);
}
