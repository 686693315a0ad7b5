/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way from the loops to the HTTP thread: a stack that any thread pushes on without a lock, and
 * one thread takes whole. Whoever finds it empty has the taker woken, by an eventfd, so the taker
 * is woken once for many.
 */
#ifndef GATEWAY_HANDOFF_H
#define GATEWAY_HANDOFF_H

#include <stdatomic.h>
#include <stdbool.h>

/* A member of what is handed over. */
typedef struct gateway_handoff_item {
  struct gateway_handoff_item *next;
} gateway_handoff_item;

typedef struct gateway_handoff {
  _Atomic(gateway_handoff_item *) top;
  int event_fd; /* readable when there is something to take */
} gateway_handoff;

/* -1, with errno, when there are no more descriptors. */
int gateway_handoff_init(gateway_handoff *handoff);
void gateway_handoff_clean_up(gateway_handoff *handoff);

/* From any thread. The item is the taker's from here on.
 * @return whether the stack was empty: the caller sees to it, soon, that the taker is woken. */
bool gateway_handoff_push(gateway_handoff *handoff, gateway_handoff_item *item);

/* Wakes the taker. From any thread, and from signal handlers. */
void gateway_handoff_wake(gateway_handoff *handoff);

/* All items, oldest first; NULL when there are none. Makes the eventfd unreadable before. */
gateway_handoff_item *gateway_handoff_take(gateway_handoff *handoff);

#endif
