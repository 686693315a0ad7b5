/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A baggage is one block: entries, the header text as it would be sent, and the decoded values.
 * Keys and metadata are views of the text, values of their decoded copies.
 */
#include <otlp/baggage.h>

#include "percent.h"
#include "text.h"
#include "utf8.h"

#include <stdatomic.h>
#include <stdlib.h>

struct otlp_baggage {
  atomic_uint references;
  size_t count;
  otlp_string text;
  otlp_baggage_entry entries[];
};

/* A list in the making; its views are of anything that lives long enough. */
typedef struct entry_list {
  otlp_baggage_entry items[OTLP_BAGGAGE_MAX_MEMBERS];
  size_t count;
  size_t text_size; /* with a comma after each entry */
} entry_list;

/* RFC 7230, section 3.2.6. */
static bool is_token(otlp_string text) {
  for (size_t i = 0; i < text.length; i++) {
    char c = text.data[i];
    bool is_other = c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL;
    if (!otlp__is_digit(c) && !otlp__is_lower(otlp__to_lower(c)) && !is_other) {
      return false;
    }
  }
  return text.length > 0;
}

static bool are_baggage_octets(otlp_string text) {
  for (size_t i = 0; i < text.length; i++) {
    if (!otlp__is_baggage_octet(text.data[i])) {
      return false;
    }
  }
  return true;
}

/* property = key OWS [ "=" OWS value ], W3C Baggage, section 3.3.1. */
static bool is_property(otlp_string text) {
  size_t equals = otlp__string_find(text, '=');
  if (!is_token(otlp__string_trim(otlp__string_part(text, 0, equals)))) {
    return false;
  }
  return equals == text.length ||
         are_baggage_octets(otlp__string_trim(otlp__string_part(text, equals + 1, text.length)));
}

static bool is_metadata(otlp_string metadata) {
  otlp_string property;
  while (otlp__string_next(&metadata, ';', &property)) {
    property = otlp__string_trim(property);
    if (property.length > 0 && !is_property(property)) {
      return false;
    }
  }
  return true;
}

static size_t entry_text_size(const otlp_baggage_entry *entry) {
  size_t metadata_size = entry->metadata.length > 0 ? 1 + entry->metadata.length : 0;
  return entry->key.length + 1 + otlp__percent_encoded_size(entry->value) + metadata_size + 1;
}

static size_t list_find(const entry_list *list, otlp_string key) {
  size_t at = 0;
  while (at < list->count && !otlp__string_equal(list->items[at].key, key)) {
    at++;
  }
  return at;
}

/* Adds or replaces; false when a limit is reached, and nothing has changed. */
static bool list_set(entry_list *list, const otlp_baggage_entry *entry) {
  size_t at = list_find(list, entry->key);
  size_t replaced = at < list->count ? entry_text_size(&list->items[at]) : 0;
  size_t size = list->text_size - replaced + entry_text_size(entry);
  if (at == OTLP_BAGGAGE_MAX_MEMBERS || size - 1 > OTLP_BAGGAGE_MAX_BYTES) {
    return false;
  }
  list->items[at] = *entry;
  list->count += at == list->count ? 1 : 0;
  list->text_size = size;
  return true;
}

static char *put(char *at, otlp_string text) {
  if (text.length > 0) {
    memcpy(at, text.data, text.length);
  }
  return at + text.length;
}

/* Writes `key=value;metadata`, and makes the new entry's key and metadata views of it. */
static char *put_entry(char *at, const otlp_baggage_entry *entry, otlp_baggage_entry *out_entry) {
  out_entry->key = otlp__string_of(at, entry->key.length);
  at = put(at, entry->key);
  *at++ = '=';
  at = otlp__percent_encode(entry->value, at);
  if (entry->metadata.length > 0) {
    *at++ = ';';
  }
  out_entry->metadata = otlp__string_of(at, entry->metadata.length);
  return put(at, entry->metadata);
}

static void copy_entries(otlp_baggage *baggage, const entry_list *list, char *text) {
  char *at = text;
  char *values = text + list->text_size;
  for (size_t i = 0; i < list->count; i++) {
    at = put_entry(at, &list->items[i], &baggage->entries[i]);
    *at++ = ',';
    baggage->entries[i].value = otlp__string_of(values, list->items[i].value.length);
    values = put(values, list->items[i].value);
  }
}

/* NULL for an empty list, which is the empty baggage. */
static otlp_baggage *baggage_from(const entry_list *list) {
  if (list->count == 0) {
    return NULL;
  }
  size_t entries_size = list->count * sizeof(otlp_baggage_entry);
  size_t values_size = 0;
  for (size_t i = 0; i < list->count; i++) {
    values_size += list->items[i].value.length;
  }
  otlp_baggage *baggage = malloc(sizeof(*baggage) + entries_size + list->text_size + values_size);
  if (baggage == NULL) {
    return NULL;
  }
  char *text = (char *)baggage->entries + entries_size;
  atomic_init(&baggage->references, 1);
  baggage->count = list->count;
  baggage->text = otlp__string_of(text, list->text_size - 1);
  copy_entries(baggage, list, text);
  return baggage;
}

