/* SPDX-License-Identifier: Apache-2.0 */
#include "engine.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static mesh_status file_error(const char *what, const char *path) {
  grpc_status_code code = GRPC_STATUS_FAILED_PRECONDITION;
  if (errno == EACCES || errno == EPERM || errno == EROFS) {
    code = GRPC_STATUS_PERMISSION_DENIED;
  }
  if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG) {
    code = GRPC_STATUS_RESOURCE_EXHAUSTED;
  }
  return mesh_status_error(code, "%s %s: %s", what, path, strerror(errno));
}

/* A folder is lasting once the folder above it is synced. */
static void sync_parent(char *folder) {
  char *slash = strrchr(folder, '/');
  const char *parent = slash == NULL ? "." : slash == folder ? "/" : folder;
  if (slash != NULL && slash != folder) {
    *slash = '\0';
  }
  int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0) {
    fsync(fd);
    close(fd);
  }
  if (slash != NULL && slash != folder) {
    *slash = '/';
  }
}

mesh_status store__make_folders(const char *path) {
  mesh_status status = mesh_status_ok();
  char *folder = strdup(path);
  if (folder == NULL) {
    abort();
  }
  for (char *slash = strchr(folder + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    if (mkdir(folder, 0777) == 0) {
      sync_parent(folder);
    } else if (errno != EEXIST) {
      status = file_error("cannot make the folder", folder);
      break;
    }
    *slash = '/';
  }
  free(folder);
  return status;
}

mesh_status store__lock_file(const char *path, int *out_fd) {
  char lock_path[4096];
  int length = snprintf(lock_path, sizeof lock_path, "%s.lock", path);
  if (length < 0 || (size_t)length >= sizeof lock_path) {
    return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "the store's path is too long");
  }
  int fd = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd < 0) {
    return file_error("cannot write the store's lock file", lock_path);
  }
  if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
    *out_fd = fd;
    return mesh_status_ok();
  }
  mesh_status status =
      errno == EWOULDBLOCK
          ? mesh_status_error(GRPC_STATUS_UNAVAILABLE,
                              "the store's file %s is in use by another process", path)
          : file_error("cannot lock", lock_path);
  close(fd);
  return status;
}
