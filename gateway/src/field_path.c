/* SPDX-License-Identifier: Apache-2.0 */
#include "field_path.h"

#include <upb/reflection.h>

const char *gateway_field_path_resolve(const upb_MessageDef *root, gateway_text text,
                                       gateway_field_path *out_path) {
  const upb_MessageDef *def = root;
  gateway_text name;
  bool is_more = true;
  out_path->count = 0;
  while (is_more) {
    is_more = gateway_text_split(text, '.', &name, &text);
    const upb_FieldDef *field = upb_MessageDef_FindByJsonNameWithSize(def, name.data, name.size);
    if (field == NULL) {
      return "there is no such field";
    }
    if (out_path->count == GATEWAY_FIELD_DEPTH_MAX) {
      return "the path is too deep";
    }
    out_path->fields[out_path->count++] = field;
    if (!is_more) {
      return NULL;
    }
    if (!upb_FieldDef_IsSubMessage(field) || upb_FieldDef_IsRepeated(field)) {
      return "only a message that is not repeated has fields";
    }
    def = upb_FieldDef_MessageSubDef(field);
  }
  return NULL;
}

const upb_Message *gateway_field_path_parent(const gateway_field_path *path,
                                             const upb_Message *root) {
  const upb_Message *message = root;
  for (size_t i = 0; i + 1 < path->count; i++) {
    if (!upb_Message_Has(message, path->fields[i])) {
      return NULL;
    }
    message = upb_Message_Get(message, path->fields[i]).msg_val;
  }
  return message;
}

bool gateway_field_is_excluded(const upb_Message *message, const upb_FieldDef *field) {
  const upb_OneofDef *oneof = upb_FieldDef_RealContainingOneof(field);
  const upb_FieldDef *set = oneof == NULL ? NULL : upb_Message_WhichOneof(message, oneof);
  return set != NULL && set != field;
}

upb_Message *gateway_field_path_make_parent(const gateway_field_path *path, upb_Message *root,
                                            upb_Arena *arena) {
  upb_Message *message = root;
  for (size_t i = 0; i + 1 < path->count; i++) {
    if (gateway_field_is_excluded(message, path->fields[i])) {
      return NULL;
    }
    message = upb_Message_Mutable(message, path->fields[i], arena).msg;
  }
  return message;
}
