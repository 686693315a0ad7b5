/* SPDX-License-Identifier: Apache-2.0 */
#include "error_body.h"

#include "base64.h"
#include "http_status.h"
#include "json_form.h"
#include "json_writer.h"
#include "response.h"
#include "utf8.h"

#include <upb/decode.h>
#include <upb/reflection.h>

/* Field numbers of google/rpc/status.proto, error_details.proto and google/protobuf/any.proto. */
enum {
  STATUS_CODE = 1,
  STATUS_DETAILS = 3,
  ANY_TYPE_URL = 1,
  ANY_VALUE = 2,
  RETRY_INFO_DELAY = 1,
  ERROR_INFO_REASON = 1,
  ERROR_INFO_METADATA = 3,
  DURATION_SECONDS = 1,
  DURATION_NANOS = 2,
};

#define TYPE_URL_PREFIX "type.googleapis.com/"

mesh_status gateway_error_types_init(gateway_error_types *types, const upb_DefPool *pool) {
  const struct {
    const upb_MessageDef **def;
    const char *name;
  } wanted[] = {
      {&types->status, "google.rpc.Status"},
      {&types->any, "google.protobuf.Any"},
      {&types->error_info, "google.rpc.ErrorInfo"},
      {&types->retry_info, "google.rpc.RetryInfo"},
  };
  types->pool = pool;
  for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
    *wanted[i].def = upb_DefPool_FindMessageByName(pool, wanted[i].name);
    if (*wanted[i].def == NULL) {
      return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT,
                               "the descriptor sets hold no message %s", wanted[i].name);
    }
  }
  return mesh_status_ok();
}

static const upb_FieldDef *field_of(const upb_MessageDef *def, uint32_t number) {
  return upb_MessageDef_FindFieldByNumber(def, number);
}

/* Writes an error up to its details, which the caller writes and closes. */
static void open_error(gateway_json_writer *writer, upb_Arena *arena, grpc_status_code code,
                       gateway_text message) {
  gateway_json_writer_init(writer, arena);
  gateway_json_open(writer, '{');
  gateway_json_key(writer, gateway_text_from("code"));
  gateway_json_integer(writer, code);
  gateway_json_key(writer, gateway_text_from("message"));
  gateway_json_text(writer, message);
  gateway_json_member_open(writer, "details", '[');
}

static void write_violations(gateway_json_writer *writer, const gateway_problem *problem) {
  gateway_json_open(writer, '{');
  gateway_json_member(writer, "@type", TYPE_URL_PREFIX "google.rpc.BadRequest");
  gateway_json_member_open(writer, "field_violations", '[');
  for (size_t i = 0; i < problem->violation_count; i++) {
    gateway_json_open(writer, '{');
    gateway_json_key(writer, gateway_text_from("field"));
    gateway_json_text(writer, problem->violations[i].field);
    gateway_json_key(writer, gateway_text_from("description"));
    gateway_json_text(writer, problem->violations[i].description);
    gateway_json_close(writer, '}');
  }
  gateway_json_close(writer, ']');
  gateway_json_close(writer, '}');
}

gateway_error gateway_error_from_problem(const gateway_problem *problem) {
  gateway_json_writer writer;
  open_error(&writer, problem->arena, problem->code, problem->message);
  if (problem->violation_count > 0) {
    write_violations(&writer, problem);
  }
  gateway_json_close(&writer, ']');
  gateway_json_close(&writer, '}');
  return (gateway_error){gateway_json_writer_text(&writer), problem->http_status, -1};
}

static gateway_text any_text(const gateway_error_types *types, const upb_Message *any,
                             uint32_t number) {
  return upb_Message_Get(any, field_of(types->any, number)).str_val;
}

