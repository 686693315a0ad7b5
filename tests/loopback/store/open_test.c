/* SPDX-License-Identifier: Apache-2.0 */
/* Opening: schema steps, and files that cannot be a store. */
#include <errno.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "store_harness.h"

static int start(void **state) {
  static temp_folder folder;
  folder = temp_folder_make();
  *state = &folder;
  return 0;
}

static int stop(void **state) {
  temp_folder_remove(*state);
  return 0;
}

static store_options options_for(const char *folder) {
  return (store_options){.folder = folder,
                         .name = "notes",
                         .migrations = store_harness_migrations,
                         .migration_count = 1};
}

/* Opening fails with this code, and says which file. */
static void assert_refused(const store_options *options, grpc_status_code code, const char *word) {
  store *opened = (store *)1;
  mesh_status status = store_open(options, &opened);
  assert_int_equal(status.code, code);
  assert_null(opened);
  assert_non_null(strstr(status.message, options->folder));
  assert_non_null(strstr(status.message, word));
}

static void assert_opens(const store_options *options) {
  store *opened = NULL;
  mesh_status status = store_open(options, &opened);
  assert_string_equal(status.message, "");
  assert_int_equal(status.code, GRPC_STATUS_OK);
  store_close(opened);
}

static void write_file(const char *folder, const char *content, size_t size) {
  char path[128];
  snprintf(path, sizeof path, "%s/notes.db", folder);
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(content, 1, size, file), size);
  fclose(file);
}

static sqlite3 *open_beside(const char *folder) {
  char path[128];
  sqlite3 *db = NULL;
  snprintf(path, sizeof path, "%s/notes.db", folder);
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  return db;
}

static int64_t ask(sqlite3 *db, const char *sql) {
  sqlite3_stmt *statement = NULL;
  assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
  assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
  int64_t number = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  return number;
}

/* A first start would need someone to make the folder. */
static void test_makes_folders(void **state) {
  char deep[128];
  snprintf(deep, sizeof deep, "%s/a/b/c", ((temp_folder *)*state)->path);
  store_options options = options_for(deep);
  assert_opens(&options);
  assert_opens(&options);
}

/* Acknowledged writes would not survive a power cut, or readers would wait for writers. */
static void test_uses_the_log(void **state) {
  const char *folder = ((temp_folder *)*state)->path;
  store_options options = options_for(folder);
  store *opened = NULL;
  mesh_status status = store_open(&options, &opened);
  assert_int_equal(status.code, GRPC_STATUS_OK);
  char path[128];
  struct stat info;
  snprintf(path, sizeof path, "%s/notes.db-wal", folder);
  assert_int_equal(stat(path, &info), 0);
  store_close(opened);
  assert_int_equal(stat(path, &info), -1); /* folded into the file */
}

static const char *const steps[] = {
    "CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (1)",
    "INSERT INTO a VALUES (2)",
    "INSERT INTO a VALUES (3); SELECT this fails",
    "INSERT INTO a VALUES (4)",
};

/* A new version would run old steps again, or skip its own. */
static void test_each_step_is_taken_once(void **state) {
  store_options options = options_for(((temp_folder *)*state)->path);
  options.migrations = steps;
  for (size_t count = 1; count <= 2; count++) {
    options.migration_count = count;
    assert_opens(&options);
    assert_opens(&options);
    sqlite3 *db = open_beside(options.folder);
    assert_int_equal(ask(db, "PRAGMA user_version"), count);
    assert_int_equal(ask(db, "SELECT count(*) FROM a"), count);
    sqlite3_close(db);
  }
}

/* A step that fails would be left half done, and done again on top of that. */
static void test_a_failing_step_changes_nothing(void **state) {
  store_options options = options_for(((temp_folder *)*state)->path);
  options.migrations = steps;
  options.migration_count = 4;
  assert_refused(&options, GRPC_STATUS_INTERNAL, "schema");
  sqlite3 *db = open_beside(options.folder);
  assert_int_equal(ask(db, "PRAGMA user_version"), 2);
  assert_int_equal(ask(db, "SELECT max(x) FROM a"), 2);
  sqlite3_close(db);
}

/* An old program would write into a schema that it does not know. */
static void test_refuses_a_newer_schema(void **state) {
  store_options options = options_for(((temp_folder *)*state)->path);
  options.migrations = steps;
  options.migration_count = 2;
  assert_opens(&options);
  options.migration_count = 1;
  assert_refused(&options, GRPC_STATUS_FAILED_PRECONDITION, "newer version");
}

/* A file that is something else would be overwritten, or crash the program. */
static void test_refuses_what_is_no_database(void **state) {
  store_options options = options_for(((temp_folder *)*state)->path);
  static const char text[] = "This is a letter to someone, and surely not a database at all. "
                             "It goes on for a while, so that it is longer than a header.";
  write_file(options.folder, text, sizeof text);
  assert_refused(&options, GRPC_STATUS_DATA_LOSS, "notes.db");
}

