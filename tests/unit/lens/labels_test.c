/* SPDX-License-Identifier: Apache-2.0 */
#include "labels.h"
#include "sample.h"

/* Resource.attributes {"service.name": "me"}. */
static const char resource_bytes[] = "\x0a\x14\x0a\x0cservice.name\x12\x04\x0a\x02me";
static const lens_origin resource = {{(const uint8_t *)resource_bytes, sizeof(resource_bytes) - 1},
                                     {0}};
static const lens_origin scope = {{(const uint8_t *)"\x0a\x01x", 3}, {0}};

/* Every span would bring its own copy of its resource. */
static void the_same_resource_is_kept_once(void **state) {
  (void)state;
  lens_labels labels;
  lens_labels_init(&labels, 1);
  size_t before = labels.memory;
  lens_label *first = lens_labels_resource(&labels, &resource);
  size_t after = labels.memory;
  lens_label *second = lens_labels_resource(&labels, &resource);
  assert_ptr_equal(first, second);
  assert_true(after > before);
  assert_int_equal(labels.memory, after);
  assert_true(lens_bytes_equal(first->service, lens_bytes_of("me")));
  lens_labels_release(&labels, first);
  lens_labels_release(&labels, second);
  assert_int_equal(labels.memory, before);
  lens_labels_clean_up(&labels);
}

/* Spans of different services or schemas would be mixed up. */
static void what_differs_is_kept_apart(void **state) {
  (void)state;
  lens_labels labels;
  lens_labels_init(&labels, 1);
  const lens_origin other = {resource.message, {(const uint8_t *)"https://schema", 14}};
  lens_label *first = lens_labels_resource(&labels, &resource);
  lens_label *second = lens_labels_resource(&labels, &other);
  lens_label *first_scope = lens_labels_scope(&labels, first, &scope);
  lens_label *second_scope = lens_labels_scope(&labels, second, &scope);
  assert_ptr_not_equal(first, second);
  assert_ptr_not_equal(first_scope, second_scope);
  assert_ptr_equal(first_scope->parent, first);
  lens_label *all[] = {first, second, first_scope, second_scope};
  for (size_t i = 0; i < COUNT_OF(all); i++) {
    lens_labels_release(&labels, all[i]);
  }
  lens_labels_clean_up(&labels);
}

/* A scope would refer to a resource that is gone. */
static void a_scope_holds_its_resource(void **state) {
  (void)state;
  lens_labels labels;
  lens_labels_init(&labels, 1);
  lens_label *around = lens_labels_resource(&labels, &resource);
  lens_label *within = lens_labels_scope(&labels, around, &scope);
  lens_labels_release(&labels, around);
  assert_int_equal(labels.table.count, 2);
  assert_true(lens_bytes_equal(within->service, lens_bytes_of("me")));
  lens_labels_release(&labels, within);
  assert_int_equal(labels.table.count, 0);
  lens_labels_release(&labels, NULL);
  lens_labels_clean_up(&labels);
}

/* Grafana shows no span of a resource without attributes. */
static void a_resource_has_at_least_a_service_name(void **state) {
  (void)state;
  static const lens_origin empty = {{0}, {0}};
  lens_labels labels;
  lens_labels_init(&labels, 1);
  lens_label *label = lens_labels_resource(&labels, &empty);
  lens_bytes value = {0};
  assert_true(
      lens_attribute(label->origin.message, LENS_RESOURCE_ATTRIBUTES, "service.name", &value));
  assert_true(lens_bytes_equal(lens_any_value_text(value), lens_bytes_of("unknown_service")));
  lens_labels_release(&labels, label);
  lens_labels_clean_up(&labels);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_same_resource_is_kept_once),
      cmocka_unit_test(what_differs_is_kept_apart),
      cmocka_unit_test(a_scope_holds_its_resource),
      cmocka_unit_test(a_resource_has_at_least_a_service_name),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
