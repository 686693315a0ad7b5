/* SPDX-License-Identifier: Apache-2.0 */
/* TLS credentials from PEM files. */
#ifndef MESH__CREDENTIALS_H
#define MESH__CREDENTIALS_H

#include <grpc/grpc_security.h>
#include <mesh/status.h>

/* The files of one side; each may be NULL. Certificate and key come together. */
typedef struct mesh__pem_files {
  const char *authorities;
  const char *certificate;
  const char *key;
} mesh__pem_files;

/* INVALID_ARGUMENT names the file that cannot be read or the one that is missing. To be released.
 */
MESH_MUST_USE mesh_status mesh__client_tls(const mesh__pem_files *files,
                                           grpc_channel_credentials **out_credentials);

/* With authorities, clients must show a certificate of theirs. */
MESH_MUST_USE mesh_status mesh__server_tls(const mesh__pem_files *files,
                                           grpc_server_credentials **out_credentials);

#endif
