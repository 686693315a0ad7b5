/* SPDX-License-Identifier: Apache-2.0 */
/* B3, as one header or as several (github.com/openzipkin/b3-propagation; specification,
 * context/api-propagators.md, "B3 Requirements"). */
#include <otlp/propagation.h>

#include "hex.h"
#include "text.h"

#include <otlp/trace_state.h>

enum {
  SHORT_TRACE_ID_HEX_SIZE = 16, /* the left half is zero then */
  /* 32 digits, dash, 16 digits, dash, state */
  SINGLE_SIZE = OTLP_TRACE_ID_HEX_SIZE + 1 + OTLP_SPAN_ID_HEX_SIZE + 2,
  SAMPLED_FLAGS = OTLP_TRACE_FLAG_SAMPLED,
  DEBUG_FLAGS = OTLP_TRACE_FLAG_SAMPLED | OTLP_TRACE_FLAG_DEBUG,
};

static const otlp_string single_key = {"b3", 2};
static const otlp_string trace_id_key = {"x-b3-traceid", 12};
static const otlp_string span_id_key = {"x-b3-spanid", 11};
static const otlp_string sampled_key = {"x-b3-sampled", 12};
static const otlp_string flags_key = {"x-b3-flags", 10};

static bool parse_ids(otlp_string trace_id, otlp_string span_id, otlp_span_context *out_span) {
  bool is_short = trace_id.length == SHORT_TRACE_ID_HEX_SIZE;
  size_t offset = is_short ? OTLP_TRACE_ID_SIZE / 2 : 0;
  memset(out_span, 0, sizeof(*out_span));
  if ((!is_short && trace_id.length != OTLP_TRACE_ID_HEX_SIZE) ||
      span_id.length != OTLP_SPAN_ID_HEX_SIZE ||
      !otlp__read_hex(trace_id.data, trace_id.length / 2, out_span->trace_id + offset) ||
      !otlp__read_hex(span_id.data, OTLP_SPAN_ID_SIZE, out_span->span_id)) {
    return false;
  }
  out_span->is_remote = true;
  return otlp_span_context_is_valid(out_span);
}

/* 0, 1 or d; nothing leaves the decision to us, which for a remote parent means no. */
static bool parse_state(otlp_string state, uint8_t *out_flags) {
  *out_flags = 0;
  if (state.length > 1) {
    return false;
  }
  if (state.length == 1 && state.data[0] == '1') {
    *out_flags = SAMPLED_FLAGS;
  } else if (state.length == 1 && state.data[0] == 'd') {
    *out_flags = DEBUG_FLAGS;
  } else if (state.length == 1 && state.data[0] != '0') {
    return false;
  }
  return true;
}

/* {trace id}-{span id}[-{state}[-{parent span id}]] */
static bool parse_single(otlp_string text, otlp_span_context *out_span) {
  otlp_string trace_id;
  otlp_string span_id;
  otlp_string state = {NULL, 0};
  text = otlp__string_trim(text);
  if (!otlp__string_next(&text, '-', &trace_id) || !otlp__string_next(&text, '-', &span_id)) {
    return false;
  }
  otlp__string_next(&text, '-', &state);
  return parse_ids(trace_id, span_id, out_span) && parse_state(state, &out_span->trace_flags);
}

static bool is_one(otlp_carrier_get_fn *get, const void *carrier, otlp_string key) {
  otlp_string value;
  if (!get(carrier, key, 0, &value)) {
    return false;
  }
  value = otlp__string_trim(value);
  return (value.length == 1 && value.data[0] == '1') || otlp__string_equal_no_case(value, "true");
}

static bool parse_multi(otlp_carrier_get_fn *get, const void *carrier,
                        otlp_span_context *out_span) {
  otlp_string trace_id;
  otlp_string span_id;
  if (!get(carrier, trace_id_key, 0, &trace_id) || !get(carrier, span_id_key, 0, &span_id) ||
      !parse_ids(otlp__string_trim(trace_id), otlp__string_trim(span_id), out_span)) {
    return false;
  }
  if (is_one(get, carrier, flags_key)) {
    out_span->trace_flags = DEBUG_FLAGS;
  } else if (is_one(get, carrier, sampled_key)) {
    out_span->trace_flags = SAMPLED_FLAGS;
  }
  return true;
}

static void extract(otlp_context *context, otlp_carrier_get_fn *get, const void *carrier) {
  otlp_span_context span;
  otlp_string text;
  bool is_valid = get(carrier, single_key, 0, &text) && parse_single(text, &span);
  if (!is_valid && !parse_multi(get, carrier, &span)) {
    return;
  }
  otlp_trace_state_release(context->span.trace_state);
  context->span = span;
}

static char state_of(const otlp_span_context *span) {
  if ((span->trace_flags & OTLP_TRACE_FLAG_DEBUG) != 0) {
    return 'd';
  }
  return otlp_span_context_is_sampled(span) ? '1' : '0';
}

static void inject_single(const otlp_context *context, otlp_carrier_set_fn *set, void *carrier) {
  char text[SINGLE_SIZE + 1];
  if (!otlp_span_context_is_valid(&context->span)) {
    return;
  }
  otlp_trace_id_to_hex(context->span.trace_id, text);
  text[OTLP_TRACE_ID_HEX_SIZE] = '-';
  otlp_span_id_to_hex(context->span.span_id, text + OTLP_TRACE_ID_HEX_SIZE + 1);
  text[SINGLE_SIZE - 2] = '-';
  text[SINGLE_SIZE - 1] = state_of(&context->span);
  set(carrier, single_key, otlp__string_of(text, SINGLE_SIZE));
}

static void inject_multi(const otlp_context *context, otlp_carrier_set_fn *set, void *carrier) {
  char hex[OTLP_TRACE_ID_HEX_SIZE + 1];
  if (!otlp_span_context_is_valid(&context->span)) {
    return;
  }
  otlp_trace_id_to_hex(context->span.trace_id, hex);
  set(carrier, trace_id_key, otlp__string_of(hex, OTLP_TRACE_ID_HEX_SIZE));
  otlp_span_id_to_hex(context->span.span_id, hex);
  set(carrier, span_id_key, otlp__string_of(hex, OTLP_SPAN_ID_HEX_SIZE));
  char state = state_of(&context->span);
  if (state == 'd') { /* debug implies sampled, which must not be sent with it */
    set(carrier, flags_key, otlp_string_from("1"));
  } else {
    set(carrier, sampled_key, otlp__string_of(&state, 1));
  }
}

const otlp_propagator otlp_propagator_b3 = {
    .name = "b3",
    .extract = extract,
    .inject = inject_single,
};

const otlp_propagator otlp_propagator_b3_multi = {
    .name = "b3multi",
    .extract = extract,
    .inject = inject_multi,
};
