/* SPDX-License-Identifier: Apache-2.0 */
#include "handoff.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

int gateway_handoff_init(gateway_handoff *handoff) {
  atomic_init(&handoff->top, NULL);
  handoff->event_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  return handoff->event_fd < 0 ? -1 : 0;
}

void gateway_handoff_clean_up(gateway_handoff *handoff) {
  if (handoff->event_fd >= 0) {
    (void)close(handoff->event_fd);
    handoff->event_fd = -1;
  }
}

void gateway_handoff_wake(gateway_handoff *handoff) {
  uint64_t one = 1;
  ssize_t written = write(handoff->event_fd, &one, sizeof one);
  (void)written; /* it only fails when the counter is full, and then the taker is awake */
}

bool gateway_handoff_push(gateway_handoff *handoff, gateway_handoff_item *item) {
  gateway_handoff_item *top = atomic_load_explicit(&handoff->top, memory_order_relaxed);
  do {
    item->next = top;
  } while (!atomic_compare_exchange_weak_explicit(&handoff->top, &top, item, memory_order_release,
                                                  memory_order_relaxed));
  return top == NULL;
}

gateway_handoff_item *gateway_handoff_take(gateway_handoff *handoff) {
  uint64_t count = 0;
  ssize_t got = read(handoff->event_fd, &count, sizeof count);
  (void)got; /* nothing to read is fine */
  gateway_handoff_item *item = atomic_exchange_explicit(&handoff->top, NULL, memory_order_acquire);
  gateway_handoff_item *oldest_first = NULL;
  while (item != NULL) {
    gateway_handoff_item *next = item->next;
    item->next = oldest_first;
    oldest_first = item;
    item = next;
  }
  return oldest_first;
}
