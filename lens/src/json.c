/* SPDX-License-Identifier: Apache-2.0 */
#include "json.h"

#include "utf8.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A value follows another one unless something has just been opened. Strings end with a quote, so
 * the last byte always tells. */
static void separate(lens_buffer *out) {
  if (out->size > 0 && strchr("{[:,", out->data[out->size - 1]) == NULL) {
    lens_buffer_add_text(out, ",");
  }
}

void lens_json_begin_object(lens_buffer *out) {
  separate(out);
  lens_buffer_add_text(out, "{");
}

void lens_json_end_object(lens_buffer *out) {
  lens_buffer_add_text(out, "}");
}

void lens_json_begin_array(lens_buffer *out) {
  separate(out);
  lens_buffer_add_text(out, "[");
}

void lens_json_end_array(lens_buffer *out) {
  lens_buffer_add_text(out, "]");
}

void lens_json_key(lens_buffer *out, const char *name) {
  separate(out);
  lens_buffer_add_text(out, "\"");
  lens_buffer_add_text(out, name);
  lens_buffer_add_text(out, "\":");
}

static bool is_plain(uint8_t byte) {
  return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

/* RFC 8259, section 7. DEL need not be escaped, but terminals are happier. */
static void add_escaped(lens_buffer *out, uint8_t byte) {
  static const char names[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f',
                               ['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\'};
  if (byte < sizeof(names) && names[byte] != 0) {
    const char escape[] = {'\\', names[byte], 0};
    lens_buffer_add_text(out, escape);
    return;
  }
  lens_buffer_add_format(out, "\\u%04x", byte);
}

/* One character that is not plain ASCII. @return how many bytes of `text` that was. */
static size_t add_character(lens_buffer *out, lens_bytes text) {
  size_t size = lens_utf8_size(text);
  if (size == 0) {
    lens_buffer_add_text(out, LENS_REPLACEMENT);
    return 1;
  }
  if (size == 1) {
    add_escaped(out, text.data[0]);
  } else {
    lens_buffer_add(out, text.data, size);
  }
  return size;
}

void lens_json_string(lens_buffer *out, lens_bytes text) {
  separate(out);
  lens_buffer_add_text(out, "\"");
  size_t at = 0;
  while (at < text.size) {
    size_t plain = at;
    while (plain < text.size && is_plain(text.data[plain])) {
      plain++;
    }
    lens_buffer_add(out, text.data + at, plain - at);
    at = plain;
    if (at < text.size) {
      at += add_character(out, (lens_bytes){text.data + at, text.size - at});
    }
  }
  lens_buffer_add_text(out, "\"");
}

void lens_json_text(lens_buffer *out, const char *text) {
  lens_json_string(out, lens_bytes_of(text));
}

void lens_json_bool(lens_buffer *out, bool value) {
  separate(out);
  lens_buffer_add_text(out, value ? "true" : "false");
}

void lens_json_number(lens_buffer *out, int64_t value) {
  separate(out);
  lens_buffer_add_format(out, "%" PRId64, value);
}

void lens_json_int64(lens_buffer *out, int64_t value) {
  separate(out);
  lens_buffer_add_format(out, "\"%" PRId64 "\"", value);
}

void lens_json_uint64(lens_buffer *out, uint64_t value) {
  separate(out);
  lens_buffer_add_format(out, "\"%" PRIu64 "\"", value);
}

void lens_json_double(lens_buffer *out, double value) {
  if (isnan(value) || isinf(value)) {
    lens_json_text(out, isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    return;
  }
  char text[32];
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(text, sizeof(text), "%.*g", digits, value);
    if (strtod(text, NULL) == value) {
      break;
    }
  }
  separate(out);
  lens_buffer_add_text(out, text);
}

void lens_json_hex(lens_buffer *out, lens_bytes bytes) {
  separate(out);
  lens_buffer_add_text(out, "\"");
  lens_buffer_add_hex(out, bytes);
  lens_buffer_add_text(out, "\"");
}

/* RFC 4648, section 4. */
void lens_json_base64(lens_buffer *out, lens_bytes bytes) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  separate(out);
  lens_buffer_add_text(out, "\"");
  for (size_t at = 0; at < bytes.size; at += 3) {
    size_t left = bytes.size - at;
    uint32_t group = (uint32_t)bytes.data[at] << 16;
    group |= left > 1 ? (uint32_t)bytes.data[at + 1] << 8 : 0;
    group |= left > 2 ? (uint32_t)bytes.data[at + 2] : 0;
    const char quad[] = {digits[group >> 18], digits[(group >> 12) & 63],
                         left > 1 ? digits[(group >> 6) & 63] : '=',
                         left > 2 ? digits[group & 63] : '='};
    lens_buffer_add(out, quad, sizeof(quad));
  }
  lens_buffer_add_text(out, "\"");
}