/* Splits `key=value;metadata` and checks the grammar; the value is still encoded. */
static bool split_member(otlp_string text, otlp_baggage_entry *out_entry) {
  size_t semicolon = otlp__string_find(text, ';');
  otlp_string pair = otlp__string_part(text, 0, semicolon);
  size_t equals = otlp__string_find(pair, '=');
  if (equals == pair.length) {
    return false;
  }
  out_entry->key = otlp__string_trim(otlp__string_part(pair, 0, equals));
  out_entry->value = otlp__string_trim(otlp__string_part(pair, equals + 1, pair.length));
  out_entry->metadata = otlp__string_of(NULL, 0);
  if (semicolon < text.length) {
    out_entry->metadata = otlp__string_trim(otlp__string_part(text, semicolon + 1, text.length));
  }
  return is_token(out_entry->key) && are_baggage_octets(out_entry->value) &&
         is_metadata(out_entry->metadata);
}

/* Decodes the value into `out`, which has room for the encoded one: an escape takes three bytes,
 * as many as the replacement of a byte that is not UTF-8. */
static otlp_string decode_value(otlp_string encoded, char *out) {
  char decoded[OTLP_BAGGAGE_MAX_BYTES];
  otlp_string raw = {decoded, otlp__percent_decode(encoded, decoded, NULL)};
  uint8_t *end = otlp__utf8_write_repaired((uint8_t *)out, raw);
  return otlp__string_of(out, (size_t)((char *)end - out));
}

otlp_baggage *otlp_baggage_parse(otlp_string header) {
  char values[2 * OTLP_BAGGAGE_MAX_BYTES];
  size_t values_size = 0;
  entry_list list;
  list.count = 0;
  list.text_size = 0;
  otlp_string text;
  while (otlp__string_next(&header, ',', &text)) {
    otlp_baggage_entry entry;
    text = otlp__string_trim(text);
    if (text.length == 0 || text.length > OTLP_BAGGAGE_MAX_BYTES || !split_member(text, &entry)) {
      continue;
    }
    if (values_size + entry.value.length > sizeof(values)) {
      break;
    }
    entry.value = decode_value(entry.value, values + values_size);
    values_size += list_set(&list, &entry) ? entry.value.length : 0;
  }
  return baggage_from(&list);
}

bool otlp_baggage_get(const otlp_baggage *baggage, otlp_string key, otlp_baggage_entry *out_entry) {
  for (size_t i = 0; i < otlp_baggage_count(baggage); i++) {
    if (otlp__string_equal(baggage->entries[i].key, key)) {
      *out_entry = baggage->entries[i];
      return true;
    }
  }
  return false;
}

size_t otlp_baggage_count(const otlp_baggage *baggage) {
  return baggage != NULL ? baggage->count : 0;
}

bool otlp_baggage_at(const otlp_baggage *baggage, size_t index, otlp_baggage_entry *out_entry) {
  if (index >= otlp_baggage_count(baggage)) {
    return false;
  }
  *out_entry = baggage->entries[index];
  return true;
}

static void list_copy(entry_list *list, const otlp_baggage *baggage) {
  list->count = 0;
  list->text_size = 0;
  for (size_t i = 0; i < otlp_baggage_count(baggage); i++) {
    list_set(list, &baggage->entries[i]);
  }
}

otlp_baggage *otlp_baggage_set(const otlp_baggage *baggage, const otlp_baggage_entry *entry) {
  entry_list list;
  list_copy(&list, baggage);
  if (!is_token(entry->key) || !otlp__utf8_is_valid(entry->value) ||
      !is_metadata(entry->metadata) || !list_set(&list, entry)) {
    return otlp_baggage_acquire(baggage);
  }
  return baggage_from(&list);
}

otlp_baggage *otlp_baggage_remove(const otlp_baggage *baggage, otlp_string key) {
  entry_list list;
  list.count = 0;
  list.text_size = 0;
  for (size_t i = 0; i < otlp_baggage_count(baggage); i++) {
    if (!otlp__string_equal(baggage->entries[i].key, key)) {
      list_set(&list, &baggage->entries[i]);
    }
  }
  return baggage_from(&list);
}

otlp_string otlp_baggage_text(const otlp_baggage *baggage) {
  return baggage != NULL ? baggage->text : otlp__string_of(NULL, 0);
}

otlp_baggage *otlp_baggage_acquire(const otlp_baggage *baggage) {
  otlp_baggage *counted = (otlp_baggage *)baggage;
  if (counted != NULL) {
    atomic_fetch_add_explicit(&counted->references, 1, memory_order_relaxed);
  }
  return counted;
}

void otlp_baggage_release(const otlp_baggage *baggage) {
  otlp_baggage *counted = (otlp_baggage *)baggage;
  if (counted != NULL &&
      atomic_fetch_sub_explicit(&counted->references, 1, memory_order_acq_rel) == 1) {
    free(counted);
  }
}
