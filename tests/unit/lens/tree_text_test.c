/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"
#include "tree_text.h"

#include <stdlib.h>
#include <string.h>

#define MS UINT64_C(1000000)
#define BASE UINT64_C(1700000000123000000) /* 2023-11-14 22:13:20.123 UTC */

static lens_buffer print(const sample_span *spans, size_t count) {
  lens_buffer request = sample_request(spans, count);
  lens_buffer out = {0};
  lens_tree tree;
  lens_tree_init(&tree, lens_buffer_bytes(&request));
  lens_tree_print(&out, &tree, (lens_bytes){sample_trace_id(0xab), 16});
  lens_tree_clean_up(&tree);
  lens_buffer_clean_up(&request);
  return out;
}

/* What `./demo trace` prints would not be a tree one can read. */
static void prints_an_aligned_tree(void **state) {
  (void)state;
  static const sample_span spans[] = {
      {"api-gateway", "POST /orders", 1, 1, 0, BASE, BASE + 12 * MS, 2, 0, NULL,
       "http.response.status_code", NULL, 201},
      {"api-gateway", "process", 1, 2, 1, BASE + MS, BASE + 11 * MS, 1, 0, NULL, NULL, NULL, 0},
      {"order-service", "Create", 1, 3, 2, BASE + 2 * MS, BASE + 9 * MS, 2, 0, NULL,
       "rpc.response.status_code", "OK", 0},
      {"order-service", "check", 1, 4, 3, BASE + 3 * MS, BASE + 3 * MS + 1500, 1, 2, "no stock",
       NULL, NULL, 0},
      {"api-gateway", "log", 1, 5, 1, BASE + 11 * MS, BASE + 11 * MS + 20, 4, 0, NULL, NULL, NULL,
       0}};
  lens_buffer out = print(spans, COUNT_OF(spans));
  assert_bytes_equal(
      &out, "trace 000000000000000000000000000000ab  2023-11-14 22:13:20.123 UTC  12.0 ms  5 spans"
            "  ✗ 1 error\n\n"
            "service        span            kind         start  duration  status\n"
            "api-gateway    POST /orders    SERVER        0 ns   12.0 ms  201\n"
            "               ├─ process                 1.00 ms   10.0 ms\n"
            "order-service  │  └─ Create    SERVER     2.00 ms   7.00 ms  OK\n"
            "               │     └─ check             3.00 ms   1.50 µs  ✗ no stock\n"
            "api-gateway    └─ log          PRODUCER   11.0 ms     20 ns\n");
  lens_buffer_clean_up(&out);
}

/* A trace that is not whole, or whose clocks differ, would look as if it were fine. */
static void says_what_is_odd(void **state) {
  (void)state;
  static const sample_span spans[] = {
      {.service = "a", .name = "late parent", .trace = 1, .id = 1, .parent = 0x99, .start = BASE},
      {.service = "a",
       .name = "skewed",
       .trace = 1,
       .id = 2,
       .parent = 3,
       .start = BASE,
       .end = BASE + 1},
      {.service = "a", .name = "parent", .trace = 1, .id = 3, .start = BASE + 2000, .end = BASE},
      {.service = "a",
       .name = "ring",
       .trace = 1,
       .id = 4,
       .parent = 4,
       .start = BASE + MS,
       .end = BASE + MS,
       .status_code = 2}};
  lens_buffer out = print(spans, COUNT_OF(spans));
  assert_bytes_contain(&out, "(span 0000000000000099 has not come)\n");
  assert_bytes_contain(&out, "└─ late parent");
  assert_bytes_contain(&out, "(clock skew: starts 2.00 µs before its parent)");
  assert_bytes_contain(&out, "(ends before it starts)");
  assert_bytes_contain(&out, "✗ error (its parent is below it)");
  lens_buffer_clean_up(&out);
}

/* A span's name could drive the terminal it is shown on, or break the lines. */
static void control_characters_do_not_get_out(void **state) {
  (void)state;
  static const sample_span spans[] = {{.service = "a\nb",
                                       .name = "\x1b[31m\xc2\x9b\x7f é",
                                       .trace = 1,
                                       .id = 1,
                                       .status_code = 2,
                                       .status_message = "\r\xff"}};
  lens_buffer out = print(spans, COUNT_OF(spans));
  for (size_t i = 0; i < out.size; i++) {
    assert_true(out.data[i] >= ' ' || out.data[i] == '\n');
  }
  assert_bytes_contain(&out, "a\xef\xbf\xbd"
                             "b");
  assert_bytes_contain(&out, "\xef\xbf\xbd[31m\xef\xbf\xbd\xef\xbf\xbd é");
  assert_null(memmem(out.data, out.size, "\xc2\x9b", 2));
  lens_buffer_clean_up(&out);
}

/* A long name would push all columns off the screen. */
static void long_names_are_cut(void **state) {
  (void)state;
  char name[200];
  memset(name, 'n', sizeof(name) - 1);
  name[sizeof(name) - 1] = '\0';
  const sample_span spans[] = {{.service = name, .name = name, .trace = 1, .id = 1}};
  lens_buffer out = print(spans, COUNT_OF(spans));
  assert_bytes_contain(&out, "nnn…");
  assert_true(out.size < 500);
  lens_buffer_clean_up(&out);
}

/* A deep trace would be indented without end. */
static void deep_spans_say_how_deep_they_are(void **state) {
  (void)state;
  sample_span spans[60] = {{0}};
  for (size_t i = 0; i < COUNT_OF(spans); i++) {
    spans[i] = (sample_span){.name = "n", .trace = 1, .id = i + 1, .parent = i, .start = i};
  }
  lens_buffer out = print(spans, COUNT_OF(spans));
  assert_bytes_contain(&out, "└─ [59] n");
  assert_bytes_contain(&out, "└─ n");
  lens_buffer_clean_up(&out);
}

/* Durations would be unreadable, or lose what matters. */
static void durations_have_three_digits_and_a_unit(void **state) {
  (void)state;
  static const struct {
    uint64_t nanos;
    const char *text;
  } cases[] = {{0, "0 ns"},          {999, "999 ns"},       {1234, "1.23 µs"},
               {12345, "12.3 µs"},   {123456, "123 µs"},    {1234567, "1.23 ms"},
               {987 * MS, "987 ms"}, {1234 * MS, "1.23 s"}, {3600000 * MS, "3600 s"}};
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    lens_buffer out = {0};
    lens_duration_print(&out, cases[i].nanos);
    assert_bytes_equal(&out, cases[i].text);
    lens_buffer_clean_up(&out);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(prints_an_aligned_tree),
      cmocka_unit_test(says_what_is_odd),
      cmocka_unit_test(control_characters_do_not_get_out),
      cmocka_unit_test(long_names_are_cut),
      cmocka_unit_test(deep_spans_say_how_deep_they_are),
      cmocka_unit_test(durations_have_three_digits_and_a_unit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
