/* SPDX-License-Identifier: Apache-2.0 */
#include "env.h"

#include "text.h"

#include <otlp/log.h>
#include <otlp/result.h>

#include <locale.h>
#include <math.h>
#include <stdlib.h>

static void warn(const char *name, otlp_string value, const char *why) {
  otlp_log(OTLP_LOG_WARN, "%s='%.*s' is ignored: %s", name,
           (int)(value.length < 256 ? value.length : 256), value.data, why);
}

otlp_string otlp__env_string(const char *name) {
  otlp_string value = otlp__string_trim(otlp_string_from(getenv(name)));
  return value.length > 0 ? value : otlp__string_of(NULL, 0);
}

bool otlp__env_bool(const char *name, bool fallback) {
  otlp_string value = otlp__env_string(name);
  if (value.length == 0) {
    return fallback;
  }
  if (otlp__string_equal_no_case(value, "true")) {
    return true;
  }
  if (!otlp__string_equal_no_case(value, "false")) {
    warn(name, value, "neither 'true' nor 'false'; taken as 'false'");
  }
  return false;
}

/* Digits only, with an optional sign: what strtol takes beyond that is a mistake here. */
static bool parse_integer(otlp_string text, int64_t *out_integer) {
  bool negative = text.length > 0 && text.data[0] == '-';
  size_t start = text.length > 0 && (text.data[0] == '-' || text.data[0] == '+') ? 1 : 0;
  int64_t sum = 0;
  for (size_t i = start; i < text.length; i++) {
    if (!otlp__is_digit(text.data[i])) {
      return false;
    }
    if (sum <= OTLP__ENV_INTEGER_MAX) {
      sum = sum * 10 + (text.data[i] - '0');
    }
  }
  *out_integer = negative ? -sum : sum;
  return text.length > start;
}

int64_t otlp__env_integer(const char *name, int64_t minimum, int64_t fallback) {
  otlp_string value = otlp__env_string(name);
  if (value.length == 0) {
    return fallback;
  }
  int64_t integer;
  if (!parse_integer(value, &integer)) {
    warn(name, value, "not an integer");
    return fallback;
  }
  if (integer < minimum || integer > OTLP__ENV_INTEGER_MAX) {
    warn(name, value, "out of range");
    return fallback;
  }
  return integer;
}

int64_t otlp__env_timeout_ms(const char *name, int64_t fallback) {
  int64_t timeout = otlp__env_integer(name, 0, fallback);
  return timeout == 0 ? OTLP_NO_TIMEOUT : timeout;
}

/* In the "C" locale: the program's own may write a comma for the point. */
static bool parse_double(otlp_string text, double *out_number) {
  locale_t locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (locale == (locale_t)0) {
    return false;
  }
  char *end;
  double number = strtod_l(text.data, &end, locale);
  freelocale(locale);
  if (end != text.data + text.length || !isfinite(number)) {
    return false;
  }
  *out_number = number;
  return true;
}

bool otlp__env_double(const char *name, double *out_number) {
  otlp_string value = otlp__env_string(name);
  if (value.length == 0) {
    return false;
  }
  if (!parse_double(value, out_number)) {
    warn(name, value, "not a number");
    return false;
  }
  return true;
}

int otlp__env_enum(const char *name, const char *const *names, size_t count) {
  otlp_string value = otlp__env_string(name);
  if (value.length == 0) {
    return -1;
  }
  for (size_t i = 0; i < count; i++) {
    if (otlp__string_equal_no_case(value, names[i])) {
      return (int)i;
    }
  }
  warn(name, value, "not one of the values it can have");
  return -1;
}
