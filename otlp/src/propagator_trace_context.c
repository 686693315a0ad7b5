/* SPDX-License-Identifier: Apache-2.0 */
/* W3C Trace Context Level 2: the headers traceparent and tracestate. */
#include <otlp/propagation.h>

#include "hex.h"
#include "text.h"

#include <otlp/trace_state.h>

#include <stdlib.h>

enum {
  VERSION_AT = 0,
  TRACE_ID_AT = 3,
  SPAN_ID_AT = 36,
  FLAGS_AT = 53,
  TRACE_PARENT_SIZE = 55, /* of version 00; a later one may be longer */
  INVALID_VERSION = 0xFF,
  KNOWN_FLAGS = OTLP_TRACE_FLAG_SAMPLED | OTLP_TRACE_FLAG_RANDOM,
  LONG_MEMBER = 128, /* members that go first when a tracestate is too long */
};

static const otlp_string trace_parent_key = {"traceparent", 11};
static const otlp_string trace_state_key = {"tracestate", 10};

static bool has_dashes(const char *text) {
  return text[TRACE_ID_AT - 1] == '-' && text[SPAN_ID_AT - 1] == '-' && text[FLAGS_AT - 1] == '-';
}

/* Section 4.3, "Versioning": 00 has nothing after the flags, a later version may after a dash. */
static bool has_length_of(otlp_string text, uint8_t version) {
  if (text.length == TRACE_PARENT_SIZE) {
    return true;
  }
  return version > 0 && text.data[TRACE_PARENT_SIZE] == '-';
}

/* Ids are lower-case hex only (section 3.2.2.3). */
static bool parse_trace_parent(otlp_string text, otlp_span_context *out_span) {
  uint8_t version;
  uint8_t flags;
  text = otlp__string_trim(text);
  if (text.length < TRACE_PARENT_SIZE || !has_dashes(text.data) ||
      !otlp__read_hex(text.data + VERSION_AT, 1, &version) || version == INVALID_VERSION ||
      !has_length_of(text, version) ||
      !otlp__read_hex(text.data + TRACE_ID_AT, OTLP_TRACE_ID_SIZE, out_span->trace_id) ||
      !otlp__read_hex(text.data + SPAN_ID_AT, OTLP_SPAN_ID_SIZE, out_span->span_id) ||
      !otlp__read_hex(text.data + FLAGS_AT, 1, &flags)) {
    return false;
  }
  out_span->trace_flags = flags & KNOWN_FLAGS;
  out_span->is_remote = true;
  out_span->trace_state = NULL;
  return otlp_span_context_is_valid(out_span);
}

/* Several headers are one list, in their order (section 3.3.1.1). Longer lists than this can't be
 * valid: 32 members of 256 + 1 + 256 characters, with a comma and generous space between them. */
enum { JOINED_MAX = 32 * 1024 };

static otlp_trace_state *join_and_parse(otlp_carrier_get_fn *get, const void *carrier) {
  char *joined = malloc(JOINED_MAX);
  if (joined == NULL) {
    return NULL;
  }
  size_t size = 0;
  otlp_string text;
  for (size_t i = 0; get(carrier, trace_state_key, i, &text); i++) {
    if (text.length >= JOINED_MAX - size) {
      free(joined);
      return NULL;
    }
    if (text.length > 0) {
      memcpy(joined + size, text.data, text.length);
    }
    size += text.length;
    joined[size++] = ',';
  }
  otlp_trace_state *state = otlp_trace_state_parse(otlp__string_of(joined, size));
  free(joined);
  return state;
}

static otlp_trace_state *extract_trace_state(otlp_carrier_get_fn *get, const void *carrier) {
  otlp_string text;
  otlp_string second;
  if (!get(carrier, trace_state_key, 0, &text)) {
    return NULL;
  }
  if (!get(carrier, trace_state_key, 1, &second)) {
    return otlp_trace_state_parse(text);
  }
  return join_and_parse(get, carrier);
}

