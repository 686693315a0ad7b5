/* SPDX-License-Identifier: Apache-2.0 */
/* kill -9 at random moments: what was acknowledged is there, and nothing is there twice or in part.
 */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "store_harness.h"

enum { ROUNDS = 25, AHEAD = 64, NOTES_MAX = 1000000 };

/* The writer's side: keeps AHEAD operations going, and says the number of each acknowledged one. */
typedef struct writer {
  store *store;
  mesh_context *context;
  int next;
  int acknowledged_fd;
} writer;

typedef struct writer_note {
  writer *owner;
  int number;
} writer_note;

/* Two rows for each number: half of them would be a torn transaction. */
static mesh_status insert_pair(store_transaction *transaction, void *data) {
  static const store_statement insert = {"INSERT INTO notes (number, text) VALUES (?, ?)", "INSERT",
                                         "notes"};
  writer_note *note = data;
  for (int half = 0; half < 2; half++) {
    char text[32];
    snprintf(text, sizeof text, "%d/%d", note->number, half);
    store_query *query = store_query_start(transaction, &insert);
    store_bind_int(query, note->number * 2 + half);
    store_bind_text(query, text);
    store_execute(query);
  }
  return mesh_status_ok();
}

static void write_next(writer *self);

static void on_written(const store_result *result, void *data) {
  writer_note *note = data;
  if (result->status.code != GRPC_STATUS_OK || write(note->owner->acknowledged_fd, &note->number,
                                                     sizeof note->number) != sizeof note->number) {
    _exit(3);
  }
  write_next(note->owner);
}

static void write_next(writer *self) {
  writer_note *note = mesh_arena_alloc(mesh_context_arena(self->context), sizeof *note);
  note->owner = self;
  note->number = self->next++;
  store_operation operation = {.run = insert_pair, .done = on_written, .data = note};
  store_write(self->store, self->context, &operation);
}

static void run_writer(const store_options *options, int first, int acknowledged_fd) {
  mesh_loop *loop = mesh_loop_new();
  writer self = {.context = mesh_context_new(loop, NULL, MESH_NO_TIMEOUT),
                 .next = first,
                 .acknowledged_fd = acknowledged_fd};
  mesh_status status = store_open(options, &self.store);
  if (!mesh_status_is_ok(&status)) {
    _exit(4);
  }
  for (int i = 0; i < AHEAD; i++) {
    write_next(&self);
  }
  mesh_loop_run(loop);
}

/* Starts a writer and kills it once it has acknowledged something, a random while later. */
static int kill_one(const store_options *options, int first, bool *acknowledged, unsigned *seed) {
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    run_writer(options, first, ends[1]);
    _exit(5);
  }
  close(ends[1]);
  int highest = first;
  int number;
  bool is_killed = false;
  int until_kill = rand_r(seed) % 400;
  while (read(ends[0], &number, sizeof number) == sizeof number) {
    assert_in_range(number, 0, NOTES_MAX - 1);
    acknowledged[number] = true;
    highest = number > highest ? number : highest;
    if (!is_killed && until_kill-- <= 0) {
      kill(child, SIGKILL);
      is_killed = true;
    }
  }
  close(ends[0]);
  int how = 0;
  waitpid(child, &how, 0);
  assert_true(WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL);
  return highest + AHEAD + 1;
}

static const bool *expected;
static int expected_end;

static mesh_status compare(store_transaction *transaction, void *data) {
  static const store_statement select = {"SELECT number, text FROM notes ORDER BY number", "SELECT",
                                         "notes"};
  store_query *query = store_query_start(transaction, &select);
  int acknowledged_next = 0;
  int64_t row = 0;
  int64_t number = 0;
  (void)data;
  for (; store_query_next(query); row++) {
    number = store_column_int(query, 0) / 2;
    assert_int_equal(store_column_int(query, 0) % 2, row % 2); /* in pairs */
    for (; acknowledged_next < number; acknowledged_next++) {
      assert_false(expected[acknowledged_next]); /* acknowledged and not there */
    }
    acknowledged_next = (int)number + 1;
  }
  assert_int_equal(row % 2, 0);
  for (; acknowledged_next < expected_end; acknowledged_next++) {
    assert_false(expected[acknowledged_next]);
  }
  return mesh_status_ok();
}

/* An acknowledged write would be gone after a crash. */
static void test_nothing_acknowledged_is_lost(void **state) {
  (void)state;
  unsigned seed = (unsigned)time(NULL);
  const char *given = getenv("CRASH_SEED");
  seed = given != NULL ? (unsigned)strtoul(given, NULL, 10) : seed;
  print_message("CRASH_SEED=%u\n", seed);
  temp_folder folder = temp_folder_make();
  store_options options = {.folder = folder.path,
                           .name = "notes",
                           .migrations = store_harness_migrations,
                           .migration_count = 1};
  bool *acknowledged = calloc(NOTES_MAX, sizeof *acknowledged);
  int first = 0;
  for (int round = 0; round < ROUNDS; round++) {
    first = kill_one(&options, first, acknowledged, &seed);
  }
  expected = acknowledged;
  expected_end = first;
  store_harness harness = {.folder = folder, .options = options};
  harness.loop = mesh_loop_new();
  harness.context = mesh_context_new(harness.loop, NULL, MESH_NO_TIMEOUT);
  mesh_status status = store_open(&options, &harness.store);
  assert_int_equal(status.code, GRPC_STATUS_OK);
  store_harness_op op = {.run = compare};
  store_harness_read(&harness, &op);
  store_harness_wait(&harness);
  assert_int_equal(op.code, GRPC_STATUS_OK);
  store_harness_stop(&harness);
  free(acknowledged);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_nothing_acknowledged_is_lost),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