/* A damaged file would be taken for an empty one. */
static void test_refuses_a_damaged_database(void **state) {
  store_options options = options_for(((temp_folder *)*state)->path);
  assert_opens(&options);
  char path[128];
  snprintf(path, sizeof path, "%s/notes.db", options.folder);
  FILE *file = fopen(path, "r+b");
  assert_non_null(file);
  fseek(file, 100, SEEK_SET); /* behind the header, the page of the schema */
  for (int i = 0; i < 2000; i++) {
    fputc(0xa5, file);
  }
  fclose(file);
  assert_refused(&options, GRPC_STATUS_DATA_LOSS, "damaged");
}

/* Two programs would work on one file, each thinking that it is alone. */
static void test_refuses_a_second_process(void **state) {
  store_options options = options_for(((temp_folder *)*state)->path);
  store *opened = NULL;
  mesh_status status = store_open(&options, &opened);
  assert_int_equal(status.code, GRPC_STATUS_OK);
  assert_refused(&options, GRPC_STATUS_UNAVAILABLE, "in use");
  store_close(opened);
  assert_opens(&options);
}

/* Someone with a tool on the file would hang the service instead of failing its writes. */
static void test_a_foreign_lock_fails_writes_until_it_goes(void **state) {
  (void)state;
  store_harness harness;
  store_options hurried = {.busy_wait_ms = 20};
  store_harness_start(&harness, &hurried);
  sqlite3 *tool = open_beside(harness.folder.path);
  assert_int_equal(sqlite3_exec(tool, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
  store_harness_op locked = {.text = "one"};
  store_harness_write(&harness, &locked);
  store_harness_wait(&harness);
  assert_int_equal(locked.code, GRPC_STATUS_UNAVAILABLE);
  assert_non_null(strstr(locked.message, "locked"));
  assert_int_equal(store_harness_notes(&harness), 0); /* reads go on */
  sqlite3_close(tool);
  store_harness_op free_again = {.text = "one"};
  store_harness_write(&harness, &free_again);
  store_harness_wait(&harness);
  assert_int_equal(free_again.code, GRPC_STATUS_OK);
  store_harness_stop(&harness);
}

/* Runs `test` as somebody whom file modes bind, and gives its verdict. */
static int as_nobody(int (*test)(const char *folder), const char *folder) {
  pid_t child = fork();
  if (child == 0) {
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) {
      _exit(2);
    }
    _exit(test(folder));
  }
  int how = 0;
  waitpid(child, &how, 0);
  return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}

static int opening_is_denied(const char *folder) {
  store_options options = options_for(folder);
  store *opened = NULL;
  mesh_status status = store_open(&options, &opened);
  bool is_right =
      status.code == GRPC_STATUS_PERMISSION_DENIED && strstr(status.message, folder) != NULL;
  if (!is_right) {
    fprintf(stderr, "%s: %s\n", mesh_status_code_name(status.code), status.message);
  }
  return is_right ? 0 : 1;
}

/* Whoever starts the service as the wrong user would look for the reason elsewhere. */
static void test_names_a_folder_it_may_not_write(void **state) {
  const char *folder = ((temp_folder *)*state)->path;
  assert_int_equal(chmod(folder, 0555), 0);
  assert_int_equal(as_nobody(opening_is_denied, folder), 0);
  assert_int_equal(chmod(folder, 0755), 0);
}

/* The same for a file that may be read but not written. */
static void test_names_a_file_it_may_not_write(void **state) {
  const char *folder = ((temp_folder *)*state)->path;
  store_options options = options_for(folder);
  assert_opens(&options);
  char path[128];
  snprintf(path, sizeof path, "%s/notes.db", folder);
  assert_int_equal(chmod(path, 0444), 0);
  snprintf(path, sizeof path, "%s/notes.db.lock", folder);
  assert_int_equal(chmod(path, 0666), 0);
  assert_int_equal(chmod(folder, 0777), 0);
  assert_int_equal(as_nobody(opening_is_denied, folder), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_makes_folders, start, stop),
      cmocka_unit_test_setup_teardown(test_uses_the_log, start, stop),
      cmocka_unit_test_setup_teardown(test_each_step_is_taken_once, start, stop),
      cmocka_unit_test_setup_teardown(test_a_failing_step_changes_nothing, start, stop),
      cmocka_unit_test_setup_teardown(test_refuses_a_newer_schema, start, stop),
      cmocka_unit_test_setup_teardown(test_refuses_what_is_no_database, start, stop),
      cmocka_unit_test_setup_teardown(test_refuses_a_damaged_database, start, stop),
      cmocka_unit_test_setup_teardown(test_refuses_a_second_process, start, stop),
      cmocka_unit_test(test_a_foreign_lock_fails_writes_until_it_goes),
      cmocka_unit_test_setup_teardown(test_names_a_folder_it_may_not_write, start, stop),
      cmocka_unit_test_setup_teardown(test_names_a_file_it_may_not_write, start, stop),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
