/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program under test, as a process of its own: started with an environment of the test's making,
 * watched through its log, stopped by signals. Whatever happens to the test, no process outlives
 * it.
 *
 * Failures (a program that cannot be started, a wait that takes too long) fail the cmocka test
 * under way, with the tail of the log.
 */
#ifndef TESTS_SUPPORT_MESH_PROCESS_H
#define TESTS_SUPPORT_MESH_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Long enough for a loaded machine under a sanitizer; no test waits this long when all is well. */
#define MESH_PROCESS_PATIENCE_MS 30000

typedef struct mesh_process mesh_process;

/* A fresh folder below TMPDIR; and its removal, with all that is in it. */
char *mesh_process_folder_new(void);
void mesh_process_folder_destroy(char *folder); /* NULL does nothing */

/*
 * Starts `program`, a path, with nothing in its environment but PATH, the sanitizers' options and
 * `environment`: "NAME=value" texts, the last one NULL. What it prints goes to `log_file`, which is
 * made anew. Free with mesh_process_destroy.
 */
mesh_process *mesh_process_start(const char *program, const char *const *environment,
                                 const char *log_file);

/* Kills it if it still runs. NULL does nothing. */
void mesh_process_destroy(mesh_process *process);

pid_t mesh_process_pid(const mesh_process *process);

/* Waits until a log line has `text` in it; that line, valid until the next call. */
const char *mesh_process_wait_log(mesh_process *process, const char *text);

/* True when a log line has `text` in it by now. */
bool mesh_process_has_logged(mesh_process *process, const char *text);

/* How many log lines have `text` in them by now. */
size_t mesh_process_count_log(mesh_process *process, const char *text);

/* Waits for a log line with `text` and gives the number that follows `key` in it: a port, say. */
int mesh_process_wait_number(mesh_process *process, const char *text, const char *key);

void mesh_process_signal(mesh_process *process, int signal_number);

/* Waits until it has ended. @return its exit code; 128 and the signal's number when one ended it.
 */
int mesh_process_wait(mesh_process *process);

/* SIGTERM, and then as above. */
int mesh_process_stop(mesh_process *process);

/* Waits until `condition(data)` is true, asking again every few milliseconds; false when it takes
 * too long. */
bool mesh_process_wait_until(bool (*condition)(void *data), void *data);

#endif
