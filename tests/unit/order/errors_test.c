/* SPDX-License-Identifier: Apache-2.0 */
#include "errors.h"

#include <google/rpc/error_details.pb-c.h>
#include <google/rpc/status.pb-c.h>
#include <string.h>

#include "../../support/cmocka_headers.h"
#include "../../support/text.h"

/* A status with details: one of another type, then an ErrorInfo with a category. */
static mesh_status status_with_info(mesh_arena *arena) {
  Google__Rpc__ErrorInfo__MetadataEntry entry = GOOGLE__RPC__ERROR_INFO__METADATA_ENTRY__INIT;
  Google__Rpc__ErrorInfo__MetadataEntry *entries[] = {&entry};
  Google__Rpc__ErrorInfo info = GOOGLE__RPC__ERROR_INFO__INIT;
  Google__Protobuf__Any any[2] = {GOOGLE__PROTOBUF__ANY__INIT, GOOGLE__PROTOBUF__ANY__INIT};
  Google__Protobuf__Any *list[] = {&any[0], &any[1]};
  Google__Rpc__Status message = GOOGLE__RPC__STATUS__INIT;
  entry.key = shop_text("category");
  entry.value = shop_text("fraud");
  info.reason = shop_text("PAYMENT_DECLINED");
  info.metadata = entries;
  info.n_metadata = 1;
  any[0].type_url = shop_text("type.googleapis.com/google.rpc.RetryInfo");
  any[1].type_url = shop_text("type.googleapis.com/google.rpc.ErrorInfo");
  any[1].value.len = google__rpc__error_info__get_packed_size(&info);
  any[1].value.data = mesh_arena_alloc(arena, any[1].value.len);
  google__rpc__error_info__pack(&info, any[1].value.data);
  message.details = list;
  message.n_details = 2;
  size_t size = google__rpc__status__get_packed_size(&message);
  uint8_t *packed = mesh_arena_alloc(arena, size);
  google__rpc__status__pack(&message, packed);
  return (mesh_status){GRPC_STATUS_FAILED_PRECONDITION, "declined", packed, size};
}

/* A client would not learn why its payment was declined. */
static void test_reads_reason_and_category(void **state) {
  (void)state;
  mesh_arena *arena = mesh_arena_new();
  mesh_status status = status_with_info(arena);
  order_error error = order_error_read(arena, &status);
  assert_string_equal(error.reason, "PAYMENT_DECLINED");
  assert_string_equal(error.category, "fraud");
  mesh_arena_destroy(arena);
}

/* What another service sends, cut at any byte or not at all, would bring this one down. */
static void test_broken_details_say_nothing(void **state) {
  (void)state;
  mesh_arena *arena = mesh_arena_new();
  mesh_status status = status_with_info(arena);
  size_t whole = status.details_size;
  for (size_t size = 0; size < whole; size++) {
    status.details_size = size;
    assert_string_equal(order_error_read(arena, &status).category, "");
  }
  status.details = NULL;
  assert_string_equal(order_error_read(arena, &status).reason, "");
  mesh_arena_destroy(arena);
}

/* Stock that may be held would not be released; or every refusal cost a call more. */
static void test_refusals(void **state) {
  (void)state;
  assert_true(order_error_is_refusal(GRPC_STATUS_FAILED_PRECONDITION));
  assert_true(order_error_is_refusal(GRPC_STATUS_NOT_FOUND));
  assert_false(order_error_is_refusal(GRPC_STATUS_UNAVAILABLE));
  assert_false(order_error_is_refusal(GRPC_STATUS_DEADLINE_EXCEEDED));
  assert_false(order_error_is_refusal(GRPC_STATUS_INTERNAL));
  assert_false(order_error_is_refusal(GRPC_STATUS_ABORTED));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_reads_reason_and_category),
      cmocka_unit_test(test_broken_details_say_nothing),
      cmocka_unit_test(test_refusals),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
