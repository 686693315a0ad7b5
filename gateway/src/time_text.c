/* SPDX-License-Identifier: Apache-2.0 */
#include "time_text.h"

enum {
  SECONDS_PER_DAY = 86400,
  NANO_DIGITS = 9,
};

/* google/protobuf/duration.proto: 10,000 years. */
static const int64_t duration_seconds_max = INT64_C(315576000000);

/* google/protobuf/timestamp.proto: 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z. */
static const int64_t timestamp_seconds_min = INT64_C(-62135596800);
static const int64_t timestamp_seconds_max = INT64_C(253402300799);

static bool take(gateway_text *text, char c) {
  if (text->size == 0 || text->data[0] != c) {
    return false;
  }
  *text = gateway_text_from_offset(*text, 1);
  return true;
}

/* `count` digits, no fewer, as a number. */
static bool take_digits(gateway_text *text, size_t count, int *out_number) {
  int number = 0;
  if (text->size < count) {
    return false;
  }
  for (size_t i = 0; i < count; i++) {
    char c = text->data[i];
    if (c < '0' || c > '9') {
      return false;
    }
    number = number * 10 + (c - '0');
  }
  *text = gateway_text_from_offset(*text, count);
  *out_number = number;
  return true;
}

static size_t count_digits(gateway_text text) {
  size_t count = 0;
  while (count < text.size && text.data[count] >= '0' && text.data[count] <= '9') {
    count++;
  }
  return count;
}

/* The fraction of a second, if there is one: '.' and one to nine digits. */
static bool take_fraction(gateway_text *text, int32_t *out_nanos) {
  *out_nanos = 0;
  if (!take(text, '.')) {
    return true;
  }
  size_t count = count_digits(*text);
  int nanos = 0;
  if (count == 0 || count > NANO_DIGITS || !take_digits(text, count, &nanos)) {
    return false;
  }
  for (; count < NANO_DIGITS; count++) {
    nanos *= 10;
  }
  *out_nanos = nanos;
  return true;
}

typedef struct civil_time {
  int year, month, day, hour, minute, second;
} civil_time;

static bool take_civil_time(gateway_text *text, civil_time *out) {
  return take_digits(text, 4, &out->year) && take(text, '-') && take_digits(text, 2, &out->month) &&
         take(text, '-') && take_digits(text, 2, &out->day) && take(text, 'T') &&
         take_digits(text, 2, &out->hour) && take(text, ':') &&
         take_digits(text, 2, &out->minute) && take(text, ':') &&
         take_digits(text, 2, &out->second);
}

static bool is_leap_year(int year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool is_civil_time(const civil_time *time) {
  static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (time->year < 1 || time->month < 1 || time->month > 12) {
    return false;
  }
  int days = month_days[time->month - 1] + (time->month == 2 && is_leap_year(time->year) ? 1 : 0);
  return time->day >= 1 && time->day <= days && time->hour <= 23 && time->minute <= 59 &&
         time->second <= 59;
}

/* Days from 1970-01-01 on. Years are counted from March on, so that a leap day is a year's last. */
static int64_t days_since_epoch(const civil_time *time) {
  int64_t year = time->month > 2 ? time->year : time->year - 1;
  int64_t month = time->month > 2 ? time->month - 3 : time->month + 9;
  int64_t year_days = year * 365 + year / 4 - year / 100 + year / 400;
  int64_t month_days = (153 * month + 2) / 5;
  return year_days + month_days + time->day - 1 - 719468;
}

/* "Z", or an offset from UTC in seconds; nothing may follow it. */
static bool take_offset(gateway_text *text, int *out_seconds) {
  int hours = 0;
  int minutes = 0;
  *out_seconds = 0;
  if (take(text, 'Z')) {
    return text->size == 0;
  }
  bool is_negative = take(text, '-');
  if (!is_negative && !take(text, '+')) {
    return false;
  }
  if (!take_digits(text, 2, &hours) || !take(text, ':') || !take_digits(text, 2, &minutes) ||
      hours > 23 || minutes > 59) {
    return false;
  }
  *out_seconds = (hours * 60 + minutes) * 60 * (is_negative ? -1 : 1);
  return text->size == 0;
}

bool gateway_timestamp_from_text(gateway_text text, gateway_time *out_time) {
  civil_time civil;
  int offset = 0;
  if (!take_civil_time(&text, &civil) || !is_civil_time(&civil) ||
      !take_fraction(&text, &out_time->nanos) || !take_offset(&text, &offset)) {
    return false;
  }
  out_time->seconds = days_since_epoch(&civil) * SECONDS_PER_DAY +
                      (int64_t)(civil.hour * 60 + civil.minute) * 60 + civil.second - offset;
  return out_time->seconds >= timestamp_seconds_min && out_time->seconds <= timestamp_seconds_max;
}

bool gateway_duration_from_text(gateway_text text, gateway_time *out_time) {
  bool is_negative = take(&text, '-');
  size_t count = count_digits(text);
  if (count == 0) {
    return false;
  }
  int64_t seconds = 0;
  for (size_t i = 0; i < count; i++) {
    seconds = seconds * 10 + (text.data[i] - '0');
    if (seconds > duration_seconds_max) {
      return false;
    }
  }
  text = gateway_text_from_offset(text, count);
  int32_t nanos = 0;
  if (!take_fraction(&text, &nanos) || !take(&text, 's') || text.size != 0 ||
      (seconds == duration_seconds_max && nanos > 0)) {
    return false;
  }
  out_time->seconds = is_negative ? -seconds : seconds;
  out_time->nanos = is_negative ? -nanos : nanos;
  return true;
}
