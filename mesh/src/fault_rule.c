/* SPDX-License-Identifier: Apache-2.0 */
#include "fault_rule.h"

#include <math.h>
#include <string.h>

void mesh__fault_rule_init(mesh__fault_rule *rule) {
  memset(rule, 0, sizeof *rule);
  rule->when = MESH__FAULT_BEFORE;
  rule->delay.max_ms = MESH__FAULT_MAX_MS;
  rule->delay.ppm = MESH__FAULT_ALWAYS;
  rule->abort.code = GRPC_STATUS_OK;
  rule->abort.ppm = MESH__FAULT_ALWAYS;
}

/* ---- what is right ---- */

static bool is_word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static size_t word_length(const char *text, const char *others) {
  size_t length = 0;
  while (text[length] != '\0' &&
         (is_word_char(text[length]) || strchr(others, text[length]) != NULL)) {
    length++;
  }
  return length;
}

static bool is_pattern(const char *method) {
  if (strcmp(method, "*") == 0) {
    return true;
  }
  size_t service = word_length(method, ".");
  if (service == 0 || method[service] != '/') {
    return false;
  }
  const char *name = method + service + 1;
  size_t length = word_length(name, "");
  return strcmp(name, "*") == 0 || (length > 0 && name[length] == '\0');
}

static const char *check_method(const char *method) {
  if (!is_pattern(method)) {
    return "a method is 'pkg.Service/Method', 'pkg.Service/*' or '*'";
  }
  return mesh__fault_is_untouchable(method)
             ? "health, reflection, telemetry and the fault service are never touched"
             : NULL;
}

static bool is_within(int64_t value, int64_t least, int64_t most) {
  return value >= least && value <= most;
}

static const char *check_delay(const mesh__fault_delay *delay) {
  if (!is_within(delay->max_ms, 1, MESH__FAULT_DELAY_MOST_MS)) {
    return "max is a time from 1ms to 1h";
  }
  if (delay->shape == MESH__FAULT_NO_DELAY) {
    return NULL;
  }
  if (!is_within(delay->ppm, 1, MESH__FAULT_ALWAYS)) {
    return "a percentage is above 0 and at most 100";
  }
  bool has_two = delay->shape == MESH__FAULT_UNIFORM;
  int64_t most = has_two ? delay->b_ms : delay->a_ms;
  if (delay->a_ms < 0 || delay->b_ms < 0 || most > delay->max_ms) {
    return "a delay is at least 0ms and at most max, 60s if that is not given";
  }
  if (most == 0) {
    return "a delay of 0ms is none";
  }
  if (has_two && delay->a_ms > delay->b_ms) {
    return "uniform(A,B) has its lower end first";
  }
  return is_within(delay->b_ms, 0, MESH__FAULT_DELAY_MOST_MS) ? NULL : "a deviation is at most 1h";
}

static bool is_printable(const char *text) {
  for (; *text != '\0'; text++) {
    if (*text < ' ' || *text > '~') {
      return false;
    }
  }
  return true;
}

static const char *check_abort(const mesh__fault_rule *rule) {
  const mesh__fault_abort *abort = &rule->abort;
  if (abort->code == GRPC_STATUS_OK) {
    return abort->message[0] != '\0' ? "a message needs an abort" : NULL;
  }
  if (!is_within(abort->code, GRPC_STATUS_CANCELLED, GRPC_STATUS_UNAUTHENTICATED)) {
    return "an abort has one of the codes of gRPC, but OK";
  }
  if (!is_within(abort->ppm, 1, MESH__FAULT_ALWAYS)) {
    return "a percentage is above 0 and at most 100";
  }
  if (!is_printable(abort->message)) {
    return "a message is printable ASCII";
  }
  return rule->when == MESH__FAULT_BOTH ? "an abort happens before or after, not both" : NULL;
}

static const char *check_life(const mesh__fault_rule *rule) {
  if (!is_within(rule->count, 0, MESH__FAULT_COUNT_MOST)) {
    return "a count is from 1 to 999999999";
  }
  if (!is_within(rule->ttl_ms, 0, MESH__FAULT_TTL_MOST_MS)) {
    return "a ttl is at most a week";
  }
  return rule->id[word_length(rule->id, ".-")] == '\0'
             ? NULL
             : "an id has letters, digits, '.', '-' and '_'";
}

const char *mesh__fault_rule_check(const mesh__fault_rule *rule) {
  const char *wrong = check_method(rule->method);
  if (wrong == NULL && rule->delay.shape == MESH__FAULT_NO_DELAY &&
      rule->abort.code == GRPC_STATUS_OK) {
    wrong = "a rule needs a delay or an abort";
  }
  if (wrong == NULL) {
    wrong = check_delay(&rule->delay);
  }
  if (wrong == NULL) {
    wrong = check_abort(rule);
  }
  return wrong != NULL ? wrong : check_life(rule);
}

