/* SPDX-License-Identifier: Apache-2.0 */
/* The text form of rules; the grammar is in fault_rule.h. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fault_rule.h"

typedef struct parser {
  const char *text;
  const char *at;
  size_t rule_number;
  const char *mistake; /* NULL: none so far */
  const char *mistake_at;
} parser;

/* The first mistake is the one that is told. */
static bool wrong(parser *self, const char *at, const char *what) {
  if (self->mistake == NULL) {
    self->mistake = what;
    self->mistake_at = at;
  }
  return false;
}

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_end(char c) {
  return c == '\0' || c == ';' || is_blank(c);
}

static void skip_blanks(parser *self) {
  while (is_blank(*self->at)) {
    self->at++;
  }
}

static bool skip(parser *self, const char *expected) {
  size_t length = strlen(expected);
  if (strncmp(self->at, expected, length) != 0) {
    return false;
  }
  self->at += length;
  return true;
}

/* Up to a blank, ";" or the end. */
static bool take_word(parser *self, char *out_word, size_t size, const char *what) {
  size_t length = 0;
  while (!is_end(self->at[length])) {
    length++;
  }
  if (length == 0 || length >= size) {
    return wrong(self, self->at, what);
  }
  memcpy(out_word, self->at, length);
  out_word[length] = '\0';
  self->at += length;
  return true;
}

/* ---- numbers ---- */

enum { DIGITS_MOST = 9 }; /* so that nothing below overflows */

/* Digits, and up to `decimals` behind a point; the value in units of the last decimal. */
static bool take_decimal(parser *self, int decimals, int64_t *out_value) {
  const char *start = self->at;
  int64_t value = 0;
  while (*self->at >= '0' && *self->at <= '9' && self->at - start < DIGITS_MOST) {
    value = value * 10 + (*self->at++ - '0');
  }
  if (self->at == start) {
    return false;
  }
  bool has_point = decimals > 0 && self->at[0] == '.' && self->at[1] >= '0' && self->at[1] <= '9';
  self->at += has_point;
  for (int i = 0; i < decimals; i++) {
    bool has_digit = has_point && *self->at >= '0' && *self->at <= '9';
    value = value * 10 + (has_digit ? *self->at++ - '0' : 0);
    has_point = has_digit;
  }
  *out_value = value;
  return true;
}

typedef struct unit {
  const char *name;
  int64_t ms;
} unit;

/* Longer ones first: "ms" begins like "m". */
static const unit units[] = {{"ms", 1}, {"h", 3600000}, {"m", 60000}, {"s", 1000}};
enum { UNITS = sizeof units / sizeof units[0] };
static const char time_wanted[] = "a time is a number and ms, s, m or h, as in 50ms or 1.5s";

static bool take_time(parser *self, int64_t *out_ms) {
  const char *start = self->at;
  int64_t thousandths;
  if (!take_decimal(self, 3, &thousandths)) {
    return wrong(self, start, time_wanted);
  }
  for (size_t i = 0; i < UNITS; i++) {
    if (skip(self, units[i].name)) {
      *out_ms = thousandths * units[i].ms / 1000;
      return thousandths * units[i].ms % 1000 == 0 ||
             wrong(self, start, "times are whole milliseconds");
    }
  }
  return wrong(self, start, time_wanted);
}

/* "@P%", or nothing. */
static bool take_percentage(parser *self, uint32_t *out_ppm) {
  const char *start = self->at;
  int64_t ppm;
  if (!skip(self, "@")) {
    return true;
  }
  if (!take_decimal(self, 4, &ppm) || !skip(self, "%") || ppm < 1 || ppm > MESH__FAULT_ALWAYS) {
    return wrong(self, start, "a percentage is above 0 and at most 100, as in @2.5%");
  }
  *out_ppm = (uint32_t)ppm;
  return true;
}

/* ---- words ---- */

typedef struct shape_form {
  const char *opening;
  mesh__fault_shape shape;
  int times;
} shape_form;

static const shape_form shapes[] = {{"uniform(", MESH__FAULT_UNIFORM, 2},
                                    {"exponential(", MESH__FAULT_EXPONENTIAL, 1},
                                    {"normal(", MESH__FAULT_NORMAL, 2}};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

static bool take_arguments(parser *self, const shape_form *form, mesh__fault_delay *delay) {
  delay->shape = form->shape;
  if (!take_time(self, &delay->a_ms)) {
    return false;
  }
  if (form->times == 2 && !(skip(self, ",") && take_time(self, &delay->b_ms))) {
    return wrong(self, self->at, "two times are wanted, with a comma and no blank between them");
  }
  return skip(self, ")") || wrong(self, self->at, "a ) is missing");
}

