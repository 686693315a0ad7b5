/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The headers that were fetched and the libupb that is linked are of one build: a layout or a table
 * that differs shows here, before it shows as a mystery in the gateway.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <google/api/annotations.upb.h>
#include <google/api/http.upb.h>
#include <google/protobuf/descriptor.upb.h>
#include <google/rpc/status.upb.h>
#include <upb/def.h>
#include <upb/encode.h>
#include <upb/extension_registry.h>
#include <upb/json_decode.h>
#include <upb/json_encode.h>
#include <upb/reflection.h>

typedef struct shop {
  upb_Arena *arena;
  upb_DefPool *pool;
  google_protobuf_FileDescriptorSet *files;
} shop;

static const char *read_descriptors(upb_Arena *arena, size_t *out_size) {
  FILE *file = fopen(SHOP_DESCRIPTORS, "rb");
  assert_non_null(file);
  const size_t capacity = 1 << 20;
  char *bytes = upb_Arena_Malloc(arena, capacity);
  assert_non_null(bytes);
  *out_size = fread(bytes, 1, capacity, file);
  assert_true(*out_size > 0 && *out_size < capacity);
  fclose(file);
  return bytes;
}

static int load_shop(void **state) {
  static shop loaded;
  size_t size = 0;
  loaded.arena = upb_Arena_New();
  loaded.pool = upb_DefPool_New();
  const char *bytes = read_descriptors(loaded.arena, &size);
  loaded.files = google_protobuf_FileDescriptorSet_parse(bytes, size, loaded.arena);
  assert_non_null(loaded.files);

  size_t count = 0;
  const google_protobuf_FileDescriptorProto *const *files =
      google_protobuf_FileDescriptorSet_file(loaded.files, &count);
  for (size_t i = 0; i < count; i++) {
    upb_Status status;
    upb_Status_Clear(&status);
    if (upb_DefPool_AddFile(loaded.pool, files[i], &status) == NULL) {
      fail_msg("%s", upb_Status_ErrorMessage(&status));
    }
  }
  *state = &loaded;
  return 0;
}

static int free_shop(void **state) {
  shop *loaded = *state;
  upb_DefPool_Free(loaded->pool);
  upb_Arena_Free(loaded->arena);
  return 0;
}

static upb_Message *from_json(const shop *loaded, const upb_MessageDef *type, const char *json) {
  upb_Status status;
  upb_Status_Clear(&status);
  upb_Message *message = upb_Message_New(type, loaded->arena);
  if (!upb_JsonDecode(json, strlen(json), message, type, loaded->pool, 0, loaded->arena, &status)) {
    fail_msg("%s", upb_Status_ErrorMessage(&status));
  }
  return message;
}

/* JSON in, wire bytes, JSON out: a field that moved between header and library would be lost. */
static void test_order_survives_json_and_wire(void **state) {
  const shop *loaded = *state;
  const char *json =
      "{\"order_id\":\"o-1\",\"product_id\":\"laptop-001\",\"quantity\":2,"
      "\"unit_price\":999.99,\"total\":1999.98,\"status\":\"ORDER_STATUS_CONFIRMED\","
      "\"created_at\":\"2024-05-06T07:08:09Z\",\"failure_reason\":\"\","
      "\"items\":[{\"item_id\":\"laptop-001\",\"quantity\":2,\"unit_price\":999.99}]}";
  const upb_MessageDef *type = upb_DefPool_FindMessageByName(loaded->pool, "shop.order.v1.Order");
  assert_non_null(type);
  upb_Message *order = from_json(loaded, type, json);

  char *wire = NULL;
  size_t wire_size = 0;
  const upb_MiniTable *table = upb_MessageDef_MiniTable(type);
  assert_int_equal(upb_Encode(order, table, 0, loaded->arena, &wire, &wire_size), 0);
  upb_Message *decoded = upb_Message_New(type, loaded->arena);
  assert_int_equal(upb_Decode(wire, wire_size, decoded, table, NULL, 0, loaded->arena), 0);

  char text[512];
  const int options = upb_JsonEncode_EmitDefaults | upb_JsonEncode_UseProtoNames;
  size_t length = upb_JsonEncode(decoded, type, loaded->pool, options, text, sizeof(text), NULL);
  assert_true(length < sizeof(text));
  assert_string_equal(text, json);
}

/* The generated accessors and libgrpc's tables agree about google.api.http. */
static void test_http_rule_is_read_from_method_options(void **state) {
  const shop *loaded = *state;
  const upb_ServiceDef *service =
      upb_DefPool_FindServiceByName(loaded->pool, "shop.order.v1.OrderService");
  assert_non_null(service);
  const upb_MethodDef *method = upb_ServiceDef_FindMethodByName(service, "CreateOrder");
  assert_non_null(method);

  size_t size = 0;
  char *bytes =
      google_protobuf_MethodOptions_serialize(upb_MethodDef_Options(method), loaded->arena, &size);
  upb_ExtensionRegistry *extensions = upb_ExtensionRegistry_New(loaded->arena);
  const upb_MiniTable_Extension *known[] = {&google_api_http_ext};
  assert_true(_upb_extreg_add(extensions, known, 1));
  google_protobuf_MethodOptions *options =
      google_protobuf_MethodOptions_parse_ex(bytes, size, extensions, 0, loaded->arena);
  assert_non_null(options);
  assert_true(google_api_has_http(options));
  const google_api_HttpRule *rule = google_api_http(options);
  upb_StringView path = google_api_HttpRule_post(rule);
  assert_int_equal(path.size, strlen("/orders"));
  assert_memory_equal(path.data, "/orders", path.size);
}

/* google.rpc.Status has its table in libgrpc: a link that misses it fails here. */
static void test_status_round_trip(void **state) {
  const shop *loaded = *state;
  google_rpc_Status *status = google_rpc_Status_new(loaded->arena);
  google_rpc_Status_set_code(status, 5);
  google_rpc_Status_set_message(status, upb_StringView_FromString("no such order"));
  size_t size = 0;
  char *bytes = google_rpc_Status_serialize(status, loaded->arena, &size);
  google_rpc_Status *parsed = google_rpc_Status_parse(bytes, size, loaded->arena);
  assert_non_null(parsed);
  assert_int_equal(google_rpc_Status_code(parsed), 5);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_order_survives_json_and_wire),
      cmocka_unit_test(test_http_rule_is_read_from_method_options),
      cmocka_unit_test(test_status_round_trip),
  };
  return cmocka_run_group_tests(tests, load_shop, free_shop);
}
