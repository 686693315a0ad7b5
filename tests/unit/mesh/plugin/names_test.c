/* SPDX-License-Identifier: Apache-2.0 */
#include "names.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static int set_up(void **state) {
  *state = gen_pool_new();
  return 0;
}

static int tear_down(void **state) {
  gen_pool_destroy(*state);
  return 0;
}

/* Functions and members would not be where a reader of protoc-gen-c's names looks for them. */
static void test_lower_case_is_protoc_gen_cs(void **state) {
  assert_string_equal(gen_name_lower(*state, "GetItem"), "get_item");
  assert_string_equal(gen_name_lower(*state, "HTTPGet"), "httpget");
  assert_string_equal(gen_name_lower(*state, "getHTTP"), "get_http");
  assert_string_equal(gen_name_lower(*state, "A1B2"), "a1_b2");
  assert_string_equal(gen_name_lower(*state, "snake_Case"), "snake__case");
  assert_string_equal(gen_name_lower(*state, "e"), "e");
  assert_string_equal(gen_name_lower(*state, ""), "");
}

/* Generated code would name message types that protoc-gen-c has not made. */
static void test_types_are_protoc_gen_cs(void **state) {
  assert_string_equal(gen_name_type(*state, ".shop.v1.Order"), "Shop__V1__Order");
  assert_string_equal(gen_name_type(*state, "Foo_Bar.v1Beta2.snake_msg_v2x"),
                      "FooBar__V1Beta2__SnakeMsgV2x");
  assert_string_equal(gen_name_type(*state, "p.Outer.inner_thing"), "P__Outer__InnerThing");
  assert_string_equal(gen_name_type(*state, "Lonely"), "Lonely");
  assert_string_equal(gen_name_lower_type(*state, ".my.PkgOver.HTTPRequest.MEntry"),
                      "my__pkg_over__httprequest__mentry");
}

/* Two packages could share the prefix of their functions. */
static void test_prefix_keeps_every_piece(void **state) {
  assert_string_equal(gen_name_prefix(*state, "shop.inventory.v1"), "shop_inventory_v1");
  assert_string_equal(gen_name_prefix(*state, "XMLApi.v2beta3"), "xmlapi_v2beta3");
}

/* A method Delete or Default would break every file that includes the header. */
static void test_members_are_no_keywords(void **state) {
  assert_string_equal(gen_name_member(*state, "default"), "default_");
  assert_string_equal(gen_name_member(*state, "delete"), "delete_");
  assert_string_equal(gen_name_member(*state, "alignas"), "alignas_");
  assert_string_equal(gen_name_member(*state, "xor_eq"), "xor_eq_");
  assert_string_equal(gen_name_member(*state, "unix"), "unix_");
  assert_string_equal(gen_name_member(*state, "defaults"), "defaults");
}

/* The generated file would include a header that is not there. */
static void test_stem_is_without_the_ending(void **state) {
  assert_string_equal(gen_name_stem(*state, "shop/v1/order.proto"), "shop/v1/order");
  assert_string_equal(gen_name_stem(*state, "a.protodevel"), "a");
  assert_string_equal(gen_name_stem(*state, "a.proto.txt"), "a.proto.txt");
  assert_string_equal(gen_name_stem(*state, ".proto"), "");
}

/* Two headers with one guard: the second would be empty. */
static void test_guards_differ_when_names_do(void **state) {
  assert_string_equal(gen_name_guard(*state, "a/b.proto"), "a_2fb_2eproto");
  assert_string_equal(gen_name_guard(*state, "a_b.proto"), "a_5fb_2eproto");
  assert_string_equal(gen_name_guard(*state, "\xc3\xa9"), "_c3_a9");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_lower_case_is_protoc_gen_cs),
      cmocka_unit_test(test_types_are_protoc_gen_cs),
      cmocka_unit_test(test_prefix_keeps_every_piece),
      cmocka_unit_test(test_members_are_no_keywords),
      cmocka_unit_test(test_stem_is_without_the_ending),
      cmocka_unit_test(test_guards_differ_when_names_do),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
