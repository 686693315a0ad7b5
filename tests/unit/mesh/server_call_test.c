/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "call.h"

static void end_again(int output) {
  static const mesh_method method = {.path = "/shop.Orders/Place"};
  static const struct rlimit no_core = {0, 0};
  mesh_call call = {.method = &method, .has_ended = true};
  mesh_status ok = mesh_status_ok();
  setrlimit(RLIMIT_CORE, &no_core);
  signal(SIGABRT, SIG_DFL);
  dup2(output, STDERR_FILENO);
  mesh__call_end(&call, &ok, NULL);
  _exit(0);
}

/* A handler with this bug would write to what may be another call's memory by now. */
static void test_a_second_end_aborts(void **state) {
  (void)state;
  int ends[2];
  char text[256] = "";
  int status = 0;
  assert_int_equal(pipe(ends), 0);
  pid_t child = fork();
  if (child == 0) {
    end_again(ends[1]);
  }
  close(ends[1]);
  ssize_t size = read(ends[0], text, sizeof text - 1);
  close(ends[0]);
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
  assert_true(size > 0);
  assert_non_null(strstr(text, "/shop.Orders/Place"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_second_end_aborts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