/* ---- whom it is for ---- */

bool mesh__fault_is_untouchable(const char *name) {
  static const char *const packages[] = {"grpc.health.", "grpc.reflection.", "meshwork.fault.",
                                         "opentelemetry.proto.collector."};
  for (size_t i = 0; i < sizeof packages / sizeof packages[0]; i++) {
    if (strncmp(name, packages[i], strlen(packages[i])) == 0) {
      return true;
    }
  }
  return false;
}

static bool covers(const char *pattern, const char *name) {
  size_t length = strlen(pattern);
  return pattern[length - 1] == '*' ? strncmp(pattern, name, length - 1) == 0
                                    : strcmp(pattern, name) == 0;
}

bool mesh__fault_rule_matches(const mesh__fault_rule *rule, mesh__fault_side side,
                              const char *path) {
  const char *name = path[0] == '/' ? path + 1 : path;
  return rule->side == side && covers(rule->method, name) && !mesh__fault_is_untouchable(name);
}

/* ---- dice ---- */

typedef struct dice_box {
  mesh__fault_random_fn *random;
  void *data;
} dice_box;

/* Uniform in [0, 1), with the 53 bits of a double. */
static double roll(const dice_box *dice) {
  return (double)(dice->random(dice->data) >> 11) * 0x1p-53;
}

static bool happens(const dice_box *dice, uint32_t ppm) {
  return ppm >= MESH__FAULT_ALWAYS || roll(dice) * MESH__FAULT_ALWAYS < ppm;
}

/* Box and Muller; the first argument is above 0. */
static double normal(const dice_box *dice) {
  double radius = sqrt(-2 * log(1 - roll(dice)));
  return radius * cos(2 * 3.14159265358979323846 * roll(dice));
}

static double draw_ms(const mesh__fault_delay *delay, const dice_box *dice) {
  double a = (double)delay->a_ms;
  double b = (double)delay->b_ms;
  switch (delay->shape) {
  case MESH__FAULT_FIXED:
    return a;
  case MESH__FAULT_UNIFORM:
    return a + (b - a) * roll(dice);
  case MESH__FAULT_EXPONENTIAL:
    return -a * log(1 - roll(dice));
  case MESH__FAULT_NORMAL:
    return a + b * normal(dice);
  default:
    return 0;
  }
}

static int64_t draw_delay(const mesh__fault_delay *delay, const dice_box *dice) {
  if (delay->shape == MESH__FAULT_NO_DELAY || !happens(dice, delay->ppm)) {
    return 0;
  }
  double ms = draw_ms(delay, dice);
  if (ms > (double)delay->max_ms) {
    return delay->max_ms;
  }
  return ms > 0 ? (int64_t)(ms + 0.5) : 0;
}

mesh__fault_plan mesh__fault_rule_draw(const mesh__fault_rule *rule, mesh__fault_random_fn *random,
                                       void *random_data) {
  const dice_box dice = {random, random_data};
  mesh__fault_plan plan = {.abort = GRPC_STATUS_OK};
  if ((rule->when & MESH__FAULT_BEFORE) != 0) {
    plan.before_ms = draw_delay(&rule->delay, &dice);
  }
  if ((rule->when & MESH__FAULT_AFTER) != 0) {
    plan.after_ms = draw_delay(&rule->delay, &dice);
  }
  if (rule->abort.code != GRPC_STATUS_OK && happens(&dice, rule->abort.ppm)) {
    plan.abort = rule->abort.code;
    plan.abort_after = rule->when == MESH__FAULT_AFTER;
  }
  return plan;
}

/* ---- names ---- */

bool mesh__fault_code_parse(const char *name, size_t length, grpc_status_code *out_code) {
  for (int code = GRPC_STATUS_CANCELLED; code <= GRPC_STATUS_UNAUTHENTICATED; code++) {
    const char *known = mesh_status_code_name((grpc_status_code)code);
    if (strlen(known) == length && memcmp(known, name, length) == 0) {
      *out_code = (grpc_status_code)code;
      return true;
    }
  }
  return false;
}

const char *mesh__fault_when_name(mesh__fault_when when) {
  static const char *const names[] = {"", "before", "after", "both"};
  return names[when];
}

const char *mesh__fault_side_name(mesh__fault_side side) {
  return side == MESH__FAULT_SERVER ? "server" : "client";
}
