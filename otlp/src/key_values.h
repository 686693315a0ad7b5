/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Lists `key1=value1,key2=value2` with percent-coded values, as OTEL_RESOURCE_ATTRIBUTES and
 * OTEL_EXPORTER_OTLP_HEADERS have them (W3C Baggage's syntax without properties).
 */
#ifndef OTLP_SRC_KEY_VALUES_H
#define OTLP_SRC_KEY_VALUES_H

#include <otlp/value.h>

/** One pair, decoded. */
typedef struct otlp__key_value {
  otlp_string key;
  otlp_string value;
} otlp__key_value;

/** The list, one allocation. All zero is the empty list. */
typedef struct otlp__key_values {
  otlp__key_value *items;
  size_t count;
} otlp__key_values;

/** What a decoded value may be. */
typedef enum otlp__value_encoding {
  OTLP__VALUES_UTF8, /* anything else is an error in the list */
  OTLP__VALUES_ANY,  /* bytes: headers have values that are no text */
} otlp__value_encoding;

/**
 * Parses and percent-decodes. Empty members are skipped, spaces around keys and values too.
 *
 * @param out_list to be cleaned up; empty on failure.
 * @return NULL, or what is wrong (a static string): all or nothing.
 */
const char *otlp__key_values_parse(otlp_string text, otlp__value_encoding values,
                                   otlp__key_values *out_list);

void otlp__key_values_clean_up(otlp__key_values *list);

#endif
