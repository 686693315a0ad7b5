/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A token is base64url (RFC 4648, section 5, no padding) of a 4-byte checksum over scope and key,
 * then the key. The checksum tells tokens of other lists and typing mistakes from good ones; it
 * protects nothing, since a key is no secret.
 */
#include <stdbool.h>
#include <store/page.h>
#include <string.h>

enum { CHECK_SIZE = 4, RAW_MAX = CHECK_SIZE + STORE_PAGE_KEY_MAX };

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int store_page_size(int32_t requested) {
  if (requested < 0) {
    return -1;
  }
  if (requested == 0) {
    return STORE_PAGE_DEFAULT;
  }
  return requested < STORE_PAGE_MAX ? requested : STORE_PAGE_MAX;
}

/* FNV-1a, 32 bits, over the text and its NUL. */
static uint32_t hash_on(uint32_t hash, const char *text) {
  do {
    hash = (hash ^ (unsigned char)*text) * 16777619u;
  } while (*text++ != '\0');
  return hash;
}

static void write_check(const char *scope, const char *key, unsigned char out_check[CHECK_SIZE]) {
  uint32_t hash = hash_on(hash_on(2166136261u, scope), key);
  for (int i = 0; i < CHECK_SIZE; i++) {
    out_check[i] = (unsigned char)(hash >> (24 - 8 * i));
  }
}

const char *store_page_token(mesh_arena *arena, const char *scope, const char *last_key) {
  unsigned char raw[RAW_MAX + 2] = {0};
  size_t key_size = strnlen(last_key, STORE_PAGE_KEY_MAX);
  write_check(scope, last_key, raw);
  memcpy(raw + CHECK_SIZE, last_key, key_size);
  size_t size = CHECK_SIZE + key_size;
  char *token = mesh_arena_alloc(arena, (size * 4 + 2) / 3 + 1);
  size_t length = 0;
  for (size_t bit = 0; bit < size * 8; bit += 6) {
    unsigned pair = (unsigned)raw[bit / 8] << 8 | raw[bit / 8 + 1];
    token[length++] = digits[pair >> (10 - bit % 8) & 0x3f];
  }
  return token;
}

static bool decode(const char *token, unsigned char *out_raw, size_t *out_size) {
  size_t length = strnlen(token, RAW_MAX * 2);
  *out_size = length * 6 / 8;
  if (*out_size > RAW_MAX || length % 4 == 1) {
    return false;
  }
  for (size_t i = 0; i < length; i++) {
    const char *digit = strchr(digits, token[i]);
    if (digit == NULL) {
      return false;
    }
    unsigned pair = (unsigned)(digit - digits) << (10 - i * 6 % 8);
    out_raw[i * 6 / 8] |= (unsigned char)(pair >> 8);
    out_raw[i * 6 / 8 + 1] |= (unsigned char)pair;
  }
  return true;
}

char *store_page_key(mesh_arena *arena, const char *scope, const char *token) {
  if (token[0] == '\0') {
    return mesh_arena_strdup(arena, "");
  }
  unsigned char raw[RAW_MAX + 2] = {0};
  size_t size = 0;
  if (!decode(token, raw, &size) || size <= CHECK_SIZE) {
    return NULL;
  }
  char *key = mesh_arena_copy(arena, raw + CHECK_SIZE, size - CHECK_SIZE);
  unsigned char check[CHECK_SIZE];
  write_check(scope, key, check);
  bool is_whole = strlen(key) == size - CHECK_SIZE && memcmp(raw, check, CHECK_SIZE) == 0;
  return is_whole ? key : NULL;
}
