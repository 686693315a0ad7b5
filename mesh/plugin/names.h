/* SPDX-License-Identifier: Apache-2.0 */
/*
 * C names for protobuf names. Messages are named as protoc-gen-c names them, since these are its
 * types: each piece of the full name in CamelCase, joined by "__". Functions and tables of ours
 * take the same lower-case form of each piece, joined by "_".
 *
 * Everything returned lives in the pool. Threads: one.
 */
#ifndef GEN_NAMES_H
#define GEN_NAMES_H

#include "pool.h"

#include <stdbool.h>

/* "GetItem" is get_item, "HTTPGet" httpget, "A1B2" a1_b2: an underscore before a capital that
 * follows anything but a capital. */
char *gen_name_lower(gen_pool *pool, const char *name);

/* ".shop.v1.Order.Line_item" or "shop.v1.Order.Line_item": Shop__V1__Order__LineItem. */
char *gen_name_type(gen_pool *pool, const char *full_name);

/* The same name: shop__v1__order__line_item. */
char *gen_name_lower_type(gen_pool *pool, const char *full_name);

/* "shop.inventory.v1" is shop_inventory_v1. */
char *gen_name_prefix(gen_pool *pool, const char *package);

/* `name`, with an underscore behind it when it is a keyword, or a usual macro, of C or C++. */
char *gen_name_member(gen_pool *pool, const char *name);

/* The file's name without ".proto". */
char *gen_name_stem(gen_pool *pool, const char *file);

/* An identifier for a file's name: every other character is "_" and its hex code. */
char *gen_name_guard(gen_pool *pool, const char *file);

#endif
