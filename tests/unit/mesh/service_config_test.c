/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <mesh/context.h>
#include <stdio.h>
#include <string.h>

#include "service_config.h"

static mesh__service_config config;

static void parse(const char *json) {
  mesh_status status = mesh__service_config_parse(json, &config);
  if (!mesh_status_is_ok(&status)) {
    fail_msg("%s", status.message);
  }
}

static void done(void) {
  mesh__service_config_clean_up(&config);
}

/* A method would get the timeout of another, or none. */
static void test_the_most_exact_name_counts(void **state) {
  (void)state;
  parse("{\"methodConfig\":["
        "{\"name\":[{}],\"timeout\":\"9s\"},"
        "{\"name\":[{\"service\":\"a.B\"},{\"service\":\"a.C\"}],\"timeout\":\"5s\"},"
        "{\"name\":[{\"service\":\"a.B\",\"method\":\"Get\"}],\"timeout\":\"0.25s\"},"
        "{\"name\":[{\"service\":\"a.B\",\"method\":\"Watch\"}]}]}");
  static const struct {
    const char *path;
    int64_t timeout_ms;
  } cases[] = {
      {"/a.B/Get", 250},   {"/a.B/GetAll", 5000},
      {"/a.C/Get", 5000},  {"/a.B/Watch", MESH_NO_TIMEOUT},
      {"/a.BB/Get", 9000}, {"/a/B/Get", 9000},
      {"", 9000},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    assert_int_equal(mesh__service_config_timeout_ms(&config, cases[i].path), cases[i].timeout_ms);
  }
  done();
}

/* Methods that are not named would have a timeout. */
static void test_no_name_no_timeout(void **state) {
  (void)state;
  static const char *const configs[] = {
      "{}",
      "{\"methodConfig\":[]}",
      "{\"methodConfig\":[{\"timeout\":\"1s\"}]}",
      "{\"methodConfig\":[{\"name\":[{\"service\":\"a.B\"}],\"timeout\":\"1s\"}]}",
  };
  for (size_t i = 0; i < sizeof configs / sizeof configs[0]; i++) {
    parse(configs[i]);
    assert_int_equal(mesh__service_config_timeout_ms(&config, "/x.Y/Z"), MESH_NO_TIMEOUT);
    done();
  }
}

/* The C core would apply timeouts by its own clock, or not get the rest. */
static void test_the_core_gets_the_rest(void **state) {
  (void)state;
  parse(" {\"loadBalancingConfig\" : [{\"round_robin\":{}}], \"methodConfig\":[{\"name\":[{}], "
        "\"timeout\":\"1s\", \"waitForReady\":true}]}");
  assert_string_equal(config.for_core, "{\"loadBalancingConfig\":[{\"round_robin\":{}}],"
                                       "\"methodConfig\":[{\"name\":[{}],\"waitForReady\":true}]}");
  done();
}

static void expect_timeout(const char *text, int64_t timeout_ms) {
  char json[128];
  snprintf(json, sizeof json, "{\"methodConfig\":[{\"name\":[{}],\"timeout\":%s}]}", text);
  parse(json);
  assert_int_equal(mesh__service_config_timeout_ms(&config, "/a.B/C"), timeout_ms);
  done();
}

/* A timeout would be taken for another. */
static void test_durations(void **state) {
  (void)state;
  expect_timeout("\"1s\"", 1000);
  expect_timeout("\"0s\"", 0);
  expect_timeout("\"1.s\"", 1000);
  expect_timeout("\"0.1s\"", 100);
  expect_timeout("\"3.000000001s\"", 3001);
  expect_timeout("\"0.999000000s\"", 999);
  expect_timeout("\"315576000000s\"", 315576000000000);
}

/* A mistake would be found by whoever waits for calls that never end. */
static void test_mistakes_are_named(void **state) {
  (void)state;
  static const struct {
    const char *json;
    const char *named;
  } cases[] = {
      {"", "line 1, column 0"},
      {"{\n\"a\":1,}", "line 2, column 7"},
      {"{} x", "column 4"},
      {"{\"a\":1,\"a\":2}", "duplicate"},
      {"[]", "must be an object"},
      {"{\"methodConfig\":{}}", "methodConfig an array"},
      {"{\"methodConfig\":[{},7]}", "methodConfig[1]"},
      {"{\"methodConfig\":[{\"name\":{}}]}", "methodConfig[0]"},
      {"{\"methodConfig\":[{\"name\":[\"a.B/C\"]}]}", "methodConfig[0].name"},
      {"{\"methodConfig\":[{\"name\":[{\"service\":1}]}]}", "methodConfig[0].name"},
      {"{\"methodConfig\":[{\"name\":[{\"method\":\"Get\"}]}]}", "method Get without"},
      {"{\"methodConfig\":[{\"name\":[{}]},{\"name\":[{}]}]}", "methodConfig[1].name"},
      {"{\"methodConfig\":[{\"timeout\":1}]}", "methodConfig[0].timeout is no string"},
      {"{\"methodConfig\":[{\"timeout\":\"1\"}]}", "methodConfig[0].timeout is 1:"},
      {"{\"methodConfig\":[{\"timeout\":\"-1s\"}]}", "timeout is -1s"},
      {"{\"methodConfig\":[{\"timeout\":\"1.5 s\"}]}", "timeout is 1.5 s"},
      {"{\"methodConfig\":[{\"timeout\":\".5s\"}]}", "timeout is .5s"},
      {"{\"methodConfig\":[{\"timeout\":\"1.0123456789s\"}]}", "timeout is 1.0123456789s"},
      {"{\"methodConfig\":[{\"timeout\":\"1000000000000s\"}]}", "timeout is 1000000000000s"},
      {"{\"methodConfig\":[{\"timeout\":\"1ss\"}]}", "timeout is 1ss"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    mesh_status status = mesh__service_config_parse(cases[i].json, &config);
    assert_int_equal(status.code, GRPC_STATUS_INVALID_ARGUMENT);
    if (strstr(status.message, cases[i].named) == NULL) {
      fail_msg("'%s' does not name '%s'", status.message, cases[i].named);
    }
    done();
  }
}

/* In place of the C core: does not like one word. */
static bool accepts(const char *json, void *word) {
  return strstr(json, word) == NULL;
}

static void expect_culprit(const char *word, const char *expected) {
  char culprit[MESH__CULPRIT_SIZE];
  mesh__service_config_find_culprit(&config, accepts, (void *)(uintptr_t)word, culprit);
  assert_string_equal(culprit, expected);
}

/* Whoever wrote a long config would have to guess what is wrong with it. */
static void test_culprits(void **state) {
  (void)state;
  parse("{\"loadBalancingConfig\":[{\"no_such\":{}}],\"methodConfig\":[{\"name\":[{}],"
        "\"retryPolicy\":{\"maxAttempts\":2}},{\"name\":[{\"service\":\"a.B\"}],"
        "\"waitForReady\":true,\"retryPolicy\":{\"maxAttempts\":1}}]}");
  expect_culprit("no_such", "loadBalancingConfig");
  expect_culprit("\"maxAttempts\":1", "methodConfig[1].retryPolicy");
  expect_culprit("waitForReady", "methodConfig[1].waitForReady");
  expect_culprit("a.B", "methodConfig");
  expect_culprit("nothing", "");
  done();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_most_exact_name_counts), cmocka_unit_test(test_no_name_no_timeout),
      cmocka_unit_test(test_the_core_gets_the_rest),     cmocka_unit_test(test_durations),
      cmocka_unit_test(test_mistakes_are_named),         cmocka_unit_test(test_culprits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
