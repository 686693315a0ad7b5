/* SPDX-License-Identifier: Apache-2.0 */
#include "child.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* What went wrong, as the answer. */
static bool failed(gen_text *out_answer, const char *program, const char *what, const char *why) {
  *out_answer = gen_text_make(out_answer->pool);
  gen_text_printf(out_answer, "cannot %s %s: %s", what, program, why);
  return false;
}

static bool not_started(gen_text *out_answer, const char *program, int error) {
  failed(out_answer, program, "run", strerror(error));
  if (error == ENOENT) {
    gen_text_printf(out_answer, "; Debian has protoc-gen-c in protobuf-c-compiler");
  }
  return false;
}

/* The request as a file: the child may read it as slowly as it likes while we read its answer. */
static FILE *request_file(const gen_text *request) {
  FILE *file = tmpfile();
  bool is_written = file != NULL &&
                    fwrite(request->data, 1, request->size, file) == request->size &&
                    fflush(file) == 0 && fseek(file, 0, SEEK_SET) == 0;
  if (!is_written && file != NULL) {
    fclose(file);
    file = NULL;
  }
  return file;
}

/* Starts the program with `in` as its stdin and the writing end of `out` as its stdout. */
static int start(const char *program, int in, const int out[2], pid_t *out_pid) {
  char *arguments[] = {(char *)program, NULL};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclose(&actions, out[0]);
  posix_spawn_file_actions_addclose(&actions, out[1]);
  int error = posix_spawnp(out_pid, program, &actions, NULL, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

static void read_all(int fd, gen_text *out) {
  char buffer[65536];
  for (;;) {
    ssize_t size = read(fd, buffer, sizeof(buffer));
    if (size > 0) {
      gen_text_add(out, buffer, (size_t)size);
    } else if (size == 0 || errno != EINTR) {
      return;
    }
  }
}

/* Reads the answer of a child that is running, and waits for its end. */
static bool finish(const char *program, pid_t pid, int fd, gen_text *out_answer) {
  int state = 0;
  read_all(fd, out_answer);
  if (waitpid(pid, &state, 0) == pid && WIFEXITED(state) && WEXITSTATUS(state) == 0) {
    return true;
  }
  return failed(out_answer, program, "use",
                WIFSIGNALED(state) ? strsignal(WTERMSIG(state)) : "it failed; see what it said");
}

bool gen_child_run(gen_pool *pool, const char *program, const gen_text *request,
                   gen_text *out_answer) {
  *out_answer = gen_text_make(pool);
  FILE *input = request_file(request);
  int out[2];
  if (input == NULL || pipe(out) != 0) {
    return failed(out_answer, program, "talk to", strerror(errno));
  }
  pid_t pid = 0;
  int error = start(program, fileno(input), out, &pid);
  close(out[1]);
  bool is_answered = error == 0 ? finish(program, pid, out[0], out_answer)
                                : not_started(out_answer, program, error);
  close(out[0]);
  fclose(input);
  return is_answered;
}
