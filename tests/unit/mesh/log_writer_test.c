/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log_writer.h"

/* Standard error is a pipe during a test. */
typedef struct fixture {
  int reader;
  int stderr_before;
} fixture;

static int set_up(void **state) {
  fixture *self = calloc(1, sizeof *self);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return -1;
  }
  self->reader = ends[0];
  self->stderr_before = dup(STDERR_FILENO);
  dup2(ends[1], STDERR_FILENO);
  close(ends[1]);
  *state = self;
  return 0;
}

static int tear_down(void **state) {
  fixture *self = *state;
  mesh__log_stop();
  dup2(self->stderr_before, STDERR_FILENO);
  close(self->stderr_before);
  close(self->reader);
  mesh__log_take_lost();
  free(self);
  return 0;
}

static void write_lines(int first, int count) {
  char line[64];
  for (int i = first; i < first + count; i++) {
    snprintf(line, sizeof line, "line %06d of many, with some text behind it\n", i);
    mesh__log_write(otlp_string_from(line));
  }
}

/* Reads `count` lines; every one must be the next. */
static void expect_lines(int reader, int first, int count) {
  FILE *file = fdopen(dup(reader), "r");
  char line[128];
  for (int i = first; i < first + count; i++) {
    char expected[64];
    snprintf(expected, sizeof expected, "line %06d of many, with some text behind it\n", i);
    assert_non_null(fgets(line, sizeof line, file));
    assert_string_equal(line, expected);
  }
  fclose(file);
}

/* Broken: what a program logs before mesh_app is there would be lost. */
static void test_a_line_is_written_at_once_when_not_started(void **state) {
  fixture *self = *state;
  write_lines(0, 3);
  expect_lines(self->reader, 0, 3);
}

/* Broken: lines would stay in memory, or arrive out of order. */
static void test_gathered_lines_arrive_in_order_by_themselves(void **state) {
  fixture *self = *state;
  mesh__log_start();
  write_lines(0, 500);
  expect_lines(self->reader, 0, 500);
  write_lines(500, 1);
  expect_lines(self->reader, 500, 1);
  assert_int_equal(mesh__log_take_lost(), 0);
}

/* Broken: the last lines, which say why a process ends, would be missing. */
static void test_stop_writes_what_is_gathered(void **state) {
  fixture *self = *state;
  mesh__log_start();
  write_lines(0, 100);
  mesh__log_stop();
  write_lines(100, 1);
  expect_lines(self->reader, 0, 101);
}

/* Broken: in a file, which gets larger pieces than a pipe, lines would be missing or cut. */
static void test_a_file_gets_every_line(void **state) {
  (void)state;
  FILE *file = tmpfile();
  assert_non_null(file);
  dup2(fileno(file), STDERR_FILENO);
  mesh__log_start();
  write_lines(0, 1500);
  mesh__log_stop();
  rewind(file);
  expect_lines(fileno(file), 0, 1500);
  assert_int_equal(mesh__log_take_lost(), 0);
  fclose(file);
}

/* Broken: a pipe nobody reads would hold up a loop or the end of the process, or lines would be
 * lost without a word. */
static void test_a_reader_that_does_not_read_costs_lines_only(void **state) {
  fixture *self = *state;
  enum { MANY = 20000, LINE_SIZE = 46 }; /* more than a pipe and both buffers hold */
  mesh__log_start();
  write_lines(0, MANY);
  mesh__log_stop();
  unsigned long lost = mesh__log_take_lost();
  assert_true(lost > 0 && lost < MANY);
  /* What did arrive are whole lines, from the first on. */
  fcntl(self->reader, F_SETFL, O_NONBLOCK);
  static char text[1 << 20];
  ssize_t size = read(self->reader, text, sizeof text);
  assert_true(size > 0 && size % LINE_SIZE == 0);
  assert_true((unsigned long)size / LINE_SIZE + lost <= MANY);
  assert_memory_equal(text, "line 000000 ", 12);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_a_line_is_written_at_once_when_not_started, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(test_gathered_lines_arrive_in_order_by_themselves, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(test_a_file_gets_every_line, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_stop_writes_what_is_gathered, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_reader_that_does_not_read_costs_lines_only, set_up,
                                      tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
