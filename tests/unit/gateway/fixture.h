/* SPDX-License-Identifier: Apache-2.0 */
/* What the gateway's tests start from: an arena, and the API of tests/protos/gateway/library.proto.
 */
#ifndef TESTS_GATEWAY_FIXTURE_H
#define TESTS_GATEWAY_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api.h"
#include "builtin.h"
#include "problem.h"

typedef struct gateway_fixture {
  upb_Arena *arena;
  gateway_descriptors *descriptors;
  gateway_api *api;
  gateway_problem problem;
} gateway_fixture;

static inline gateway_text text(const char *literal) {
  return gateway_text_from(literal);
}

/* Fails unless `actual` is `expected`, and shows both. */
#define assert_text_equal(actual, expected) \
  assert_text_equal_at((actual), (expected), __FILE__, __LINE__)

static inline void assert_text_equal_at(gateway_text actual, const char *expected, const char *file,
                                        int line) {
  if (!gateway_text_is(actual, expected)) {
    print_error("\"%.*s\" is not \"%s\"\n", GATEWAY_TEXT_ARGS(actual), expected);
    _fail(file, line);
  }
}

static inline void assert_ok(mesh_status status) {
  if (!mesh_status_is_ok(&status)) {
    print_error("%s\n", status.message);
  }
  assert_int_equal(status.code, GRPC_STATUS_OK);
}

static inline int fixture_set_up(void **state) {
  gateway_fixture *fixture = test_calloc(1, sizeof *fixture);
  fixture->arena = gateway_arena_new(NULL, 0);
  fixture->descriptors = gateway_descriptors_new();
  assert_ok(gateway_descriptors_add_file(fixture->descriptors, LIBRARY_DESCRIPTORS));
  gateway_builtin_add_base(fixture->descriptors);
  assert_ok(gateway_api_new(fixture->descriptors, &fixture->api));
  gateway_problem_init(&fixture->problem, fixture->arena);
  *state = fixture;
  return 0;
}

static inline int fixture_tear_down(void **state) {
  gateway_fixture *fixture = *state;
  gateway_api_destroy(fixture->api);
  gateway_descriptors_destroy(fixture->descriptors);
  upb_Arena_Free(fixture->arena);
  test_free(fixture);
  return 0;
}

#define fixture_test(function) \
  cmocka_unit_test_setup_teardown(function, fixture_set_up, fixture_tear_down)

#endif
