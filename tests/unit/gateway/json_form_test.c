/* SPDX-License-Identifier: Apache-2.0 */
#include "json_form.h"

#include "fixture.h"

#include <upb/decode.h>
#include <upb/reflection.h>

/* What is said of the serialized test.library.v1.Everything. */
static const char *check(void **state, const char *bytes, size_t size) {
  gateway_fixture *fixture = *state;
  const upb_DefPool *pool = fixture->api->pool;
  const upb_MessageDef *def = upb_DefPool_FindMessageByName(pool, "test.library.v1.Everything");
  upb_Message *message = upb_Message_New(def, fixture->arena);
  assert_int_equal(
      upb_Decode(bytes, size, message, upb_MessageDef_MiniTable(def), NULL, 0, fixture->arena),
      kUpb_DecodeStatus_Ok);
  const char *error = gateway_json_form_check(pool, def, message, fixture->arena);
  return error == NULL ? "" : error;
}

#define CHECK(bytes) check(state, bytes, sizeof bytes - 1)

/* What upb's encoder fails at, with memory in its hands, would reach it. */
static void test_forms(void **state) {
  assert_string_equal(CHECK("\xe2\x01\x1d\x0a\x1bx/test.library.v1.Author/no"),
                      "it holds a google.protobuf.Any of an unknown type");
  assert_string_equal(CHECK("\xe2\x01\x1a\x0a\x18x/test.library.v1.Author"), "");
  assert_string_equal(CHECK("\xe2\x01\x1d\x0a\x18x/test.library.v1.Author\x12\x01\xff"),
                      "it holds a google.protobuf.Any that can't be decoded");
  assert_string_equal(CHECK("\xb2\x01\x02\x10\x05"), "");
  assert_string_equal(CHECK("\xb2\x01\x0b\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
                      "it holds a google.protobuf.Timestamp that is no time");
  assert_string_equal(CHECK("\xba\x01\x02\x08\x05"), "");
  assert_string_equal(CHECK("\xba\x01\x0b\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
                      "it holds a google.protobuf.Duration that can't be written");
  assert_string_equal(CHECK("\xc2\x01\x05\x0a\x03"
                            "a_b"),
                      "");
  assert_string_equal(CHECK("\xc2\x01\x05\x0a\x03"
                            "a_B"),
                      "it holds a google.protobuf.FieldMask that can't be written");
  assert_string_equal(CHECK("\xda\x01\x02\x08\x00"), "");
  assert_string_equal(CHECK("\xda\x01\x00"), "it holds a google.protobuf.Value without a value");
  assert_string_equal(CHECK("\xea\x01\x05\xba\x01\x02\x10\x05"), "");
}

/* Any within Any within Any would exhaust the stack. */
static void test_deep_any(void **state) {
  static char bytes[16384];
  size_t size = 0;
  for (int i = 0; i < 150; i++) {
    /* An Any that holds what was made so far: value = 2, type_url = 1. */
    static const char url[] = "\x0a\x15x/google.protobuf.Any";
    static char next[sizeof bytes];
    size_t at = 0;
    memcpy(next, url, sizeof url - 1);
    at += sizeof url - 1;
    next[at++] = 0x12;
    next[at++] = (char)(size % 128 + 128);
    next[at++] = (char)(size / 128);
    memcpy(next + at, bytes, size);
    size += at;
    memcpy(bytes, next, size);
  }
  static char message[sizeof bytes + 8];
  memcpy(message, "\xe2\x01", 2);
  message[2] = (char)(size % 128 + 128);
  message[3] = (char)(size / 128);
  memcpy(message + 4, bytes, size);
  assert_string_equal(check(state, message, size + 4), "it is nested too deeply");
}

/* Messages without any Any would be looked at each time, or those with one not at all. */
static void test_may_hold_any(void **state) {
  gateway_fixture *fixture = *state;
  static const struct {
    const char *name;
    bool expected;
  } cases[] = {{"test.library.v1.Book", false},
               {"test.library.v1.Everything", true},
               {"google.protobuf.Any", true},
               {"google.protobuf.Struct", false},
               {"google.api.HttpBody", true}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    assert_int_equal(
        gateway_may_hold_any(upb_DefPool_FindMessageByName(fixture->api->pool, cases[i].name)),
        cases[i].expected);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      fixture_test(test_forms),
      fixture_test(test_deep_any),
      fixture_test(test_may_hold_any),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
