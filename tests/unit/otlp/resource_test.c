/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <otlp/log.h>
#include <otlp/resource.h>

static int warnings;

static void count_warnings(otlp_log_level level, const char *message, void *user_data) {
  (void)message;
  (void)user_data;
  warnings += level == OTLP_LOG_WARN ? 1 : 0;
}

static const otlp_value *value_of(const otlp_resource *resource, const char *key) {
  size_t count;
  const otlp_attribute *attributes = otlp_resource_attributes(resource, &count);
  const otlp_value *found = NULL;
  for (size_t i = 0; i < count; i++) {
    if (attributes[i].key.length == strlen(key) &&
        memcmp(attributes[i].key.data, key, strlen(key)) == 0) {
      assert_null(found);
      found = &attributes[i].value;
    }
  }
  return found;
}

static size_t count_of(const otlp_resource *resource) {
  size_t count;
  otlp_resource_attributes(resource, &count);
  return count;
}

/* A resource keeps copies: what it was made of may go. */
static void test_everything_is_copied(void **state) {
  (void)state;
  char key[] = "key";
  char text[] = "text";
  char word[] = "word";
  int64_t integers[] = {1, 2, 3};
  bool booleans[] = {true, false, true};
  double numbers[] = {0.5};
  otlp_string strings[] = {{word, 4}, {word, 2}};
  otlp_attribute attributes[] = {
      otlp_attribute_string(key, text),
      otlp_attribute_of(S("i"), (otlp_value){OTLP_VALUE_INT_ARRAY, 3, .as.integers = integers}),
      otlp_attribute_of(S("b"), (otlp_value){OTLP_VALUE_BOOL_ARRAY, 3, .as.booleans = booleans}),
      otlp_attribute_of(S("d"), (otlp_value){OTLP_VALUE_DOUBLE_ARRAY, 1, .as.numbers = numbers}),
      otlp_attribute_of(S("s"), (otlp_value){OTLP_VALUE_STRING_ARRAY, 2, .as.strings = strings}),
      otlp_attribute_bool("flag", true),
  };
  otlp_resource *resource = otlp_resource_new(attributes, COUNT_OF(attributes), S(""));
  memset(key, 0, sizeof(key));
  memset(text, 0, sizeof(text));
  memset(word, 0, sizeof(word));
  memset(integers, 0, sizeof(integers));
  memset(booleans, 0, sizeof(booleans));
  memset(numbers, 0, sizeof(numbers));
  memset(strings, 0, sizeof(strings));
  assert_text_equal(value_of(resource, "key")->as.string, "text");
  assert_int_equal(value_of(resource, "i")->as.integers[2], 3);
  assert_true(value_of(resource, "b")->as.booleans[2]);
  assert_true(value_of(resource, "d")->as.numbers[0] == 0.5);
  assert_text_equal(value_of(resource, "s")->as.strings[0], "word");
  assert_text_equal(value_of(resource, "s")->as.strings[1], "wo");
  assert_true(value_of(resource, "flag")->as.boolean);
  otlp_resource_release(resource);
}

/* Keys are unique and not empty. */
static void test_keys(void **state) {
  (void)state;
  const otlp_attribute attributes[] = {otlp_attribute_int("a", 1), otlp_attribute_int("", 2),
                                       otlp_attribute_int("b", 3), otlp_attribute_int("a", 4)};
  otlp_resource *resource = otlp_resource_new(attributes, 4, S(""));
  assert_int_equal(count_of(resource), 2);
  assert_int_equal(value_of(resource, "a")->as.integer, 4);
  otlp_resource_release(resource);
}

/* The updating resource wins; neither is changed. */
static void test_merge(void **state) {
  (void)state;
  const otlp_attribute old_attributes[] = {otlp_attribute_int("a", 1), otlp_attribute_int("b", 2)};
  const otlp_attribute new_attributes[] = {otlp_attribute_int("b", 3), otlp_attribute_int("c", 4)};
  otlp_resource *old = otlp_resource_new(old_attributes, 2, S(""));
  otlp_resource *updating = otlp_resource_new(new_attributes, 2, S(""));
  otlp_resource *merged = otlp_resource_merge(old, updating);
  assert_int_equal(count_of(merged), 3);
  assert_int_equal(value_of(merged, "a")->as.integer, 1);
  assert_int_equal(value_of(merged, "b")->as.integer, 3);
  assert_int_equal(value_of(merged, "c")->as.integer, 4);
  assert_int_equal(value_of(old, "b")->as.integer, 2);
  otlp_resource_release(merged);
  merged = otlp_resource_merge(NULL, NULL);
  assert_int_equal(count_of(merged), 0);
  otlp_resource_release(merged);
  otlp_resource_release(old);
  otlp_resource_release(updating);
}

