/* SPDX-License-Identifier: Apache-2.0 */
#include "fault_message.h"

#include <string.h>

typedef Meshwork__Fault__V1__Delay delay_message;
typedef Meshwork__Fault__V1__Abort abort_message;

/* ---- in ---- */

static bool copy_text(const char *text, char *out_text, size_t size) {
  size_t length = strlen(text);
  if (length >= size) {
    return false;
  }
  memcpy(out_text, text, length + 1);
  return true;
}

/* 0, which no rule has, for what is no percentage. */
static uint32_t ppm_of(double percent) {
  if (percent == 0) {
    return MESH__FAULT_ALWAYS;
  }
  return percent > 0 && percent <= 100 ? (uint32_t)(percent * 10000 + 0.5) : 0;
}

static void read_delay(const delay_message *message, mesh__fault_delay *delay) {
  delay->max_ms = message->max_ms != 0 ? message->max_ms : MESH__FAULT_MAX_MS;
  delay->ppm = ppm_of(message->percent);
  switch (message->distribution_case) {
  case MESHWORK__FAULT__V1__DELAY__DISTRIBUTION_FIXED_MS:
    delay->shape = MESH__FAULT_FIXED;
    delay->a_ms = message->fixed_ms;
    break;
  case MESHWORK__FAULT__V1__DELAY__DISTRIBUTION_UNIFORM:
    delay->shape = MESH__FAULT_UNIFORM;
    delay->a_ms = message->uniform->from_ms;
    delay->b_ms = message->uniform->to_ms;
    break;
  case MESHWORK__FAULT__V1__DELAY__DISTRIBUTION_EXPONENTIAL_MS:
    delay->shape = MESH__FAULT_EXPONENTIAL;
    delay->a_ms = message->exponential_ms;
    break;
  case MESHWORK__FAULT__V1__DELAY__DISTRIBUTION_NORMAL:
    delay->shape = MESH__FAULT_NORMAL;
    delay->a_ms = message->normal->mean_ms;
    delay->b_ms = message->normal->deviation_ms;
    break;
  default:
    break;
  }
}

static const char *read_abort(const abort_message *message, mesh__fault_abort *abort) {
  abort->ppm = ppm_of(message->percent);
  if (!mesh__fault_code_parse(message->code, strlen(message->code), &abort->code)) {
    return "an abort has one of the codes of gRPC, but OK";
  }
  return copy_text(message->message, abort->message, sizeof abort->message)
             ? NULL
             : "a message has at most 255 bytes";
}

/* The rest of the enums is 0, unspecified, which is the rule's default. */
static const char *read_enums(const mesh__fault_message *message, mesh__fault_rule *rule) {
  if ((int)message->side < 0 || message->side > MESHWORK__FAULT__V1__SIDE__SIDE_CLIENT) {
    return "a side is SIDE_SERVER or SIDE_CLIENT";
  }
  if ((int)message->when < 0 || message->when > MESHWORK__FAULT__V1__WHEN__WHEN_BOTH) {
    return "when is WHEN_BEFORE, WHEN_AFTER or WHEN_BOTH";
  }
  if (message->side == MESHWORK__FAULT__V1__SIDE__SIDE_CLIENT) {
    rule->side = MESH__FAULT_CLIENT;
  }
  if (message->when != MESHWORK__FAULT__V1__WHEN__WHEN_UNSPECIFIED) {
    rule->when = (mesh__fault_when)message->when;
  }
  return NULL;
}

const char *mesh__fault_from_message(const mesh__fault_message *message,
                                     mesh__fault_rule *out_rule) {
  mesh__fault_rule_init(out_rule);
  if (!copy_text(message->id, out_rule->id, sizeof out_rule->id)) {
    return "an id has at most 63 characters";
  }
  if (!copy_text(message->method, out_rule->method, sizeof out_rule->method)) {
    return "a method has at most 255 characters";
  }
  out_rule->count = message->count;
  out_rule->ttl_ms = message->ttl_ms;
  if (message->delay != NULL) {
    read_delay(message->delay, &out_rule->delay);
  }
  const char *wrong = read_enums(message, out_rule);
  if (wrong == NULL && message->abort != NULL) {
    wrong = read_abort(message->abort, &out_rule->abort);
  }
  return wrong != NULL ? wrong : mesh__fault_rule_check(out_rule);
}

