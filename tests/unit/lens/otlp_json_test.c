/* SPDX-License-Identifier: Apache-2.0 */
/*
 * upb's JSON reader and encoder make the wire bytes that we turn into JSON, and read what we wrote:
 * it knows the names and types of every field from trace.proto itself.
 */
#include "otlp_json.h"
#include "sample.h"

#include <google/protobuf/descriptor.upb.h>
#include <upb/def.h>
#include <upb/encode.h>
#include <upb/json_decode.h>
#include <upb/reflection.h>

#include <stdio.h>
#include <string.h>

typedef struct protos {
  upb_Arena *arena;
  upb_DefPool *pool;
  const upb_MessageDef *type; /* TracesData */
} protos;

static int set_up(void **state) {
  static char bytes[256 * 1024];
  static protos loaded;
  FILE *file = fopen(TRACE_DESCRIPTORS, "rb");
  assert_non_null(file);
  size_t size = fread(bytes, 1, sizeof(bytes), file);
  fclose(file);
  loaded.arena = upb_Arena_New();
  loaded.pool = upb_DefPool_New();
  const google_protobuf_FileDescriptorSet *set =
      google_protobuf_FileDescriptorSet_parse(bytes, size, loaded.arena);
  assert_non_null(set);
  size_t count = 0;
  const google_protobuf_FileDescriptorProto *const *files =
      google_protobuf_FileDescriptorSet_file(set, &count);
  for (size_t i = 0; i < count; i++) {
    upb_Status status;
    upb_Status_Clear(&status);
    if (upb_DefPool_AddFile(loaded.pool, files[i], &status) == NULL) {
      fail_msg("%s", upb_Status_ErrorMessage(&status));
    }
  }
  loaded.type =
      upb_DefPool_FindMessageByName(loaded.pool, "opentelemetry.proto.trace.v1.TracesData");
  assert_non_null(loaded.type);
  *state = &loaded;
  return 0;
}

static int tear_down(void **state) {
  protos *loaded = *state;
  upb_DefPool_Free(loaded->pool);
  upb_Arena_Free(loaded->arena);
  return 0;
}

/* The wire bytes of a TracesData in JSON; ids are base64 there. In the arena. */
static lens_bytes to_wire(const protos *loaded, const char *json, size_t size) {
  upb_Status status;
  upb_Status_Clear(&status);
  upb_Message *message = upb_Message_New(loaded->type, loaded->arena);
  if (!upb_JsonDecode(json, size, message, loaded->type, loaded->pool, 0, loaded->arena, &status)) {
    fail_msg("%s", upb_Status_ErrorMessage(&status));
  }
  char *wire = NULL;
  size_t wire_size = 0;
  const upb_MiniTable *table = upb_MessageDef_MiniTable(loaded->type);
  assert_int_equal(upb_Encode(message, table, 0, loaded->arena, &wire, &wire_size), 0);
  return (lens_bytes){(const uint8_t *)wire, wire_size};
}

static void assert_json(const protos *loaded, const char *proto_json, const char *expected) {
  lens_buffer out = {0};
  lens_otlp_json_write(&out, &lens_traces_data_rule,
                       to_wire(loaded, proto_json, strlen(proto_json)));
  assert_bytes_equal(&out, expected);
  to_wire(loaded, (const char *)out.data, out.size); /* hexadecimal passes for base64 */
  lens_buffer_clean_up(&out);
}

/* A field would be missing, misnamed or of the wrong JSON type. */
static void writes_every_field(void **state) {
  assert_json(
      *state,
      "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":"
      "{\"stringValue\":\"shop\"}}],\"droppedAttributesCount\":1},\"scopeSpans\":[{\"scope\":"
      "{\"name\":\"s\",\"version\":\"1\",\"attributes\":[{\"key\":\"k\",\"value\":{\"boolValue\":"
      "true}}],\"droppedAttributesCount\":2},\"spans\":[{\"traceId\":\"AAECAwQFBgcICQoLDA0ODw==\","
      "\"spanId\":\"AAECAwQFBgc=\",\"traceState\":\"a=b\",\"parentSpanId\":\"CAkKCwwNDg8=\","
      "\"name\":\"n\",\"kind\":\"SPAN_KIND_CLIENT\",\"startTimeUnixNano\":\"18446744073709551615\","
      "\"endTimeUnixNano\":\"2\",\"droppedAttributesCount\":3,\"events\":[{\"timeUnixNano\":\"4\","
      "\"name\":\"e\",\"attributes\":[{\"key\":\"k\",\"value\":{\"intValue\":\"-5\"}}],"
      "\"droppedAttributesCount\":6}],\"droppedEventsCount\":7,\"links\":[{\"traceId\":\"/w==\","
      "\"spanId\":\"/g==\",\"traceState\":\"c=d\",\"attributes\":[{\"key\":\"k\",\"value\":{}}],"
      "\"droppedAttributesCount\":8,\"flags\":9}],\"droppedLinksCount\":10,\"status\":{\"message\":"
      "\"bad\",\"code\":\"STATUS_CODE_ERROR\"},\"flags\":257}],\"schemaUrl\":\"u\"}],"
      "\"schemaUrl\":\"v\"}]}",
      "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":"
      "{\"stringValue\":\"shop\"}}],\"droppedAttributesCount\":1},\"scopeSpans\":[{\"scope\":"
      "{\"name\":\"s\",\"version\":\"1\",\"attributes\":[{\"key\":\"k\",\"value\":{\"boolValue\":"
      "true}}],\"droppedAttributesCount\":2},\"spans\":[{\"traceId\":"
      "\"000102030405060708090a0b0c0d0e0f\",\"spanId\":\"0001020304050607\",\"traceState\":\"a=b\","
      "\"parentSpanId\":\"08090a0b0c0d0e0f\",\"name\":\"n\",\"kind\":3,\"startTimeUnixNano\":"
      "\"18446744073709551615\",\"endTimeUnixNano\":\"2\",\"droppedAttributesCount\":3,\"events\":"
      "[{\"timeUnixNano\":\"4\",\"name\":\"e\",\"attributes\":[{\"key\":\"k\",\"value\":"
      "{\"intValue\":\"-5\"}}],\"droppedAttributesCount\":6}],\"droppedEventsCount\":7,\"links\":"
      "[{\"traceId\":\"ff\",\"spanId\":\"fe\",\"traceState\":\"c=d\",\"attributes\":[{\"key\":"
      "\"k\",\"value\":{}}],\"droppedAttributesCount\":8,\"flags\":9}],\"droppedLinksCount\":10,"
      "\"status\":{\"message\":\"bad\",\"code\":2},\"flags\":257}],\"schemaUrl\":\"u\"}],"
      "\"schemaUrl\":\"v\"}]}");
}