/* Schema URLs: the one there is; none, and a warning, when they differ. */
static void test_merge_of_schema_urls(void **state) {
  (void)state;
  static const struct {
    const char *old;
    const char *updating;
    const char *merged;
    int warnings;
  } cases[] = {
      {"", "", "", 0}, {"u", "", "u", 0}, {"", "u", "u", 0}, {"u", "u", "u", 0}, {"u", "v", "", 1},
  };
  otlp_set_log_handler(count_warnings, NULL);
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    warnings = 0;
    otlp_resource *old = otlp_resource_new(NULL, 0, S(cases[i].old));
    otlp_resource *updating = otlp_resource_new(NULL, 0, S(cases[i].updating));
    otlp_resource *merged = otlp_resource_merge(old, updating);
    assert_text_equal(otlp_resource_schema_url(merged), cases[i].merged);
    assert_int_equal(warnings, cases[i].warnings);
    otlp_resource_release(old);
    otlp_resource_release(updating);
    otlp_resource_release(merged);
  }
  otlp_set_log_handler(NULL, NULL);
}

/* What the specification demands of every resource; the official SDK's name is not ours to use. */
static void test_default(void **state) {
  (void)state;
  otlp_resource *resource = otlp_resource_default();
  otlp_resource *other = otlp_resource_default();
  assert_text_equal(value_of(resource, "service.name")->as.string,
                    "unknown_service:test-unit-otlp-resource");
  assert_text_equal(value_of(resource, "telemetry.sdk.name")->as.string, "meshwork");
  assert_text_equal(value_of(resource, "telemetry.sdk.language")->as.string, "c");
  assert_non_null(value_of(resource, "telemetry.sdk.version"));
  otlp_string id = value_of(resource, "service.instance.id")->as.string;
  assert_int_equal(id.length, 36);
  assert_int_equal(id.data[14], '4');
  assert_true(strchr("89ab", id.data[19]) != NULL);
  assert_true(id.data[8] == '-' && id.data[13] == '-' && id.data[18] == '-' && id.data[23] == '-');
  assert_memory_not_equal(id.data, value_of(other, "service.instance.id")->as.string.data, 36);
  otlp_resource_release(resource);
  otlp_resource_release(other);
}

/* The detectors' names, and that they say by which schema. */
static void test_detectors(void **state) {
  (void)state;
  otlp_resource *resource = otlp_resource_detect_process_and_host();
  assert_true(value_of(resource, "process.pid")->as.integer > 0);
  assert_text_equal(value_of(resource, "process.executable.name")->as.string,
                    "test-unit-otlp-resource");
  assert_text_equal(value_of(resource, "os.type")->as.string, "linux");
  assert_non_null(value_of(resource, "host.name"));
  assert_non_null(value_of(resource, "host.arch"));
  assert_true(otlp_resource_schema_url(resource).length > 0);
  otlp_resource_release(resource);
}

/* OTEL_RESOURCE_ATTRIBUTES is decoded; OTEL_SERVICE_NAME wins over it. */
static void test_environment(void **state) {
  (void)state;
  setenv("OTEL_RESOURCE_ATTRIBUTES", "service.name=a, k1 = v%201 ,k2=%2C%3D", 1);
  unsetenv("OTEL_SERVICE_NAME");
  otlp_resource *resource = otlp_resource_from_environment();
  assert_int_equal(count_of(resource), 3);
  assert_text_equal(value_of(resource, "service.name")->as.string, "a");
  assert_text_equal(value_of(resource, "k1")->as.string, "v 1");
  assert_text_equal(value_of(resource, "k2")->as.string, ",=");
  otlp_resource_release(resource);
  setenv("OTEL_SERVICE_NAME", "b", 1);
  resource = otlp_resource_from_environment();
  assert_text_equal(value_of(resource, "service.name")->as.string, "b");
  assert_int_equal(count_of(resource), 3);
  otlp_resource_release(resource);
}

/* Any error discards all of the variable, and says so; the service's name has its own. */
static void test_a_broken_environment_is_discarded(void **state) {
  (void)state;
  static const char *const broken[] = {"a=1,b", "a=%zz", "a=%F", "=1", "a=%FF"};
  otlp_set_log_handler(count_warnings, NULL);
  setenv("OTEL_SERVICE_NAME", "b", 1);
  for (size_t i = 0; i < COUNT_OF(broken); i++) {
    warnings = 0;
    setenv("OTEL_RESOURCE_ATTRIBUTES", broken[i], 1);
    otlp_resource *resource = otlp_resource_from_environment();
    assert_int_equal(count_of(resource), 1);
    assert_int_equal(warnings, 1);
    otlp_resource_release(resource);
  }
  otlp_set_log_handler(NULL, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_everything_is_copied),
      cmocka_unit_test(test_keys),
      cmocka_unit_test(test_merge),
      cmocka_unit_test(test_merge_of_schema_urls),
      cmocka_unit_test(test_default),
      cmocka_unit_test(test_detectors),
      cmocka_unit_test(test_environment),
      cmocka_unit_test(test_a_broken_environment_is_discarded),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