/* The seconds of a RetryInfo, rounded up; -1 for other details. */
static long retry_seconds(const gateway_error_types *types, const upb_Message *any,
                          upb_Arena *arena) {
  gateway_text value = any_text(types, any, ANY_VALUE);
  if (!gateway_text_is(any_text(types, any, ANY_TYPE_URL),
                       TYPE_URL_PREFIX "google.rpc.RetryInfo")) {
    return -1;
  }
  upb_Message *info = upb_Message_New(types->retry_info, arena);
  const upb_FieldDef *delay = field_of(types->retry_info, RETRY_INFO_DELAY);
  if (upb_Decode(value.data, value.size, info, upb_MessageDef_MiniTable(types->retry_info), NULL, 0,
                 arena) != kUpb_DecodeStatus_Ok ||
      !upb_Message_Has(info, delay)) {
    return -1;
  }
  const upb_MessageDef *duration = upb_FieldDef_MessageSubDef(delay);
  const upb_Message *message = upb_Message_Get(info, delay).msg_val;
  int64_t seconds = upb_Message_Get(message, field_of(duration, DURATION_SECONDS)).int64_val;
  int32_t nanos = upb_Message_Get(message, field_of(duration, DURATION_NANOS)).int32_val;
  const int64_t longest = 86400;
  seconds += nanos > 0 ? 1 : 0;
  return (long)(seconds < 0 ? 0 : seconds > longest ? longest : seconds);
}

/* The message in an Any as JSON; false when its type is not known, or it has no JSON form. */
static bool encode_any(const gateway_error_types *types, const upb_Message *any, upb_Arena *arena,
                       const upb_MessageDef **out_type, gateway_text *out_json) {
  gateway_text value = any_text(types, any, ANY_VALUE);
  const upb_MessageDef *type = gateway_any_type(types->pool, any_text(types, any, ANY_TYPE_URL));
  if (type == NULL) {
    return false;
  }
  upb_Message *message = upb_Message_New(type, arena);
  gateway_json_source source = {types->pool, type, message, GATEWAY_JSON_SET_FIELDS};
  *out_type = type;
  return upb_Decode(value.data, value.size, message, upb_MessageDef_MiniTable(type), NULL, 0,
                    arena) == kUpb_DecodeStatus_Ok &&
         gateway_json_form_check(types->pool, type, message, arena) == NULL &&
         gateway_json_encode(&source, arena, out_json);
}

/* {"@type": URL, members}, without those that are empty; or "value" where the message has a JSON
 * form of its own, or is not known here: then it is base64. */
static void write_any(const gateway_error_types *types, const upb_Message *any, upb_Arena *arena,
                      gateway_json_writer *writer) {
  const upb_MessageDef *type = NULL;
  gateway_text json;
  gateway_text type_url = any_text(types, any, ANY_TYPE_URL);
  bool is_known = encode_any(types, any, arena, &type, &json);
  gateway_json_open(writer, '{');
  gateway_json_key(writer, gateway_text_from("@type"));
  gateway_json_text(writer, gateway_utf8_is_valid(type_url) ? type_url : gateway_text_of("", 0));
  if (!is_known) {
    gateway_json_key(writer, gateway_text_from("value"));
    gateway_json_text(writer, gateway_base64_encode(arena, any_text(types, any, ANY_VALUE)));
  } else if (upb_MessageDef_WellKnownType(type) != kUpb_WellKnown_Unspecified) {
    gateway_json_key(writer, gateway_text_from("value"));
    gateway_json_raw(writer, json);
  } else if (json.size > 2) {
    gateway_json_raw(writer, gateway_text_of(json.data + 1, json.size - 2));
  }
  gateway_json_close(writer, '}');
}

/* The details of a serialized google.rpc.Status; NULL when it is none, or is about another code. */
static const upb_Array *decode_details(const gateway_error_types *types, const mesh_status *status,
                                       upb_Arena *arena) {
  if (status->details == NULL) {
    return NULL;
  }
  upb_Message *message = upb_Message_New(types->status, arena);
  if (upb_Decode(status->details, status->details_size, message,
                 upb_MessageDef_MiniTable(types->status), NULL, 0, arena) != kUpb_DecodeStatus_Ok ||
      upb_Message_Get(message, field_of(types->status, STATUS_CODE)).int32_val !=
          (int32_t)status->code) {
    return NULL;
  }
  return upb_Message_Get(message, field_of(types->status, STATUS_DETAILS)).array_val;
}

/* An ErrorInfo whose reason the method names. */
typedef struct named_failure {
  const gateway_failure *failure; /* NULL: there is none */
  const upb_Map *metadata;        /* of the ErrorInfo, or NULL */
} named_failure;

