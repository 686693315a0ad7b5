/* SPDX-License-Identifier: Apache-2.0 */
#include "failure.h"

#include "utf8.h"

#include <upb/reflection.h>

static upb_MessageValue field_value(const upb_Message *message, const upb_MessageDef *def,
                                    const char *name) {
  const upb_FieldDef *field = upb_MessageDef_FindFieldByName(def, name);
  return field == NULL ? (upb_MessageValue){0} : upb_Message_Get(message, field);
}

/* The error's own members can't be replaced. */
static const char *check_member(const gateway_failure *failure, gateway_text member) {
  static const char *const own[] = {"code", "message", "details"};
  for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
    if (gateway_text_is(member, own[i])) {
      return "the error has a member of this name already";
    }
  }
  if (member.size == 0 || !gateway_utf8_is_valid(member)) {
    return "it is empty, or no UTF-8";
  }
  for (size_t i = 0; i < failure->member_count; i++) {
    if (gateway_text_equals(failure->members[i], member)) {
      return "it is named twice";
    }
  }
  return NULL;
}

static const char *read_members(const upb_Array *names, upb_Arena *arena,
                                gateway_failure *failure) {
  size_t count = names == NULL ? 0 : upb_Array_Size(names);
  failure->members = gateway_arena_alloc(arena, (count + 1) * sizeof *failure->members);
  for (size_t i = 0; i < count; i++) {
    gateway_text member = upb_Array_Get(names, i).str_val;
    const char *error = check_member(failure, member);
    if (error != NULL) {
      return gateway_arena_format(arena, "the member '%.*s' of its meshwork.http.v1.failure: %s",
                                  GATEWAY_TEXT_ARGS(member), error)
          .data;
    }
    failure->members[failure->member_count++] = member;
  }
  return NULL;
}

static const char *read_failure(const upb_Message *message, const upb_MessageDef *def,
                                upb_Arena *arena, gateway_failures *failures) {
  gateway_failure *failure = &failures->items[failures->count];
  failure->reason = field_value(message, def, "reason").str_val;
  failure->http_status = field_value(message, def, "status").int32_val;
  if (failure->reason.size == 0 || !gateway_utf8_is_valid(failure->reason)) {
    return "the reason of its meshwork.http.v1.failure is empty, or no UTF-8";
  }
  if (failure->http_status < 400 || failure->http_status > 599) {
    return "the status of its meshwork.http.v1.failure is not between 400 and 599";
  }
  if (gateway_failures_find(failures, failure->reason) != NULL) {
    return "two of its meshwork.http.v1.failure have the same reason";
  }
  failures->count++;
  return read_members(field_value(message, def, "members").array_val, arena, failure);
}

const char *gateway_failures_read(const upb_Array *options, const upb_MessageDef *def,
                                  upb_Arena *arena, gateway_failures *out_failures) {
  size_t count = upb_Array_Size(options);
  out_failures->items = gateway_arena_alloc(arena, (count + 1) * sizeof *out_failures->items);
  out_failures->count = 0;
  const char *error = NULL;
  for (size_t i = 0; i < count && error == NULL; i++) {
    error = read_failure(upb_Array_Get(options, i).msg_val, def, arena, out_failures);
  }
  return error;
}

const gateway_failure *gateway_failures_find(const gateway_failures *failures,
                                             gateway_text reason) {
  for (size_t i = 0; i < failures->count; i++) {
    if (gateway_text_equals(failures->items[i].reason, reason)) {
      return &failures->items[i];
    }
  }
  return NULL;
}
