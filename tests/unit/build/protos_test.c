/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The public protos are written by hand from their wire contract: these bytes are what every other
 * implementation sends, so a wrong field number or type shows here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <google/api/annotations.pb-c.h>
#include <google/rpc/status.pb-c.h>
#include <grpc/health/v1/health.pb-c.h>
#include <grpc/reflection/v1/reflection.pb-c.h>
#include <opentelemetry/proto/collector/trace/v1/trace_service.pb-c.h>

typedef struct wire_fact {
  const ProtobufCMessageDescriptor *message;
  const char *field;
  unsigned number;
  ProtobufCType type;
} wire_fact;

/* A field that moved would be silently dropped by whoever reads it. */
static void test_fields_have_their_public_numbers(void **state) {
  (void)state;
  const ProtobufCMessageDescriptor *span = &opentelemetry__proto__trace__v1__span__descriptor;
  const ProtobufCMessageDescriptor *rule = &google__api__http_rule__descriptor;
  const wire_fact facts[] = {
      {span, "trace_id", 1, PROTOBUF_C_TYPE_BYTES},
      {span, "trace_state", 3, PROTOBUF_C_TYPE_STRING},
      {span, "parent_span_id", 4, PROTOBUF_C_TYPE_BYTES},
      {span, "name", 5, PROTOBUF_C_TYPE_STRING},
      {span, "kind", 6, PROTOBUF_C_TYPE_ENUM},
      {span, "start_time_unix_nano", 7, PROTOBUF_C_TYPE_FIXED64},
      {span, "attributes", 9, PROTOBUF_C_TYPE_MESSAGE},
      {span, "events", 11, PROTOBUF_C_TYPE_MESSAGE},
      {span, "links", 13, PROTOBUF_C_TYPE_MESSAGE},
      {span, "status", 15, PROTOBUF_C_TYPE_MESSAGE},
      {span, "flags", 16, PROTOBUF_C_TYPE_FIXED32},
      {&opentelemetry__proto__trace__v1__status__descriptor, "code", 3, PROTOBUF_C_TYPE_ENUM},
      {&opentelemetry__proto__common__v1__any_value__descriptor, "bytes_value", 7,
       PROTOBUF_C_TYPE_BYTES},
      {rule, "get", 2, PROTOBUF_C_TYPE_STRING},
      {rule, "post", 4, PROTOBUF_C_TYPE_STRING},
      {rule, "body", 7, PROTOBUF_C_TYPE_STRING},
      {rule, "custom", 8, PROTOBUF_C_TYPE_MESSAGE},
      {rule, "additional_bindings", 11, PROTOBUF_C_TYPE_MESSAGE},
      {rule, "response_body", 12, PROTOBUF_C_TYPE_STRING},
      {&google__rpc__status__descriptor, "details", 3, PROTOBUF_C_TYPE_MESSAGE},
      {&grpc__health__v1__health_check_response__descriptor, "status", 1, PROTOBUF_C_TYPE_ENUM},
      {&grpc__reflection__v1__server_reflection_request__descriptor, "list_services", 7,
       PROTOBUF_C_TYPE_STRING},
  };
  for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(facts[i].message, facts[i].field);
    assert_non_null(field);
    assert_int_equal(field->id, facts[i].number);
    assert_int_equal(field->type, facts[i].type);
  }
}

/* Bytes as an exporter sends them, the two-byte tag of flags included, leave nothing unknown. */
static void test_a_span_from_the_wire_is_read_whole(void **state) {
  (void)state;
  static const uint8_t wire[] = {
      0x22, 0x01, 0xab,                      /* parent_span_id */
      0x2a, 0x01, 'n',                       /* name */
      0x30, 0x02,                            /* kind: SERVER */
      0x39, 1,    0,    0,    0, 0, 0, 0, 0, /* start_time_unix_nano */
      0x7a, 0x02, 0x18, 0x02,                /* status: ERROR */
      0x85, 0x01, 0x01, 0x03, 0, 0,          /* flags */
  };
  Opentelemetry__Proto__Trace__V1__Span *span =
      opentelemetry__proto__trace__v1__span__unpack(NULL, sizeof(wire), wire);
  assert_non_null(span);
  assert_int_equal(span->base.n_unknown_fields, 0);
  assert_int_equal(span->kind, OPENTELEMETRY__PROTO__TRACE__V1__SPAN__SPAN_KIND__SPAN_KIND_SERVER);
  assert_int_equal(span->status->code,
                   OPENTELEMETRY__PROTO__TRACE__V1__STATUS__STATUS_CODE__STATUS_CODE_ERROR);
  assert_int_equal(span->flags, 0x301);
  opentelemetry__proto__trace__v1__span__free_unpacked(span, NULL);
}

/* protoc-c and "oneof": the case that was set is the case that arrives. */
static void test_oneof_keeps_its_case(void **state) {
  (void)state;
  Google__Api__HttpRule rule = GOOGLE__API__HTTP_RULE__INIT;
  rule.pattern_case = GOOGLE__API__HTTP_RULE__PATTERN_POST;
  rule.post = (char *)"/orders";
  uint8_t wire[32];
  size_t size = google__api__http_rule__pack(&rule, wire);
  Google__Api__HttpRule *parsed = google__api__http_rule__unpack(NULL, size, wire);
  assert_non_null(parsed);
  assert_int_equal(parsed->pattern_case, GOOGLE__API__HTTP_RULE__PATTERN_POST);
  assert_string_equal(parsed->post, "/orders");
  google__api__http_rule__free_unpacked(parsed, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_fields_have_their_public_numbers),
      cmocka_unit_test(test_a_span_from_the_wire_is_read_whole),
      cmocka_unit_test(test_oneof_keeps_its_case),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
