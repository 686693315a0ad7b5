/* SPDX-License-Identifier: Apache-2.0 */
#include <stdbool.h>
#include <stdint.h>
#include <store/key.h>
#include <string.h>

/* How many bytes the character at `at` has, 0 when it is no character (RFC 3629, section 4). */
static size_t character_size(const unsigned char *at) {
  if (at[0] < 0x80) {
    return 1;
  }
  size_t size = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
  if (at[0] < 0xc2 || at[0] > 0xf4) {
    return 0;
  }
  for (size_t i = 1; i < size; i++) {
    if ((at[i] & 0xc0) != 0x80) {
      return 0;
    }
  }
  bool is_overlong = (at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xf0 && at[1] < 0x90);
  bool is_surrogate = at[0] == 0xed && at[1] >= 0xa0;
  bool is_too_large = at[0] == 0xf4 && at[1] >= 0x90;
  return is_overlong || is_surrogate || is_too_large ? 0 : size;
}

/* C0, DEL and C1 (U+0080 to U+009F). */
static bool is_control(const unsigned char *at) {
  return at[0] < 0x20 || at[0] == 0x7f || (at[0] == 0xc2 && at[1] < 0xa0);
}

const char *store_key_problem(const char *text, size_t max_bytes) {
  if (text == NULL || text[0] == '\0') {
    return "must not be empty";
  }
  if (strnlen(text, max_bytes + 1) > max_bytes) {
    return "is too long";
  }
  for (const unsigned char *at = (const unsigned char *)text; *at != '\0';) {
    size_t size = character_size(at);
    if (size == 0) {
      return "must be UTF-8";
    }
    if (is_control(at)) {
      return "must not have control characters";
    }
    at += size;
  }
  return NULL;
}
