/* SPDX-License-Identifier: Apache-2.0 */
#include "credentials.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

enum { PEM_SIZE_MAX = 1024 * 1024 };

/* The texts of the files, NULL where there is none. */
typedef struct pem_texts {
  char *authorities;
  char *certificate;
  char *key;
} pem_texts;

static void pem_texts_clean_up(pem_texts *texts) {
  free(texts->authorities);
  free(texts->certificate);
  free(texts->key);
}

static mesh_status read_pem(const char *path, char **out_text) {
  if (path == NULL) {
    return mesh_status_ok();
  }
  FILE *file = fopen(path, "re");
  if (file == NULL) {
    return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "cannot read '%s': %s", path,
                             strerror(errno));
  }
  char *text = mesh__xmalloc(PEM_SIZE_MAX + 1);
  size_t size = fread(text, 1, PEM_SIZE_MAX, file);
  text[size] = '\0';
  fclose(file);
  *out_text = mesh__xrealloc(text, size + 1);
  if (strstr(*out_text, "-----BEGIN ") == NULL) {
    return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "'%s' is not a PEM file", path);
  }
  return mesh_status_ok();
}

static mesh_status read_all(const mesh__pem_files *files, pem_texts *out_texts) {
  if ((files->certificate == NULL) != (files->key == NULL)) {
    return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT,
                             "certificate_file and key_file must be given together");
  }
  mesh_status status = read_pem(files->authorities, &out_texts->authorities);
  if (mesh_status_is_ok(&status)) {
    status = read_pem(files->certificate, &out_texts->certificate);
  }
  if (mesh_status_is_ok(&status)) {
    status = read_pem(files->key, &out_texts->key);
  }
  return status;
}

mesh_status mesh__client_tls(const mesh__pem_files *files,
                             grpc_channel_credentials **out_credentials) {
  pem_texts texts = {NULL, NULL, NULL};
  mesh_status status = read_all(files, &texts);
  if (mesh_status_is_ok(&status)) {
    grpc_ssl_pem_key_cert_pair pair = {texts.key, texts.certificate};
    *out_credentials = grpc_ssl_credentials_create_ex(texts.authorities,
                                                      texts.key != NULL ? &pair : NULL, NULL, NULL);
  }
  pem_texts_clean_up(&texts);
  if (mesh_status_is_ok(&status) && *out_credentials == NULL) {
    return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "the TLS files cannot be used");
  }
  return status;
}

mesh_status mesh__server_tls(const mesh__pem_files *files,
                             grpc_server_credentials **out_credentials) {
  pem_texts texts = {NULL, NULL, NULL};
  mesh_status status = read_all(files, &texts);
  if (mesh_status_is_ok(&status)) {
    grpc_ssl_pem_key_cert_pair pair = {texts.key, texts.certificate};
    grpc_ssl_client_certificate_request_type request =
        texts.authorities != NULL ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
                                  : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE;
    *out_credentials =
        grpc_ssl_server_credentials_create_ex(texts.authorities, &pair, 1, request, NULL);
  }
  pem_texts_clean_up(&texts);
  if (mesh_status_is_ok(&status) && *out_credentials == NULL) {
    return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "the TLS files cannot be used");
  }
  return status;
}
