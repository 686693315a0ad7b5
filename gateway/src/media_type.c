/* SPDX-License-Identifier: Apache-2.0 */
#include "media_type.h"

static gateway_text trim(gateway_text text) {
  while (text.size > 0 && (text.data[0] == ' ' || text.data[0] == '\t')) {
    text = gateway_text_from_offset(text, 1);
  }
  while (text.size > 0 && (text.data[text.size - 1] == ' ' || text.data[text.size - 1] == '\t')) {
    text.size--;
  }
  return text;
}

gateway_text gateway_media_type_essence(gateway_text content_type) {
  gateway_text essence;
  gateway_text parameters;
  gateway_text_split(content_type, ';', &essence, &parameters);
  return trim(essence);
}

/* The value of a parameter, quotes taken off; false when it is not there. */
static bool find_parameter(gateway_text parameters, const char *name, gateway_text *out_value) {
  gateway_text parameter;
  gateway_text key;
  while (parameters.size > 0) {
    gateway_text_split(parameters, ';', &parameter, &parameters);
    gateway_text_split(parameter, '=', &key, out_value);
    if (gateway_text_is_nocase(trim(key), name)) {
      *out_value = trim(*out_value);
      if (out_value->size >= 2 && out_value->data[0] == '"') {
        *out_value = gateway_text_of(out_value->data + 1, out_value->size - 2);
      }
      return true;
    }
  }
  return false;
}

static bool ends_with_nocase(gateway_text text, const char *suffix) {
  size_t size = strlen(suffix);
  return text.size >= size && strncasecmp(text.data + text.size - size, suffix, size) == 0;
}

bool gateway_media_type_is_json(gateway_text content_type) {
  gateway_text essence = gateway_media_type_essence(content_type);
  gateway_text head;
  gateway_text parameters;
  gateway_text charset;
  gateway_text_split(content_type, ';', &head, &parameters);
  bool is_json = gateway_text_is_nocase(essence, "application/json") ||
                 (essence.size > 12 && strncasecmp(essence.data, "application/", 12) == 0 &&
                  ends_with_nocase(essence, "+json"));
  return is_json &&
         (!find_parameter(parameters, "charset", &charset) ||
          gateway_text_is_nocase(charset, "utf-8") || gateway_text_is_nocase(charset, "us-ascii"));
}

/* A weight in thousandths; what is no number counts as 0. */
static int parse_weight(gateway_text parameters) {
  gateway_text value;
  if (!find_parameter(parameters, "q", &value)) {
    return 1000;
  }
  int weight = 0;
  int unit = 1000;
  for (size_t i = 0; i < value.size && unit > 0; i++) {
    char c = value.data[i];
    if (c == '.' && i == 1) {
      continue;
    }
    if (c < '0' || c > '9') {
      return 0;
    }
    weight += (c - '0') * unit;
    unit /= 10;
  }
  return weight > 1000 ? 1000 : weight;
}

/* How exactly a range fits an offer: 0 not at all, 1 for any type, 2 for any subtype, 3 by name. */
static int match_range(gateway_text range, const char *offer) {
  const char *slash = strchr(offer, '/');
  if (gateway_text_is(range, "*/*")) {
    return 1;
  }
  if (gateway_text_is_nocase(range, offer)) {
    return 3;
  }
  size_t type_size = (size_t)(slash - offer) + 1;
  bool is_any_subtype = range.size == type_size + 1 && range.data[type_size] == '*' &&
                        strncasecmp(range.data, offer, type_size) == 0;
  return is_any_subtype ? 2 : 0;
}

/* The weight of the most exact range that fits. */
static int weigh(gateway_text accept, const char *offer) {
  int best_fit = 0;
  int weight = 0;
  gateway_text item;
  gateway_text range;
  gateway_text parameters;
  while (accept.size > 0) {
    gateway_text_split(accept, ',', &item, &accept);
    gateway_text_split(item, ';', &range, &parameters);
    int fit = match_range(trim(range), offer);
    if (fit > best_fit) {
      best_fit = fit;
      weight = parse_weight(parameters);
    }
  }
  return weight;
}

int gateway_accept_choose(gateway_text accept, const char *const *offers, size_t offer_count) {
  if (trim(accept).size == 0) {
    return 0;
  }
  int best = -1;
  int best_weight = 0;
  for (size_t i = 0; i < offer_count; i++) {
    int weight = weigh(accept, offers[i]);
    if (weight > best_weight) {
      best = (int)i;
      best_weight = weight;
    }
  }
  return best;
}
