/* SPDX-License-Identifier: Apache-2.0 */
#include "names.h"

#include "text.h"

#include <string.h>

/* Not <ctype.h>: names do not depend on a locale. */
static bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static void add_char(gen_text *text, char c) {
  gen_text_add(text, &c, 1);
}

static void add_lower(gen_text *text, const char *name, size_t size) {
  bool was_upper = true; /* no underscore in front */
  for (size_t at = 0; at < size; at++) {
    if (is_upper(name[at]) && !was_upper) {
      add_char(text, '_');
    }
    was_upper = is_upper(name[at]);
    add_char(text, (char)(was_upper ? name[at] - 'A' + 'a' : name[at]));
  }
}

static void add_camel(gen_text *text, const char *name, size_t size) {
  bool next_is_upper = true;
  for (size_t at = 0; at < size; at++) {
    if (name[at] == '_') {
      next_is_upper = true;
      continue;
    }
    bool make_upper = next_is_upper && is_lower(name[at]);
    add_char(text, (char)(make_upper ? name[at] - 'a' + 'A' : name[at]));
    next_is_upper = false;
  }
}

/* Each piece between dots through `add`, joined by `joint`. */
static char *convert(gen_pool *pool, const char *name, const char *joint,
                     void (*add)(gen_text *, const char *, size_t)) {
  gen_text text = gen_text_make(pool);
  gen_text_add(&text, "", 0);
  for (const char *piece = name; *piece != '\0';) {
    size_t size = strcspn(piece, ".");
    if (size > 0) {
      gen_text_add(&text, joint, text.size > 0 ? strlen(joint) : 0);
      add(&text, piece, size);
    }
    piece += size + (piece[size] == '.' ? 1 : 0);
  }
  return text.data;
}

char *gen_name_lower(gen_pool *pool, const char *name) {
  return convert(pool, name, "_", add_lower);
}

char *gen_name_type(gen_pool *pool, const char *full_name) {
  return convert(pool, full_name, "__", add_camel);
}

char *gen_name_lower_type(gen_pool *pool, const char *full_name) {
  return convert(pool, full_name, "__", add_lower);
}

char *gen_name_prefix(gen_pool *pool, const char *package) {
  return convert(pool, package, "_", add_lower);
}

/* Headers are for C and C++, so the words of both are taken; and what compilers and the C library
 * define as macros in lower case. */
static const char *const taken_words[] = {
    "alignas",      "alignof",    "and",       "and_eq",
    "asm",          "assert",     "auto",      "bitand",
    "bitor",        "bool",       "break",     "case",
    "catch",        "char",       "char16_t",  "char32_t",
    "char8_t",      "class",      "co_await",  "co_return",
    "co_yield",     "compl",      "complex",   "concept",
    "const",        "const_cast", "consteval", "constexpr",
    "constinit",    "continue",   "decltype",  "default",
    "delete",       "do",         "double",    "dynamic_cast",
    "else",         "enum",       "errno",     "explicit",
    "export",       "extern",     "false",     "float",
    "for",          "friend",     "goto",      "if",
    "inline",       "int",        "linux",     "long",
    "mutable",      "namespace",  "new",       "noexcept",
    "noreturn",     "not",        "not_eq",    "nullptr",
    "operator",     "or",         "or_eq",     "private",
    "protected",    "public",     "register",  "reinterpret_cast",
    "requires",     "restrict",   "return",    "short",
    "signed",       "sizeof",     "static",    "static_assert",
    "static_cast",  "stderr",     "stdin",     "stdout",
    "struct",       "switch",     "template",  "this",
    "thread_local", "throw",      "true",      "try",
    "typedef",      "typeid",     "typename",  "typeof",
    "union",        "unix",       "unsigned",  "using",
    "virtual",      "void",       "volatile",  "wchar_t",
    "while",        "xor",        "xor_eq"};

char *gen_name_member(gen_pool *pool, const char *name) {
  for (size_t i = 0; i < sizeof(taken_words) / sizeof(*taken_words); i++) {
    if (strcmp(taken_words[i], name) == 0) {
      return gen_pool_printf(pool, "%s_", name);
    }
  }
  return gen_pool_printf(pool, "%s", name);
}

char *gen_name_stem(gen_pool *pool, const char *file) {
  static const char *const endings[] = {".protodevel", ".proto"};
  size_t size = strlen(file);
  for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
    size_t ending = strlen(endings[i]);
    if (size >= ending && strcmp(file + size - ending, endings[i]) == 0) {
      size -= ending;
      break;
    }
  }
  return gen_pool_printf(pool, "%.*s", (int)size, file);
}

char *gen_name_guard(gen_pool *pool, const char *file) {
  gen_text text = gen_text_make(pool);
  gen_text_add(&text, "", 0);
  for (const char *c = file; *c != '\0'; c++) {
    if (is_upper(*c) || is_lower(*c) || is_digit(*c)) {
      add_char(&text, *c);
    } else {
      gen_text_printf(&text, "_%02x", (unsigned)(unsigned char)*c);
    }
  }
  return text.data;
}
