/* SPDX-License-Identifier: Apache-2.0 */
#include <mesh/status.h>

#include <stdarg.h>
#include <stdio.h>

#include "utf8.h"

enum { MESSAGE_SIZE = 512 };

mesh_status mesh_status_error(grpc_status_code code, const char *format, ...) {
  static _Thread_local char message[MESSAGE_SIZE];
  /* Formatted aside first: an argument may well be the message of the last error. */
  char fresh[MESSAGE_SIZE];
  va_list arguments;
  va_start(arguments, format);
  mesh__utf8_format(fresh, sizeof fresh, format, arguments);
  va_end(arguments);
  snprintf(message, sizeof message, "%s", fresh);
  mesh_status status = {code, message, NULL, 0};
  return status;
}

const char *mesh_status_code_name(grpc_status_code code) {
#define NAME(name)         \
  case GRPC_STATUS_##name: \
    return #name;
  switch (code) {
    MESH_STATUS_CODES(NAME)
  default:
    return "UNKNOWN";
  }
#undef NAME
}
