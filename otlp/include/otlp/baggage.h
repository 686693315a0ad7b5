/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Baggage: the user's own key-value pairs that travel with a request (W3C Baggage; specification,
 * baggage/api.md).
 *
 * Ownership: immutable and counted. `set` and `remove` give a new baggage and leave the old one
 * alone. NULL is the empty baggage everywhere. Threads: safe anywhere, the count is atomic.
 */
#ifndef OTLP_BAGGAGE_H
#define OTLP_BAGGAGE_H

#include <otlp/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The sizes up to which baggage is passed on (W3C Baggage, section 3.3.2). */
enum {
  OTLP_BAGGAGE_MAX_MEMBERS = 64,
  OTLP_BAGGAGE_MAX_BYTES = 8192,
};

/** One entry. `value` is decoded: any UTF-8. `metadata` is the properties as they were sent,
 * `k1=v1;k2`, without the first semicolon. */
typedef struct otlp_baggage_entry {
  otlp_string key;
  otlp_string value;
  otlp_string metadata;
} otlp_baggage_entry;

/**
 * Parses one header's value. Members that are malformed are left out; of a repeated key the last
 * one stays; what is beyond the limits is left out. Bytes that are not UTF-8 become U+FFFD.
 *
 * @return one count, or NULL when nothing is left or memory is short.
 */
otlp_baggage *otlp_baggage_parse(otlp_string header);

/** The entry of `key`, borrowed from the baggage; false when there is none. */
bool otlp_baggage_get(const otlp_baggage *baggage, otlp_string key, otlp_baggage_entry *out_entry);

/** How many entries; the `index`-th, borrowed from the baggage. */
size_t otlp_baggage_count(const otlp_baggage *baggage);
bool otlp_baggage_at(const otlp_baggage *baggage, size_t index, otlp_baggage_entry *out_entry);

/**
 * The baggage with the entry set; an equal key is replaced.
 *
 * @return one count. The old baggage (its count taken) when the key is not a token (RFC 7230,
 *         section 3.2.6), the metadata is malformed, or the limits are reached; NULL when memory is
 *         short.
 */
otlp_baggage *otlp_baggage_set(const otlp_baggage *baggage, const otlp_baggage_entry *entry);

/** The baggage without `key`: one count, or NULL when nothing is left or memory is short. */
otlp_baggage *otlp_baggage_remove(const otlp_baggage *baggage, otlp_string key);

/** The baggage as a header value, percent-encoded; borrowed from the baggage. Empty for NULL. */
otlp_string otlp_baggage_text(const otlp_baggage *baggage);

/** Takes one more count; NULL gives NULL. */
otlp_baggage *otlp_baggage_acquire(const otlp_baggage *baggage);

/** Gives one count back. NULL does nothing. */
void otlp_baggage_release(const otlp_baggage *baggage);

#ifdef __cplusplus
}
#endif

#endif
