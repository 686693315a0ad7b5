/* SPDX-License-Identifier: Apache-2.0 */
#include "export/pem_file.h"

#include <errno.h>
#include <otlp/log.h>
#include <stdio.h>
#include <stdlib.h>

/* Far above any bundle of certificates, far below what would hurt. */
enum { PEM_FILE_MAX_SIZE = 8 * 1024 * 1024 };

static char *read_all(FILE *file) {
  size_t capacity = 16 * 1024;
  size_t size = 0;
  char *text = malloc(capacity);
  while (text != NULL) {
    size += fread(text + size, 1, capacity - 1 - size, file);
    text[size] = '\0';
    if (size < capacity - 1) {
      break;
    }
    capacity *= 2;
    char *larger = capacity <= PEM_FILE_MAX_SIZE ? realloc(text, capacity) : NULL;
    if (larger == NULL) {
      free(text);
      errno = EFBIG;
    }
    text = larger;
  }
  if (text != NULL && ferror(file)) {
    free(text);
    text = NULL;
  }
  return text;
}

/* True when there is no file to read, or it was read. */
static bool read_pem(const char *path, char **out_text) {
  *out_text = NULL;
  if (path == NULL) {
    return true;
  }
  FILE *file = fopen(path, "re");
  if (file != NULL) {
    *out_text = read_all(file);
  }
  if (*out_text == NULL) {
    otlp_log(OTLP_LOG_ERROR, "cannot read '%s': %s", path, strerror(errno));
  }
  if (file != NULL) {
    fclose(file);
  }
  return *out_text != NULL;
}

bool otlp__tls_files_init(otlp__tls_files *self, const otlp_exporter_options *options) {
  *self = (otlp__tls_files){0};
  if ((options->client_key_file == NULL) != (options->client_certificate_file == NULL)) {
    otlp_log(OTLP_LOG_ERROR, "a client key and a client certificate are of use only together");
    return false;
  }
  if (!read_pem(options->certificate_file, &self->certificate) ||
      !read_pem(options->client_key_file, &self->client_key) ||
      !read_pem(options->client_certificate_file, &self->client_certificate)) {
    otlp__tls_files_clean_up(self);
    return false;
  }
  return true;
}

void otlp__tls_files_clean_up(otlp__tls_files *self) {
  if (self->client_key != NULL) {
    explicit_bzero(self->client_key, strlen(self->client_key));
  }
  free(self->certificate);
  free(self->client_key);
  free(self->client_certificate);
  *self = (otlp__tls_files){0};
}
