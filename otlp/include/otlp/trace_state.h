/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Trace state: vendors' own key-value pairs that travel with a trace (W3C Trace Context Level 2,
 * section 3.3; specification, trace/api.md, "TraceState").
 *
 * A state is always valid: at most OTLP_TRACE_STATE_MAX_MEMBERS members, keys and values within the
 * grammar, no key twice, the newest first.
 *
 * Ownership: immutable and counted. `set` and `remove` give a new state and leave the old one
 * alone. NULL is the empty state everywhere. Threads: safe anywhere, the count is atomic.
 */
#ifndef OTLP_TRACE_STATE_H
#define OTLP_TRACE_STATE_H

#include <otlp/context.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  OTLP_TRACE_STATE_MAX_MEMBERS = 32,
  OTLP_TRACE_STATE_MAX_KEY = 256,
  OTLP_TRACE_STATE_MAX_VALUE = 256,
  /** Headers are cut to this, member by member, when they are sent (section 3.3.1.5). */
  OTLP_TRACE_STATE_MAX_HEADER = 512,
};

/**
 * Parses one header's value. Empty members are skipped; of a repeated key the first one stays.
 *
 * @return one count, or NULL when there is no member, anything is malformed, there are more than
 *         32 members, or memory is short.
 */
otlp_trace_state *otlp_trace_state_parse(otlp_string header);

/** The value of `key`, borrowed from the state, in `out_value`; false when there is none. */
bool otlp_trace_state_get(const otlp_trace_state *state, otlp_string key, otlp_string *out_value);

/** How many members; the `index`-th from the left (the newest is 0), borrowed from the state. */
size_t otlp_trace_state_count(const otlp_trace_state *state);
bool otlp_trace_state_at(const otlp_trace_state *state, size_t index, otlp_string *out_key,
                         otlp_string *out_value);

/**
 * The state with `key` set to `value` and moved to the front. A 33rd member pushes the last one
 * out.
 *
 * @return one count. The old state (its count taken) when key or value are outside the grammar;
 *         NULL when memory is short.
 */
otlp_trace_state *otlp_trace_state_set(const otlp_trace_state *state, otlp_string key,
                                       otlp_string value);

/** The state without `key`: one count, or NULL when nothing is left or memory is short. */
otlp_trace_state *otlp_trace_state_remove(const otlp_trace_state *state, otlp_string key);

/** The whole state as one header value, uncut; borrowed from the state. Empty for NULL. */
otlp_string otlp_trace_state_text(const otlp_trace_state *state);

/** Takes one more count; NULL gives NULL. */
otlp_trace_state *otlp_trace_state_acquire(const otlp_trace_state *state);

/** Gives one count back. NULL does nothing. */
void otlp_trace_state_release(const otlp_trace_state *state);

#ifdef __cplusplus
}
#endif

#endif
