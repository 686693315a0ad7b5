/* SPDX-License-Identifier: Apache-2.0 */
#include "errors.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void gen_errors_add(gen_errors *errors, const char *file, const char *format, ...) {
  char message[1024];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof(message), format, arguments);
  va_end(arguments);

  gen_text *text = &errors->text;
  gen_text_add(text, "\n", text->size > 0 ? 1 : 0);
  if (file != NULL) {
    gen_text_printf(text, "%s: ", file);
  }
  gen_text_add(text, message, strlen(message));
}
