/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing JSON (RFC 8259) into a buffer. Commas are put where they belong; whatever the strings
 * hold, what comes out is valid.
 */
#ifndef LENS_JSON_H
#define LENS_JSON_H

#include "bytes.h"

void lens_json_begin_object(lens_buffer *out);
void lens_json_end_object(lens_buffer *out);
void lens_json_begin_array(lens_buffer *out);
void lens_json_end_array(lens_buffer *out);

/* The name of the value that follows: plain ASCII of our own, written as it is. */
void lens_json_key(lens_buffer *out, const char *name);

/* Bytes that are not UTF-8 become U+FFFD. */
void lens_json_string(lens_buffer *out, lens_bytes text);
void lens_json_text(lens_buffer *out, const char *text);

void lens_json_bool(lens_buffer *out, bool value);
void lens_json_number(lens_buffer *out, int64_t value);

/* A 64-bit integer in quotes, as proto3 JSON writes them: many readers have only doubles. */
void lens_json_int64(lens_buffer *out, int64_t value);
void lens_json_uint64(lens_buffer *out, uint64_t value);

/* The shortest decimal that reads back the same; "NaN", "Infinity", "-Infinity" as strings. */
void lens_json_double(lens_buffer *out, double value);

void lens_json_hex(lens_buffer *out, lens_bytes bytes);
void lens_json_base64(lens_buffer *out, lens_bytes bytes);

#endif
