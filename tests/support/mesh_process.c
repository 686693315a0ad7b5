/* SPDX-License-Identifier: Apache-2.0 */
#include "mesh_process.h"

#include "cmocka_headers.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TURN_MS 5
#define LOG_TAIL 12000
#define MAX_ENVIRONMENT 64
#define NOT_ENDED (-1)

struct mesh_process {
  pid_t pid;
  int exit_code; /* NOT_ENDED while it runs */
  char *program;
  char *log_file;
  char *log; /* as last read */
  char *line;
};

char *mesh_process_folder_new(void) {
  const char *base = getenv("TMPDIR");
  char *folder = NULL;
  if (asprintf(&folder, "%s/mesh-test-XXXXXX", base != NULL ? base : "/tmp") < 0 ||
      mkdtemp(folder) == NULL) {
    fail_msg("cannot make a temporary folder: %s", strerror(errno));
  }
  return folder;
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *place) {
  (void)info;
  (void)type;
  (void)place;
  return remove(path);
}

void mesh_process_folder_destroy(char *folder) {
  if (folder != NULL) {
    nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(folder);
  }
}

/* What a program needs whatever the test; the rest of our environment would make tests depend on
 * who runs them. */
static size_t pass_on_environment(const char **out) {
  static const char *const names[] = {"PATH",         "TMPDIR",       "ASAN_OPTIONS",
                                      "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"};
  size_t count = 0;
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
    size_t size = strlen(names[i]);
    for (char **entry = environ; *entry != NULL; entry++) {
      if (strncmp(*entry, names[i], size) == 0 && (*entry)[size] == '=') {
        out[count++] = *entry;
      }
    }
  }
  return count;
}

static void become(const char *program, char *const *environment, const char *log_file) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  int log_fd = open(log_file, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (log_fd < 0 || nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 ||
      dup2(log_fd, STDOUT_FILENO) < 0 || dup2(log_fd, STDERR_FILENO) < 0) {
    _exit(126);
  }
  char *const arguments[] = {(char *)(uintptr_t)program, NULL};
  execve(program, arguments, environment);
  fprintf(stderr, "cannot run %s: %s\n", program, strerror(errno));
  _exit(127);
}

mesh_process *mesh_process_start(const char *program, const char *const *environment,
                                 const char *log_file) {
  const char *all[MAX_ENVIRONMENT + 1] = {NULL};
  size_t count = pass_on_environment(all);
  for (; *environment != NULL; environment++) {
    assert_true(count < MAX_ENVIRONMENT);
    all[count++] = *environment;
  }
  mesh_process *process = calloc(1, sizeof(*process));
  assert_non_null(process);
  process->exit_code = NOT_ENDED;
  process->program = strdup(program);
  process->log_file = strdup(log_file);
  unlink(log_file); /* here and not in the child: nobody may read what an earlier one logged */
  fflush(NULL);
  process->pid = fork();
  if (process->pid == 0) {
    become(program, (char *const *)(uintptr_t)all, log_file);
  }
  assert_true(process->pid > 0);
  return process;
}

