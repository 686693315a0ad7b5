/* SPDX-License-Identifier: Apache-2.0 */
/* Environment variables as a carrier (specification, context/env-carriers.md). */
#include <otlp/propagation.h>

#include "text.h"

#include <stdlib.h>

enum { NAME_SIZE = 64 };

/* Variables are upper case, digits and `_`, and do not begin with a digit. False when the name is
 * too long to be one. */
static bool variable_name(otlp_string key, char out_name[NAME_SIZE]) {
  size_t length = 0;
  if (key.length > 0 && otlp__is_digit(key.data[0])) {
    out_name[length++] = '_';
  }
  if (key.length == 0 || key.length + length >= NAME_SIZE) {
    return false;
  }
  for (size_t i = 0; i < key.length; i++) {
    char c = otlp__to_lower(key.data[i]);
    bool is_letter = otlp__is_lower(c);
    out_name[length++] = is_letter ? (char)(c - 'a' + 'A') : otlp__is_digit(c) ? c : '_';
  }
  out_name[length] = '\0';
  return true;
}

bool otlp_carrier_environment_get(const void *carrier, otlp_string key, size_t index,
                                  otlp_string *out_value) {
  (void)carrier;
  char name[NAME_SIZE];
  if (index > 0 || !variable_name(key, name)) {
    return false;
  }
  *out_value = otlp_string_from(getenv(name));
  return out_value->data != NULL;
}

static char *make_entry(const char *name, otlp_string value) {
  size_t name_length = strlen(name);
  char *entry = malloc(name_length + 1 + value.length + 1);
  if (entry != NULL) {
    memcpy(entry, name, name_length);
    entry[name_length] = '=';
    if (value.length > 0) {
      memcpy(entry + name_length + 1, value.data, value.length);
    }
    entry[name_length + 1 + value.length] = '\0';
  }
  return entry;
}

/* Where the variable's entry is, or would be appended. */
static size_t find(const otlp_carrier_environment *list, const char *name) {
  size_t at = 0;
  size_t length = strlen(name);
  while (at < list->count &&
         (strncmp(list->entries[at], name, length) != 0 || list->entries[at][length] != '=')) {
    at++;
  }
  return at;
}

void otlp_carrier_environment_set(void *carrier, otlp_string key, otlp_string value) {
  otlp_carrier_environment *list = carrier;
  char name[NAME_SIZE];
  if (!variable_name(key, name)) {
    return;
  }
  size_t at = find(list, name);
  char *entry = at < OTLP_CARRIER_ENVIRONMENT_MAX ? make_entry(name, value) : NULL;
  if (entry == NULL) {
    return;
  }
  free(list->entries[at]);
  list->entries[at] = entry;
  list->count += at == list->count ? 1 : 0;
}

void otlp_carrier_environment_clean_up(otlp_carrier_environment *carrier) {
  for (size_t i = 0; i < carrier->count; i++) {
    free(carrier->entries[i]);
  }
  memset(carrier, 0, sizeof(*carrier));
}