static bool take_delay(parser *self, mesh__fault_rule *rule) {
  for (size_t i = 0; i < SHAPES; i++) {
    if (skip(self, shapes[i].opening)) {
      return take_arguments(self, &shapes[i], &rule->delay) &&
             take_percentage(self, &rule->delay.ppm);
    }
  }
  if (*self->at < '0' || *self->at > '9') {
    return wrong(self, self->at,
                 "a delay is a time, uniform(A,B), exponential(MEAN) or normal(MEAN,DEVIATION)");
  }
  rule->delay.shape = MESH__FAULT_FIXED;
  return take_time(self, &rule->delay.a_ms) && take_percentage(self, &rule->delay.ppm);
}

static bool take_max(parser *self, mesh__fault_rule *rule) {
  return take_time(self, &rule->delay.max_ms);
}

static bool take_abort(parser *self, mesh__fault_rule *rule) {
  size_t length = strcspn(self->at, " \t\r\n;@");
  if (!mesh__fault_code_parse(self->at, length, &rule->abort.code)) {
    return wrong(self, self->at, "an abort has one of the codes of gRPC, but OK");
  }
  self->at += length;
  return take_percentage(self, &rule->abort.ppm);
}

static bool take_message(parser *self, mesh__fault_rule *rule) {
  const char *start = self->at;
  size_t length = 0;
  if (!skip(self, "\"")) {
    return wrong(self, start, "a message is in double quotes");
  }
  while (*self->at != '"' && *self->at != '\0' && length + 1 < MESH__FAULT_MESSAGE_SIZE) {
    self->at += self->at[0] == '\\' && (self->at[1] == '"' || self->at[1] == '\\');
    rule->abort.message[length++] = *self->at++;
  }
  rule->abort.message[length] = '\0';
  return skip(self, "\"") || wrong(self, start, "a message ends with \" and has at most 255 bytes");
}

static bool take_when(parser *self, mesh__fault_rule *rule) {
  const char *start = self->at;
  for (int when = MESH__FAULT_BEFORE; when <= MESH__FAULT_BOTH; when++) {
    if (skip(self, mesh__fault_when_name((mesh__fault_when)when))) {
      rule->when = (mesh__fault_when)when;
      return true;
    }
  }
  return wrong(self, start, "when is before, after or both");
}

static bool take_count(parser *self, mesh__fault_rule *rule) {
  const char *start = self->at;
  return (take_decimal(self, 0, &rule->count) && rule->count > 0) ||
         wrong(self, start, "a count is from 1 to 999999999");
}

static bool take_ttl(parser *self, mesh__fault_rule *rule) {
  const char *start = self->at;
  return (take_time(self, &rule->ttl_ms) && rule->ttl_ms > 0) ||
         wrong(self, start, "a ttl is more than 0ms and at most a week");
}

static bool take_id(parser *self, mesh__fault_rule *rule) {
  return take_word(self, rule->id, sizeof rule->id, "an id has 1 to 63 characters");
}

static bool take_server(parser *self, mesh__fault_rule *rule) {
  (void)self;
  rule->side = MESH__FAULT_SERVER;
  return true;
}

static bool take_client(parser *self, mesh__fault_rule *rule) {
  (void)self;
  rule->side = MESH__FAULT_CLIENT;
  return true;
}

typedef struct word {
  const char *name;
  bool (*take)(parser *self, mesh__fault_rule *rule);
  unsigned kind; /* words of one kind may be there once */
} word;

static const word words[] = {
    {"server", take_server, 1u << 0}, {"client", take_client, 1u << 0},
    {"delay=", take_delay, 1u << 1},  {"max=", take_max, 1u << 2},
    {"abort=", take_abort, 1u << 3},  {"message=", take_message, 1u << 4},
    {"when=", take_when, 1u << 5},    {"count=", take_count, 1u << 6},
    {"ttl=", take_ttl, 1u << 7},      {"id=", take_id, 1u << 8},
};
enum { WORDS = sizeof words / sizeof words[0] };

static bool parse_word(parser *self, mesh__fault_rule *rule, unsigned *seen) {
  const char *start = self->at;
  for (size_t i = 0; i < WORDS; i++) {
    if (!skip(self, words[i].name)) {
      continue;
    }
    if ((*seen & words[i].kind) != 0) {
      return wrong(self, start, "it says this twice");
    }
    *seen |= words[i].kind;
    if (!words[i].take(self, rule)) {
      return false;
    }
    return is_end(*self->at) || wrong(self, self->at, "a blank or ; is wanted here");
  }
  return wrong(self, start,
               "there is no such word; they are server, client, delay=, max=, abort=, message=, "
               "when=, count=, ttl= and id=");
}