static named_failure match_failure(const gateway_error_types *types,
                                   const gateway_failures *failures, const upb_Message *any,
                                   upb_Arena *arena) {
  named_failure found = {NULL, NULL};
  gateway_text value = any_text(types, any, ANY_VALUE);
  if (gateway_any_type(types->pool, any_text(types, any, ANY_TYPE_URL)) != types->error_info) {
    return found;
  }
  upb_Message *info = upb_Message_New(types->error_info, arena);
  if (upb_Decode(value.data, value.size, info, upb_MessageDef_MiniTable(types->error_info), NULL, 0,
                 arena) != kUpb_DecodeStatus_Ok) {
    return found;
  }
  found.failure = gateway_failures_find(
      failures, upb_Message_Get(info, field_of(types->error_info, ERROR_INFO_REASON)).str_val);
  found.metadata = upb_Message_Get(info, field_of(types->error_info, ERROR_INFO_METADATA)).map_val;
  return found;
}

static named_failure find_failure(const gateway_error_types *types,
                                  const gateway_failures *failures, const upb_Array *details,
                                  upb_Arena *arena) {
  named_failure found = {NULL, NULL};
  size_t count = details == NULL || failures->count == 0 ? 0 : upb_Array_Size(details);
  for (size_t i = 0; i < count && found.failure == NULL; i++) {
    found = match_failure(types, failures, upb_Array_Get(details, i).msg_val, arena);
  }
  return found;
}

static void write_members(const named_failure *found, gateway_json_writer *writer) {
  if (found->failure == NULL || found->metadata == NULL) {
    return;
  }
  for (size_t i = 0; i < found->failure->member_count; i++) {
    upb_MessageValue key = {.str_val = found->failure->members[i]};
    upb_MessageValue value;
    if (upb_Map_Get(found->metadata, key, &value) && gateway_utf8_is_valid(value.str_val)) {
      gateway_json_key(writer, key.str_val);
      gateway_json_text(writer, value.str_val);
    }
  }
}

static int http_status_of(const named_failure *found, const mesh_status *status) {
  return found->failure != NULL ? found->failure->http_status
                                : gateway_http_status_from_code(status->code);
}

/* Writes the details; the result is the seconds of the last RetryInfo, -1 if there is none. */
static long write_details(const gateway_error_types *types, const upb_Array *details,
                          upb_Arena *arena, gateway_json_writer *writer) {
  long retry_after = -1;
  size_t count = details == NULL ? 0 : upb_Array_Size(details);
  for (size_t i = 0; i < count; i++) {
    const upb_Message *any = upb_Array_Get(details, i).msg_val;
    long seconds = retry_seconds(types, any, arena);
    retry_after = seconds >= 0 ? seconds : retry_after;
    write_any(types, any, arena, writer);
  }
  return retry_after;
}

/* What gRPC core says of connections that fail has addresses in it, which are nobody's business out
 * there. The spans have it in full. */
static bool has_address(gateway_text message) {
  static const char *const marks[] = {"ipv4:", "ipv6:", "unix:", "DNS resolution"};
  for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
    if (memmem(message.data, message.size, marks[i], strlen(marks[i])) != NULL) {
      return true;
    }
  }
  return false;
}

static gateway_text public_message(const mesh_status *status) {
  gateway_text message = gateway_text_from(status->message);
  if (!gateway_utf8_is_valid(message)) {
    return gateway_text_of("", 0);
  }
  return has_address(message) ? gateway_text_from("the service can't be reached") : message;
}

gateway_error gateway_error_from_status(const gateway_error_types *types,
                                        const gateway_failures *failures, const mesh_status *status,
                                        upb_Arena *arena) {
  gateway_json_writer writer;
  const upb_Array *details = decode_details(types, status, arena);
  named_failure found = find_failure(types, failures, details, arena);
  open_error(&writer, arena, status->code, public_message(status));
  long retry_after = write_details(types, details, arena, &writer);
  gateway_json_close(&writer, ']');
  write_members(&found, &writer);
  gateway_json_close(&writer, '}');
  return (gateway_error){gateway_json_writer_text(&writer), http_status_of(&found, status),
                         retry_after};
}

int gateway_error_http_status(const gateway_error_types *types, const gateway_failures *failures,
                              const mesh_status *status, upb_Arena *arena) {
  named_failure found = find_failure(types, failures, decode_details(types, status, arena), arena);
  return http_status_of(&found, status);
}