/* ---- out ---- */

static delay_message *write_delay(const mesh__fault_delay *delay, mesh_arena *arena) {
  delay_message *message = mesh_arena_alloc(arena, sizeof *message);
  meshwork__fault__v1__delay__init(message);
  message->max_ms = delay->max_ms;
  message->percent = delay->ppm / 10000.0;
  switch (delay->shape) {
  case MESH__FAULT_UNIFORM:
    message->distribution_case = MESHWORK__FAULT__V1__DELAY__DISTRIBUTION_UNIFORM;
    message->uniform = mesh_arena_alloc(arena, sizeof *message->uniform);
    meshwork__fault__v1__delay__uniform__init(message->uniform);
    message->uniform->from_ms = delay->a_ms;
    message->uniform->to_ms = delay->b_ms;
    break;
  case MESH__FAULT_NORMAL:
    message->distribution_case = MESHWORK__FAULT__V1__DELAY__DISTRIBUTION_NORMAL;
    message->normal = mesh_arena_alloc(arena, sizeof *message->normal);
    meshwork__fault__v1__delay__normal__init(message->normal);
    message->normal->mean_ms = delay->a_ms;
    message->normal->deviation_ms = delay->b_ms;
    break;
  case MESH__FAULT_EXPONENTIAL:
    message->distribution_case = MESHWORK__FAULT__V1__DELAY__DISTRIBUTION_EXPONENTIAL_MS;
    message->exponential_ms = delay->a_ms;
    break;
  default:
    message->distribution_case = MESHWORK__FAULT__V1__DELAY__DISTRIBUTION_FIXED_MS;
    message->fixed_ms = delay->a_ms;
    break;
  }
  return message;
}

static abort_message *write_abort(const mesh__fault_abort *abort, mesh_arena *arena) {
  abort_message *message = mesh_arena_alloc(arena, sizeof *message);
  meshwork__fault__v1__abort__init(message);
  message->code = mesh_arena_strdup(arena, mesh_status_code_name(abort->code));
  message->message = mesh_arena_strdup(arena, abort->message);
  message->percent = abort->ppm / 10000.0;
  return message;
}

static void write_life(mesh__fault *fault, int64_t now_ms, mesh__fault_message *message) {
  int64_t hits = atomic_load_explicit(&fault->hits, memory_order_relaxed);
  message->count = fault->rule.count;
  message->ttl_ms = fault->rule.ttl_ms;
  message->hits = hits;
  if (fault->rule.count != 0) {
    message->hits = hits < fault->rule.count ? hits : fault->rule.count;
    message->count_left = fault->rule.count - message->hits;
  }
  if (fault->rule.ttl_ms != 0 && fault->ends_at_ms > now_ms) {
    message->ttl_left_ms = fault->ends_at_ms - now_ms;
  }
}

mesh__fault_message *mesh__fault_to_message(mesh__fault *fault, int64_t now_ms, mesh_arena *arena) {
  const mesh__fault_rule *rule = &fault->rule;
  char text[MESH__FAULT_TEXT_SIZE];
  mesh__fault_message *message = mesh_arena_alloc(arena, sizeof *message);
  meshwork__fault__v1__rule__init(message);
  mesh__fault_format(rule, text);
  message->text = mesh_arena_strdup(arena, text);
  message->id = mesh_arena_strdup(arena, rule->id);
  message->method = mesh_arena_strdup(arena, rule->method);
  message->side = rule->side == MESH__FAULT_CLIENT ? MESHWORK__FAULT__V1__SIDE__SIDE_CLIENT
                                                   : MESHWORK__FAULT__V1__SIDE__SIDE_SERVER;
  message->when = (Meshwork__Fault__V1__When)rule->when;
  if (rule->delay.shape != MESH__FAULT_NO_DELAY) {
    message->delay = write_delay(&rule->delay, arena);
  }
  if (rule->abort.code != GRPC_STATUS_OK) {
    message->abort = write_abort(&rule->abort, arena);
  }
  write_life(fault, now_ms, message);
  return message;
}
