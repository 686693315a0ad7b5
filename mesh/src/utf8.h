/* SPDX-License-Identifier: Apache-2.0 */
/* Texts that must be UTF-8 whatever they are made of: protobuf strings, log lines. */
#ifndef MESH__UTF8_H
#define MESH__UTF8_H

#include <mesh/status.h>
#include <stdarg.h>
#include <stddef.h>

/* The length of the UTF-8 character at `text` (RFC 3629, section 4), with `left` > 0 bytes from
 * there; 0 when it is none. */
size_t mesh__utf8_size(const unsigned char *text, size_t left);

/* Puts a '?' for each byte that belongs to no character. NUL-terminated, as are these: */
char *mesh__utf8_repair(char *text);

/* vsnprintf, repaired; what is too long is cut in front of the character that does not fit. */
void mesh__utf8_format(char *out, size_t size, const char *format, va_list arguments)
    MESH_PRINTF(3, 0);

#endif