static bool parse_rule(parser *self, mesh__fault_rule *rule) {
  const char *start = self->at;
  unsigned seen = 0;
  mesh__fault_rule_init(rule);
  if (!take_word(self, rule->method, sizeof rule->method, "a method has at most 255 characters")) {
    return false;
  }
  for (skip_blanks(self); *self->at != ';' && *self->at != '\0'; skip_blanks(self)) {
    if (!parse_word(self, rule, &seen)) {
      return false;
    }
  }
  const char *what = mesh__fault_rule_check(rule);
  return what == NULL || wrong(self, start, what);
}

static mesh_status placed(const parser *self, const char *at, const char *what) {
  return mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "rule %zu, character %zu: %s",
                           self->rule_number, (size_t)(at - self->text) + 1, what);
}

mesh_status mesh__fault_parse(const char *text, mesh__fault_each_fn *each, void *data) {
  parser self = {.text = text, .at = text};
  for (skip_blanks(&self); *self.at != '\0'; skip_blanks(&self)) {
    if (skip(&self, ";")) {
      continue;
    }
    mesh__fault_rule rule;
    const char *start = self.at;
    self.rule_number++;
    if (!parse_rule(&self, &rule)) {
      return placed(&self, self.mistake_at, self.mistake);
    }
    mesh_status status = each(&rule, data);
    if (!mesh_status_is_ok(&status)) {
      return placed(&self, start, status.message);
    }
  }
  return mesh_status_ok();
}

/* ---- out ---- */

typedef struct writer {
  char *text;
  size_t length;
} writer;

MESH_PRINTF(2, 3)
static void put(writer *self, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int written =
      vsnprintf(self->text + self->length, MESH__FAULT_TEXT_SIZE - self->length, format, arguments);
  va_end(arguments);
  self->length += (size_t)written;
}

/* In the largest unit that it is a whole number of. */
static void put_time(writer *self, const char *before, int64_t ms, const char *after) {
  static const unit by_size[] = {{"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}};
  const unit *fits = &by_size[UNITS - 1];
  for (size_t i = UNITS; i-- > 0;) {
    fits = ms != 0 && ms % by_size[i].ms == 0 ? &by_size[i] : fits;
  }
  put(self, "%s%lld%s%s", before, (long long)(ms / fits->ms), fits->name, after);
}

static void put_percentage(writer *self, uint32_t ppm) {
  if (ppm != MESH__FAULT_ALWAYS) {
    int decimals = 4;
    uint32_t fraction = ppm % 10000;
    for (; decimals > 0 && fraction % 10 == 0; decimals--) {
      fraction /= 10;
    }
    put(self, "@%u", ppm / 10000);
    if (decimals > 0) {
      put(self, ".%0*u", decimals, fraction);
    }
    put(self, "%%");
  }
}

static void put_delay(writer *self, const mesh__fault_delay *delay) {
  if (delay->shape == MESH__FAULT_FIXED) {
    put_time(self, " delay=", delay->a_ms, "");
  }
  for (size_t i = 0; i < SHAPES; i++) {
    if (shapes[i].shape == delay->shape) {
      put(self, " delay=%s", shapes[i].opening);
      put_time(self, "", delay->a_ms, shapes[i].times == 2 ? "," : ")");
      if (shapes[i].times == 2) {
        put_time(self, "", delay->b_ms, ")");
      }
    }
  }
  if (delay->shape != MESH__FAULT_NO_DELAY) {
    put_percentage(self, delay->ppm);
  }
  if (delay->max_ms != MESH__FAULT_MAX_MS) {
    put_time(self, " max=", delay->max_ms, "");
  }
}

static void put_abort(writer *self, const mesh__fault_abort *abort) {
  if (abort->code == GRPC_STATUS_OK) {
    return;
  }
  put(self, " abort=%s", mesh_status_code_name(abort->code));
  put_percentage(self, abort->ppm);
  if (abort->message[0] == '\0') {
    return;
  }
  put(self, " message=\"");
  for (const char *at = abort->message; *at != '\0'; at++) {
    put(self, *at == '"' || *at == '\\' ? "\\%c" : "%c", *at);
  }
  put(self, "\"");
}

void mesh__fault_format(const mesh__fault_rule *rule, char out_text[MESH__FAULT_TEXT_SIZE]) {
  writer self = {out_text, 0};
  put(&self, "%s %s", rule->method, mesh__fault_side_name(rule->side));
  put_delay(&self, &rule->delay);
  put_abort(&self, &rule->abort);
  if (rule->when != MESH__FAULT_BEFORE) {
    put(&self, " when=%s", mesh__fault_when_name(rule->when));
  }
  if (rule->count != 0) {
    put(&self, " count=%lld", (long long)rule->count);
  }
  if (rule->ttl_ms != 0) {
    put_time(&self, " ttl=", rule->ttl_ms, "");
  }
  if (rule->id[0] != '\0') {
    put(&self, " id=%s", rule->id);
  }
}