/* Notes the end of the process; with `options` 0 it is waited for. */
static void reap(mesh_process *process, int options) {
  int status = 0;
  if (process->exit_code != NOT_ENDED || waitpid(process->pid, &status, options) != process->pid) {
    return;
  }
  process->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void mesh_process_destroy(mesh_process *process) {
  if (process == NULL) {
    return;
  }
  reap(process, WNOHANG);
  if (process->exit_code == NOT_ENDED) {
    kill(process->pid, SIGKILL);
    reap(process, 0);
  }
  free(process->program);
  free(process->log_file);
  free(process->log);
  free(process->line);
  free(process);
}

pid_t mesh_process_pid(const mesh_process *process) {
  return process->pid;
}

static const char *read_log(mesh_process *process) {
  free(process->log);
  process->log = NULL;
  FILE *file = fopen(process->log_file, "r");
  size_t size = 0;
  if (file == NULL || getdelim(&process->log, &size, '\0', file) < 0) {
    free(process->log);
    process->log = strdup("");
  }
  if (file != NULL) {
    fclose(file);
  }
  return process->log;
}

static void fail_with_log(mesh_process *process, const char *what) {
  const char *log = read_log(process);
  size_t size = strlen(log);
  const char *tail = size > LOG_TAIL ? log + size - LOG_TAIL : log;
  fail_msg("%s %s. Its log ends with:\n%s", process->program, what, tail);
}

/* The first line with `text` that is complete; NULL without one. */
static const char *find_line(mesh_process *process, const char *text) {
  const char *log = read_log(process);
  const char *found = strstr(log, text);
  const char *end = found != NULL ? strchr(found, '\n') : NULL;
  if (end == NULL) {
    return NULL;
  }
  const char *start = found;
  while (start > log && start[-1] != '\n') {
    start--;
  }
  free(process->line);
  process->line = strndup(start, (size_t)(end - start));
  return process->line;
}

bool mesh_process_has_logged(mesh_process *process, const char *text) {
  return find_line(process, text) != NULL;
}

size_t mesh_process_count_log(mesh_process *process, const char *text) {
  size_t count = 0;
  const char *at = strstr(read_log(process), text);
  while (at != NULL) {
    count++;
    at = strchr(at, '\n');
    at = at != NULL ? strstr(at, text) : NULL;
  }
  return count;
}

bool mesh_process_wait_until(bool (*condition)(void *data), void *data) {
  const struct timespec turn = {.tv_nsec = TURN_MS * 1000000L};
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  const time_t end = now.tv_sec + MESH_PROCESS_PATIENCE_MS / 1000;
  while (!condition(data)) {
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (now.tv_sec > end) {
      return false;
    }
    nanosleep(&turn, NULL);
  }
  return true;
}

/* A line that is waited for, or the end of the process. */
typedef struct awaited {
  mesh_process *process;
  const char *text;
} awaited;

static bool has_line_or_ended(void *data) {
  awaited *waiting = data;
  reap(waiting->process, WNOHANG);
  return mesh_process_has_logged(waiting->process, waiting->text) ||
         waiting->process->exit_code != NOT_ENDED;
}

const char *mesh_process_wait_log(mesh_process *process, const char *text) {
  awaited waiting = {process, text};
  char what[256];
  bool is_over = mesh_process_wait_until(has_line_or_ended, &waiting);
  const char *line = find_line(process, text);
  if (line == NULL) {
    snprintf(what, sizeof(what), "%s without logging '%s'", is_over ? "ended" : "went on", text);
    fail_with_log(process, what);
  }
  return line;
}

int mesh_process_wait_number(mesh_process *process, const char *text, const char *key) {
  const char *line = mesh_process_wait_log(process, text);
  const char *found = strstr(line, key);
  if (found == NULL) {
    fail_msg("no '%s' in: %s", key, line);
    return 0;
  }
  return atoi(found + strlen(key));
}

void mesh_process_signal(mesh_process *process, int signal_number) {
  reap(process, WNOHANG);
  if (process->exit_code == NOT_ENDED) {
    kill(process->pid, signal_number);
  }
}

static bool has_ended(void *data) {
  mesh_process *process = data;
  reap(process, WNOHANG);
  return process->exit_code != NOT_ENDED;
}

int mesh_process_wait(mesh_process *process) {
  if (!mesh_process_wait_until(has_ended, process)) {
    fail_with_log(process, "does not end");
  }
  if (process->exit_code != 0 && mesh_process_has_logged(process, "Sanitizer: ")) {
    fail_with_log(process, "has a report of its sanitizer");
  }
  return process->exit_code;
}

int mesh_process_stop(mesh_process *process) {
  mesh_process_signal(process, SIGTERM);
  return mesh_process_wait(process);
}
