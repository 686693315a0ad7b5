/* SPDX-License-Identifier: Apache-2.0 */
/* A disk that is full or fails: nothing is acknowledged that is not there, and it goes on when the
 * disk does. */
#include <errno.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>

#include "store_harness.h"

/* What the disk does from now on. */
static atomic_int write_errno;
static atomic_int sync_errno;
static atomic_int writes_before_failing;

static ssize_t faulty_pwrite(int fd, const void *data, size_t size, off_t offset) {
  if (write_errno != 0 && writes_before_failing-- <= 0) {
    errno = write_errno;
    return -1;
  }
  return pwrite(fd, data, size, offset);
}

/* SQLite's, since symbols of the program come before those of the C library. */
__attribute__((visibility("default"))) int fdatasync(int fd);
int fdatasync(int fd) {
  if (sync_errno != 0) {
    errno = sync_errno;
    return -1;
  }
  return (int)syscall(SYS_fdatasync, fd);
}

__attribute__((visibility("default"))) int fsync(int fd);
int fsync(int fd) {
  return fdatasync(fd);
}

static int install_faults(void **state) {
  (void)state;
  sqlite3_vfs *vfs = sqlite3_vfs_find("unix");
  static const char *const names[] = {"pwrite", "pwrite64"};
  for (size_t i = 0; i < 2; i++) {
    vfs->xSetSystemCall(vfs, names[i], (sqlite3_syscall_ptr)faulty_pwrite);
  }
  return 0;
}

static int start(void **state) {
  static store_harness harness;
  write_errno = 0;
  sync_errno = 0;
  store_harness_start(&harness, NULL);
  *state = &harness;
  return 0;
}

static int stop(void **state) {
  write_errno = 0;
  sync_errno = 0;
  store_harness_stop(*state);
  return 0;
}

static grpc_status_code write_note(store_harness *harness, const char *text, char *out_message) {
  store_harness_op op = {.text = text};
  store_harness_write(harness, &op);
  store_harness_wait(harness);
  strcpy(out_message, op.message);
  return op.code;
}

/* A full disk would be acknowledged, stop the service for good, or go unexplained. */
static void test_full_disk(void **state) {
  store_harness *harness = *state;
  char message[512];
  assert_int_equal(write_note(harness, "before", message), GRPC_STATUS_OK);
  write_errno = ENOSPC;
  writes_before_failing = 0;
  assert_int_equal(write_note(harness, "lost", message), GRPC_STATUS_RESOURCE_EXHAUSTED);
  assert_non_null(strstr(message, "notes.db"));
  assert_non_null(strstr(message, "disk is full"));
  assert_int_equal(store_harness_notes(harness), 1); /* reads go on */
  write_errno = 0;
  assert_int_equal(write_note(harness, "after", message), GRPC_STATUS_OK);
  assert_int_equal(store_harness_notes(harness), 2);
}

/* A write that breaks off in the middle of a commit would leave a piece of it. */
static void test_fails_at_every_write(void **state) {
  store_harness *harness = *state;
  char message[512];
  int64_t expected = 0;
  for (int writes = 0; writes < 12; writes++) {
    char text[32];
    write_errno = EIO;
    writes_before_failing = writes;
    snprintf(text, sizeof text, "note %d", writes);
    grpc_status_code code = write_note(harness, text, message);
    write_errno = 0;
    expected += code == GRPC_STATUS_OK;
    assert_true(code == GRPC_STATUS_OK || code == GRPC_STATUS_UNAVAILABLE);
    assert_int_equal(store_harness_notes(harness), expected);
  }
  assert_true(expected > 0 && expected < 12);
  store_harness_reopen(harness);
  assert_int_equal(store_harness_notes(harness), expected);
}

/* What the disk could not sync would be acknowledged. */
static void test_failing_sync(void **state) {
  store_harness *harness = *state;
  char message[512];
  sync_errno = EIO;
  assert_int_equal(write_note(harness, "lost", message), GRPC_STATUS_UNAVAILABLE);
  assert_int_equal(store_harness_notes(harness), 0);
  sync_errno = 0;
  assert_int_equal(write_note(harness, "after", message), GRPC_STATUS_OK);
  store_harness_reopen(harness);
  assert_int_equal(store_harness_notes(harness), 1);
}

/* A start on a full disk would hang or say nothing. */
static void test_full_disk_at_the_start(void **state) {
  (void)state;
  temp_folder folder = temp_folder_make();
  store_options options = {.folder = folder.path,
                           .name = "notes",
                           .migrations = store_harness_migrations,
                           .migration_count = 1};
  store *opened = NULL;
  write_errno = ENOSPC;
  writes_before_failing = 0;
  mesh_status status = store_open(&options, &opened);
  write_errno = 0;
  assert_int_equal(status.code, GRPC_STATUS_RESOURCE_EXHAUSTED);
  assert_non_null(strstr(status.message, folder.path));
  temp_folder_remove(&folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_full_disk, start, stop),
      cmocka_unit_test_setup_teardown(test_fails_at_every_write, start, stop),
      cmocka_unit_test_setup_teardown(test_failing_sync, start, stop),
      cmocka_unit_test(test_full_disk_at_the_start),
  };
  return cmocka_run_group_tests(tests, install_faults, NULL);
}