static void extract(otlp_context *context, otlp_carrier_get_fn *get, const void *carrier) {
  otlp_span_context span;
  otlp_string text;
  otlp_string second;
  if (!get(carrier, trace_parent_key, 0, &text) || get(carrier, trace_parent_key, 1, &second) ||
      !parse_trace_parent(text, &span)) {
    return;
  }
  span.trace_state = extract_trace_state(get, carrier);
  otlp_trace_state_release(context->span.trace_state);
  context->span = span;
}

/* The members that stay when the header must be shorter: long ones go first, then from the right
 * (section 3.3.1.5). */
typedef struct kept_members {
  bool is_kept[OTLP_TRACE_STATE_MAX_MEMBERS];
  size_t size; /* with a comma after each member */
} kept_members;

static size_t member_size(const otlp_trace_state *state, size_t index) {
  otlp_string key;
  otlp_string value;
  otlp_trace_state_at(state, index, &key, &value);
  return key.length + 1 + value.length;
}

static void drop_from_the_right(kept_members *kept, const otlp_trace_state *state,
                                size_t longer_than) {
  for (size_t i = otlp_trace_state_count(state); i-- > 0;) {
    size_t size = member_size(state, i);
    if (kept->size - 1 > OTLP_TRACE_STATE_MAX_HEADER && kept->is_kept[i] && size > longer_than) {
      kept->is_kept[i] = false;
      kept->size -= size + 1;
    }
  }
}

static size_t write_members(const kept_members *kept, const otlp_trace_state *state, char *out) {
  char *at = out;
  for (size_t i = 0; i < otlp_trace_state_count(state); i++) {
    otlp_string key;
    otlp_string value;
    if (!kept->is_kept[i] || !otlp_trace_state_at(state, i, &key, &value)) {
      continue;
    }
    if (at > out) {
      *at++ = ',';
    }
    /* Key, equals sign and value lie next to each other. */
    memcpy(at, key.data, key.length + 1 + value.length);
    at += key.length + 1 + value.length;
  }
  return (size_t)(at - out);
}

static void inject_trace_state(const otlp_trace_state *state, otlp_carrier_set_fn *set,
                               void *carrier) {
  otlp_string text = otlp_trace_state_text(state);
  if (text.length <= OTLP_TRACE_STATE_MAX_HEADER) {
    set(carrier, trace_state_key, text);
    return;
  }
  kept_members kept;
  memset(kept.is_kept, true, sizeof(kept.is_kept));
  kept.size = text.length + 1;
  drop_from_the_right(&kept, state, LONG_MEMBER);
  drop_from_the_right(&kept, state, 0);
  char shortened[OTLP_TRACE_STATE_MAX_HEADER];
  size_t size = write_members(&kept, state, shortened);
  if (size > 0) {
    set(carrier, trace_state_key, otlp__string_of(shortened, size));
  }
}

static void inject(const otlp_context *context, otlp_carrier_set_fn *set, void *carrier) {
  static const char digits[] = "0123456789abcdef";
  if (!otlp_span_context_is_valid(&context->span)) {
    return;
  }
  char text[TRACE_PARENT_SIZE + 1] = "00-";
  otlp_trace_id_to_hex(context->span.trace_id, text + TRACE_ID_AT);
  text[SPAN_ID_AT - 1] = '-';
  otlp_span_id_to_hex(context->span.span_id, text + SPAN_ID_AT);
  text[FLAGS_AT - 1] = '-';
  text[FLAGS_AT] = '0';
  text[FLAGS_AT + 1] = digits[context->span.trace_flags & KNOWN_FLAGS];
  set(carrier, trace_parent_key, otlp__string_of(text, TRACE_PARENT_SIZE));
  if (context->span.trace_state != NULL) {
    inject_trace_state(context->span.trace_state, set, carrier);
  }
}

const otlp_propagator otlp_propagator_trace_context = {
    .name = "tracecontext",
    .extract = extract,
    .inject = inject,
};
