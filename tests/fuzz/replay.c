/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a fuzz target once over every file of its corpus, without libFuzzer, so that plain ctest
 * catches a parser that breaks on an input that once broke it.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input is a heap block of exactly its size, so that a sanitizer sees the first byte too far.
 */
static int replay_file(const char *path, size_t size) {
  FILE *file = fopen(path, "rb");
  uint8_t *data = malloc(size > 0 ? size : 1);
  if (file == NULL || data == NULL || fread(data, 1, size, file) != size) {
    fprintf(stderr, "cannot read %s\n", path);
    abort();
  }
  fclose(file);
  int result = LLVMFuzzerTestOneInput(data, size);
  free(data);
  return result;
}

static unsigned replay_folder(const char *folder) {
  DIR *dir = opendir(folder);
  if (dir == NULL) {
    fprintf(stderr, "cannot open the corpus folder %s\n", folder);
    exit(1);
  }
  unsigned count = 0;
  for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
    char path[4096];
    struct stat info;
    snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
    if (stat(path, &info) == 0 && S_ISREG(info.st_mode)) {
      replay_file(path, (size_t)info.st_size);
      count++;
    }
  }
  closedir(dir);
  return count;
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s CORPUS_FOLDER\n", argv[0]);
    return 2;
  }
  unsigned count = replay_folder(argv[1]);
  printf("%u inputs replayed\n", count);
  return count > 0 ? 0 : 1; /* an empty corpus proves nothing */
}
