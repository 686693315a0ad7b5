/* SPDX-License-Identifier: Apache-2.0 */
#include "engine.h"

void store__queue_init(store__queue *queue, size_t limit) {
  *queue = (store__queue){.limit = limit};
  pthread_mutex_init(&queue->lock, NULL);
  pthread_cond_init(&queue->arrived, NULL);
}

void store__queue_clean_up(store__queue *queue) {
  pthread_cond_destroy(&queue->arrived);
  pthread_mutex_destroy(&queue->lock);
}

/* With the lock held. */
static store__place append(store__queue *queue, store__request *request) {
  if (queue->is_closed || queue->count >= queue->limit) {
    return STORE__NO_PLACE;
  }
  bool is_first = queue->last == NULL;
  if (is_first) {
    queue->first = request;
  } else {
    queue->last->next = request;
  }
  queue->last = request;
  queue->count++;
  return is_first ? STORE__FIRST : STORE__BEHIND;
}

store__place store__queue_push(store__queue *queue, store__request *request) {
  request->next = NULL;
  pthread_mutex_lock(&queue->lock);
  store__place place = append(queue, request);
  pthread_mutex_unlock(&queue->lock);
  return place;
}

void store__queue_wake(store__queue *queue) {
  pthread_mutex_lock(&queue->lock);
  bool must_wake = queue->is_waiting && queue->first != NULL;
  queue->is_waiting = queue->is_waiting && !must_wake;
  pthread_mutex_unlock(&queue->lock);
  if (must_wake) {
    pthread_cond_signal(&queue->arrived);
  }
}

/* Cuts the list behind its first `max` requests. With the lock held. */
static store__request *take_front(store__queue *queue, size_t max) {
  store__request *first = queue->first;
  store__request *last = first;
  size_t taken = 1;
  while (taken < max && last->next != NULL) {
    last = last->next;
    taken++;
  }
  queue->first = last->next;
  queue->count -= taken;
  if (queue->first == NULL) {
    queue->last = NULL;
  }
  last->next = NULL;
  return first;
}

store__request *store__queue_take(store__queue *queue, size_t max) {
  pthread_mutex_lock(&queue->lock);
  while (queue->first == NULL && !queue->is_closed) {
    queue->is_waiting = true;
    pthread_cond_wait(&queue->arrived, &queue->lock);
  }
  queue->is_waiting = false;
  store__request *taken = queue->first != NULL ? take_front(queue, max) : NULL;
  pthread_mutex_unlock(&queue->lock);
  return taken;
}

store__request *store__queue_take_all(store__queue *queue) {
  pthread_mutex_lock(&queue->lock);
  store__request *taken = queue->first != NULL ? take_front(queue, queue->count) : NULL;
  pthread_mutex_unlock(&queue->lock);
  return taken;
}

void store__queue_close(store__queue *queue) {
  pthread_mutex_lock(&queue->lock);
  queue->is_closed = true;
  pthread_mutex_unlock(&queue->lock);
  pthread_cond_signal(&queue->arrived);
}
