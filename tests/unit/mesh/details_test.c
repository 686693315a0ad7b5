/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <google/rpc/error_details.pb-c.h>
#include <google/rpc/status.pb-c.h>

#include "arena.h"
#include "details.h"

/* A failure without details would carry empty ones, which some clients prefer to the message. */
static void test_none(void **state) {
  (void)state;
  mesh_arena *arena = mesh_arena_new();
  mesh__headers trailers = {0};
  mesh_status status = mesh_status_error(GRPC_STATUS_NOT_FOUND, "x");
  mesh__details_finish(NULL, &status);
  assert_null(status.details);
  mesh__details_add_to(&status, &trailers, arena);
  assert_int_equal(trailers.count, 0);
  mesh_arena_destroy(arena);
}

/* Each violation would be a detail of its own, where clients look for one BadRequest. */
static void test_violations_share_a_message(void **state) {
  (void)state;
  mesh_arena *arena = mesh_arena_new();
  mesh__details *details = mesh__details_new(arena);
  for (int i = 0; i < 10; i++) {
    mesh__details_add_field_violation(details, "field", "is wrong");
    mesh__details_add_precondition_violation(details, "TYPE", "subject", "is not met");
  }
  mesh_status status = mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "wrong");
  mesh__details_finish(details, &status);
  Google__Rpc__Status *message =
      google__rpc__status__unpack(NULL, status.details_size, status.details);
  assert_non_null(message);
  assert_int_equal(message->code, GRPC_STATUS_INVALID_ARGUMENT);
  assert_string_equal(message->message, "wrong");
  assert_int_equal(message->n_details, 2);
  Google__Rpc__BadRequest *bad = google__rpc__bad_request__unpack(
      NULL, message->details[0]->value.len, message->details[0]->value.data);
  assert_int_equal(bad->n_field_violations, 10);
  google__rpc__bad_request__free_unpacked(bad, NULL);
  google__rpc__status__free_unpacked(message, NULL);
  mesh_arena_destroy(arena);
}

static void check_metadata(const Google__Rpc__Status *status, size_t detail, const char *key,
                           const char *value) {
  Google__Rpc__ErrorInfo *info = google__rpc__error_info__unpack(
      NULL, status->details[detail]->value.len, status->details[detail]->value.data);
  assert_non_null(info);
  size_t last = info->n_metadata - 1;
  assert_string_equal(info->metadata[last]->key, key);
  assert_string_equal(info->metadata[last]->value, value);
  google__rpc__error_info__free_unpacked(info, NULL);
}

/* What a reason says about itself would be lost, or be found with another reason. */
static void test_metadata_of_error_infos(void **state) {
  (void)state;
  mesh_arena *arena = mesh_arena_new();
  mesh__details *details = mesh__details_new(arena);
  mesh__details_add_error_info(details, "PAYMENT_DECLINED", "payment");
  for (int i = 0; i < 5; i++) {
    mesh__details_add_error_info_metadata(details, "other", "");
  }
  mesh__details_add_error_info_metadata(details, "category", "fraud");
  mesh__details_add_error_info(details, "INSUFFICIENT_STOCK", "inventory");
  mesh__details_add_error_info_metadata(details, "product_id", "sku001");
  mesh_status status = mesh_status_error(GRPC_STATUS_FAILED_PRECONDITION, "declined");
  mesh__details_finish(details, &status);
  Google__Rpc__Status *message =
      google__rpc__status__unpack(NULL, status.details_size, status.details);
  assert_non_null(message);
  assert_int_equal(message->n_details, 2);
  check_metadata(message, 0, "category", "fraud");
  check_metadata(message, 1, "product_id", "sku001");
  google__rpc__status__free_unpacked(message, NULL);
  mesh_arena_destroy(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_none),
      cmocka_unit_test(test_violations_share_a_message),
      cmocka_unit_test(test_metadata_of_error_infos),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