/* A value of some type would come out wrong, or its zero be lost. */
static void writes_every_type_of_value(void **state) {
  assert_json(*state,
              "{\"resourceSpans\":[{\"resource\":{\"attributes\":["
              "{\"key\":\"a\",\"value\":{\"doubleValue\":0.5}},"
              "{\"key\":\"b\",\"value\":{\"intValue\":\"0\"}},"
              "{\"key\":\"c\",\"value\":{\"boolValue\":false}},"
              "{\"key\":\"d\",\"value\":{\"stringValue\":\"\"}},"
              "{\"key\":\"e\",\"value\":{\"bytesValue\":\"+/8=\"}},"
              "{\"key\":\"f\",\"value\":{\"arrayValue\":{\"values\":[{\"intValue\":\"1\"},{}]}}},"
              "{\"key\":\"g\",\"value\":{\"kvlistValue\":{\"values\":[{\"key\":\"h\",\"value\":"
              "{\"arrayValue\":{}}}]}}}]}}]}",
              "{\"resourceSpans\":[{\"resource\":{\"attributes\":["
              "{\"key\":\"a\",\"value\":{\"doubleValue\":0.5}},"
              "{\"key\":\"b\",\"value\":{\"intValue\":\"0\"}},"
              "{\"key\":\"c\",\"value\":{\"boolValue\":false}},"
              "{\"key\":\"d\",\"value\":{\"stringValue\":\"\"}},"
              "{\"key\":\"e\",\"value\":{\"bytesValue\":\"+/8=\"}},"
              "{\"key\":\"f\",\"value\":{\"arrayValue\":{\"values\":[{\"intValue\":\"1\"},{}]}}},"
              "{\"key\":\"g\",\"value\":{\"kvlistValue\":{\"values\":[{\"key\":\"h\",\"value\":"
              "{\"arrayValue\":{}}}]}}}]}}]}");
}

/* Readers follow these without a check, and crash. */
static void sub_messages_are_never_left_out(void **state) {
  assert_json(*state, "{}", "{\"resourceSpans\":[]}");
  assert_json(*state, "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{}]}]}]}",
              "{\"resourceSpans\":[{\"resource\":{},\"scopeSpans\":[{\"scope\":{},\"spans\":"
              "[{\"status\":{}}]}]}]}");
}

/* A singular field that comes twice would make a JSON object with the same name twice. */
static void the_last_of_a_field_counts(void **state) {
  (void)state;
  static const char span[] = "\x2a\x01x\x2a\x01y\x30\x01\x30\x02";
  static const char value[] = "\x0a\x08\x0a\x01k\x12\x03\x0a\x01v"
                              "\x0a\x08\x0a\x01k\x12\x03\x10\x01\x18";
  lens_buffer out = {0};
  lens_otlp_json_write(&out, &lens_span_rule,
                       (lens_bytes){(const uint8_t *)span, sizeof(span) - 1});
  assert_bytes_equal(&out, "{\"name\":\"y\",\"kind\":2,\"status\":{}}");
  out.size = 0;
  lens_otlp_json_write(&out, &lens_resource_rule,
                       (lens_bytes){(const uint8_t *)value, sizeof(value) - 1});
  assert_bytes_equal(&out, "{\"attributes\":[{\"key\":\"k\",\"value\":{\"stringValue\":\"v\"}},"
                           "{\"key\":\"k\",\"value\":{\"boolValue\":true}}]}");
  lens_buffer_clean_up(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(writes_every_field),
      cmocka_unit_test(writes_every_type_of_value),
      cmocka_unit_test(sub_messages_are_never_left_out),
      cmocka_unit_test(the_last_of_a_field_counts),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
