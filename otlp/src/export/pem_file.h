/* SPDX-License-Identifier: Apache-2.0 */
/* The files that say whom TLS trusts and who we are. */
#ifndef OTLP_EXPORT_PEM_FILE_H
#define OTLP_EXPORT_PEM_FILE_H

#include <otlp/otlp_exporter.h>

/* Each a NUL-terminated text from malloc, or NULL when not configured. */
typedef struct otlp__tls_files {
  char *certificate;
  char *client_key;
  char *client_certificate;
} otlp__tls_files;

/* Reads what the options name. False, with an error logged, when a file can't be read, or when only
 * one of client key and certificate is there. */
bool otlp__tls_files_init(otlp__tls_files *self, const otlp_exporter_options *options);

/* The key is wiped before its memory is given back. */
void otlp__tls_files_clean_up(otlp__tls_files *self);

#endif
