/* SPDX-License-Identifier: Apache-2.0 */
/* A folder for one test, gone after it. */
#ifndef TESTS_SUPPORT_TEMP_FOLDER_H
#define TESTS_SUPPORT_TEMP_FOLDER_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct temp_folder {
  char path[64];
} temp_folder;

static inline temp_folder temp_folder_make(void) {
  temp_folder folder = {"/tmp/meshwork-test-XXXXXX"};
  if (mkdtemp(folder.path) == NULL) {
    perror(folder.path);
    abort();
  }
  return folder;
}

static inline int temp_folder__remove_one(const char *path, const struct stat *info, int type,
                                          struct FTW *where) {
  (void)info;
  (void)type;
  (void)where;
  return remove(path);
}

static inline void temp_folder_remove(const temp_folder *folder) {
  nftw(folder->path, temp_folder__remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
