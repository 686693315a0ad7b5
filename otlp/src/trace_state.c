/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A trace state is one block: the header, its text as it would be sent, and for each member where
 * its key and value lie in the text. Changing one means composing a new one from a list of views.
 */
#include <otlp/trace_state.h>

#include "text.h"

#include <stdatomic.h>
#include <stdlib.h>

typedef struct member {
  otlp_string key;
  otlp_string value;
} member;

struct otlp_trace_state {
  atomic_uint references;
  size_t count;
  otlp_string text;
  member members[]; /* views of the text, which follows */
};

/* A list in the making; its views are of anything that lives long enough. */
typedef struct member_list {
  member items[OTLP_TRACE_STATE_MAX_MEMBERS];
  size_t count;
} member_list;

/* Level 2 grammar, section 3.3.1.3.1: a lower-case letter or a digit first, `@` like any other. */
static bool is_key(otlp_string key) {
  if (key.length == 0 || key.length > OTLP_TRACE_STATE_MAX_KEY) {
    return false;
  }
  for (size_t i = 0; i < key.length; i++) {
    char c = key.data[i];
    bool is_first = otlp__is_lower(c) || otlp__is_digit(c);
    if (!is_first && (i == 0 || c == '\0' || strchr("_-*/@", c) == NULL)) {
      return false;
    }
  }
  return true;
}

/* Section 3.3.1.3.2: printable ASCII but for `,` and `=`; the last character is not a space. */
static bool is_value(otlp_string value) {
  if (value.length == 0 || value.length > OTLP_TRACE_STATE_MAX_VALUE) {
    return false;
  }
  for (size_t i = 0; i < value.length; i++) {
    char c = value.data[i];
    if (c < 0x20 || c > 0x7E || c == ',' || c == '=') {
      return false;
    }
  }
  return value.data[value.length - 1] != ' ';
}

static bool list_has(const member_list *list, otlp_string key) {
  for (size_t i = 0; i < list->count; i++) {
    if (otlp__string_equal(list->items[i].key, key)) {
      return true;
    }
  }
  return false;
}

static size_t text_size(const member_list *list) {
  size_t size = list->count - 1;
  for (size_t i = 0; i < list->count; i++) {
    size += list->items[i].key.length + 1 + list->items[i].value.length;
  }
  return size;
}

static otlp_string put(char **at, otlp_string text) {
  memcpy(*at, text.data, text.length);
  otlp_string copy = {*at, text.length};
  *at += text.length;
  return copy;
}

static void copy_members(otlp_trace_state *state, const member_list *list, char *at) {
  for (size_t i = 0; i < list->count; i++) {
    if (i > 0) {
      *at++ = ',';
    }
    state->members[i].key = put(&at, list->items[i].key);
    *at++ = '=';
    state->members[i].value = put(&at, list->items[i].value);
  }
}

/* NULL for an empty list, which is the empty state. */
static otlp_trace_state *state_from(const member_list *list) {
  if (list->count == 0) {
    return NULL;
  }
  size_t members_size = list->count * sizeof(member);
  size_t length = text_size(list);
  otlp_trace_state *state = malloc(sizeof(*state) + members_size + length);
  if (state == NULL) {
    return NULL;
  }
  char *text = (char *)state->members + members_size;
  atomic_init(&state->references, 1);
  state->count = list->count;
  state->text = otlp__string_of(text, length);
  copy_members(state, list, text);
  return state;
}

/* False when the member breaks the grammar or the list is full. */
static bool parse_member(otlp_string text, member_list *list) {
  size_t equals = otlp__string_find(text, '=');
  if (equals == text.length) {
    return false;
  }
  member parsed = {otlp__string_part(text, 0, equals),
                   otlp__string_part(text, equals + 1, text.length)};
  if (!is_key(parsed.key) || !is_value(parsed.value)) {
    return false;
  }
  if (list_has(list, parsed.key)) {
    return true;
  }
  if (list->count == OTLP_TRACE_STATE_MAX_MEMBERS) {
    return false;
  }
  list->items[list->count++] = parsed;
  return true;
}

otlp_trace_state *otlp_trace_state_parse(otlp_string header) {
  member_list list;
  list.count = 0;
  otlp_string text;
  while (otlp__string_next(&header, ',', &text)) {
    text = otlp__string_trim(text);
    if (text.length > 0 && !parse_member(text, &list)) {
      return NULL;
    }
  }
  return state_from(&list);
}

bool otlp_trace_state_get(const otlp_trace_state *state, otlp_string key, otlp_string *out_value) {
  for (size_t i = 0; i < otlp_trace_state_count(state); i++) {
    if (otlp__string_equal(state->members[i].key, key)) {
      *out_value = state->members[i].value;
      return true;
    }
  }
  return false;
}

size_t otlp_trace_state_count(const otlp_trace_state *state) {
  return state != NULL ? state->count : 0;
}

bool otlp_trace_state_at(const otlp_trace_state *state, size_t index, otlp_string *out_key,
                         otlp_string *out_value) {
  if (index >= otlp_trace_state_count(state)) {
    return false;
  }
  *out_key = state->members[index].key;
  *out_value = state->members[index].value;
  return true;
}

/* Appends the state's members but for `key`, as many as there is room for. */
static void append_others(member_list *list, const otlp_trace_state *state, otlp_string key) {
  for (size_t i = 0; i < otlp_trace_state_count(state); i++) {
    if (list->count < OTLP_TRACE_STATE_MAX_MEMBERS &&
        !otlp__string_equal(state->members[i].key, key)) {
      list->items[list->count++] = state->members[i];
    }
  }
}

otlp_trace_state *otlp_trace_state_set(const otlp_trace_state *state, otlp_string key,
                                       otlp_string value) {
  if (!is_key(key) || !is_value(value)) {
    return otlp_trace_state_acquire(state);
  }
  member_list list;
  list.items[0].key = key;
  list.items[0].value = value;
  list.count = 1;
  append_others(&list, state, key);
  return state_from(&list);
}

otlp_trace_state *otlp_trace_state_remove(const otlp_trace_state *state, otlp_string key) {
  member_list list;
  list.count = 0;
  append_others(&list, state, key);
  return state_from(&list);
}

otlp_string otlp_trace_state_text(const otlp_trace_state *state) {
  return state != NULL ? state->text : otlp__string_of(NULL, 0);
}

otlp_trace_state *otlp_trace_state_acquire(const otlp_trace_state *state) {
  otlp_trace_state *counted = (otlp_trace_state *)state;
  if (counted != NULL) {
    atomic_fetch_add_explicit(&counted->references, 1, memory_order_relaxed);
  }
  return counted;
}

void otlp_trace_state_release(const otlp_trace_state *state) {
  otlp_trace_state *counted = (otlp_trace_state *)state;
  if (counted != NULL &&
      atomic_fetch_sub_explicit(&counted->references, 1, memory_order_acq_rel) == 1) {
    free(counted);
  }
}
