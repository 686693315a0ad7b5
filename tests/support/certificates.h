/* SPDX-License-Identifier: Apache-2.0 */
/* Self-signed certificates for tests, made by the openssl program in a folder of their own. */
#ifndef TESTS_SUPPORT_CERTIFICATES_H
#define TESTS_SUPPORT_CERTIFICATES_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct certificates {
  char folder[32];
  char key[64]; /* paths of PEM files */
  char certificate[64];
} certificates;

/* A key and a certificate for 127.0.0.1 and localhost, which is its own authority. */
static inline bool certificates_init(certificates *self) {
  char command[512];
  snprintf(self->folder, sizeof(self->folder), "/tmp/otlp-tls-XXXXXX");
  if (mkdtemp(self->folder) == NULL) {
    return false;
  }
  snprintf(self->key, sizeof(self->key), "%s/key.pem", self->folder);
  snprintf(self->certificate, sizeof(self->certificate), "%s/certificate.pem", self->folder);
  snprintf(command, sizeof(command),
           "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
           "-subj /CN=localhost -addext subjectAltName=IP:127.0.0.1,DNS:localhost "
           "-keyout %s -out %s 2>/dev/null",
           self->key, self->certificate);
  return system(command) == 0;
}

static inline void certificates_clean_up(certificates *self) {
  unlink(self->key);
  unlink(self->certificate);
  rmdir(self->folder);
}

/* The file's text, from malloc. */
static inline char *certificates_read(const char *path) {
  FILE *file = fopen(path, "r");
  char *text = calloc(1, 16384);
  if (file == NULL || text == NULL || fread(text, 1, 16383, file) == 0) {
    abort();
  }
  fclose(file);
  return text;
}

#endif
