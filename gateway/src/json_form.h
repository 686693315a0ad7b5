/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Does a message have a JSON form? upb's encoder finds out on the way, but by then it may hold
 * memory that it never frees, and it follows an Any within an Any as deep as they go. So messages
 * that may hold an Any are looked at first.
 */
#ifndef GATEWAY_JSON_FORM_H
#define GATEWAY_JSON_FORM_H

#include "arena.h"

#include <upb/def.h>

/* Can there be a google.protobuf.Any within a message of this type? */
bool gateway_may_hold_any(const upb_MessageDef *def);

/* NULL when `message` has a JSON form, or what is wrong with it, static. Any types are looked for
 * in `pool`. */
const char *gateway_json_form_check(const upb_DefPool *pool, const upb_MessageDef *def,
                                    const upb_Message *message, upb_Arena *arena);

/* The type that an Any's URL names, or NULL. */
const upb_MessageDef *gateway_any_type(const upb_DefPool *pool, gateway_text type_url);

#endif
