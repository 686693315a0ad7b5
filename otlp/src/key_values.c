/* SPDX-License-Identifier: Apache-2.0 */
#include "key_values.h"

#include "percent.h"
#include "text.h"
#include "utf8.h"

#include <stdlib.h>

static size_t count_members(otlp_string text) {
  size_t count = 1;
  for (size_t i = 0; i < text.length; i++) {
    count += text.data[i] == ',' ? 1 : 0;
  }
  return count;
}

static const char *decode(otlp_string encoded, otlp__value_encoding encoding, char **scratch,
                          otlp_string *out_text) {
  bool is_clean;
  size_t length = otlp__percent_decode(encoded, *scratch, &is_clean);
  *out_text = otlp__string_of(*scratch, length);
  *scratch += length;
  if (!is_clean) {
    return "a '%' is not followed by two hex digits";
  }
  bool is_fine = encoding == OTLP__VALUES_ANY || otlp__utf8_is_valid(*out_text);
  return is_fine ? NULL : "what is percent-encoded is not UTF-8";
}

static const char *parse_member(otlp_string member, otlp__value_encoding values, char **scratch,
                                otlp__key_value *out_item) {
  size_t equals = otlp__string_find(member, '=');
  if (equals == member.length) {
    return "a member has no '='";
  }
  otlp_string key = otlp__string_trim(otlp__string_part(member, 0, equals));
  otlp_string value = otlp__string_trim(otlp__string_part(member, equals + 1, member.length));
  if (key.length == 0) {
    return "a member has no key";
  }
  const char *error = decode(key, OTLP__VALUES_UTF8, scratch, &out_item->key);
  return error != NULL ? error : decode(value, values, scratch, &out_item->value);
}

static const char *parse_members(otlp_string text, otlp__value_encoding values, char *scratch,
                                 otlp__key_values *list) {
  otlp_string member;
  while (otlp__string_next(&text, ',', &member)) {
    member = otlp__string_trim(member);
    if (member.length == 0) {
      continue;
    }
    const char *error = parse_member(member, values, &scratch, &list->items[list->count]);
    if (error != NULL) {
      return error;
    }
    list->count++;
  }
  return NULL;
}

const char *otlp__key_values_parse(otlp_string text, otlp__value_encoding values,
                                   otlp__key_values *out_list) {
  out_list->count = 0;
  out_list->items = NULL;
  if (text.length == 0) {
    return NULL;
  }
  /* The decoded text is never longer than the encoded one. */
  size_t items_size = count_members(text) * sizeof(otlp__key_value);
  out_list->items = malloc(items_size + text.length);
  if (out_list->items == NULL) {
    return "out of memory";
  }
  const char *error = parse_members(text, values, (char *)out_list->items + items_size, out_list);
  if (error != NULL) {
    otlp__key_values_clean_up(out_list);
  }
  return error;
}

void otlp__key_values_clean_up(otlp__key_values *list) {
  free(list->items);
  list->items = NULL;
  list->count = 0;
}
