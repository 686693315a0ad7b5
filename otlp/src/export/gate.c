/* SPDX-License-Identifier: Apache-2.0 */
#include "export/gate.h"

#include "export/deadline.h"

void otlp__cond_init_monotonic(pthread_cond_t *out_cond) {
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(out_cond, &attributes);
  pthread_condattr_destroy(&attributes);
}

void otlp__gate_init(otlp__gate *self) {
  pthread_mutex_init(&self->lock, NULL);
  otlp__cond_init_monotonic(&self->closing);
  self->closed = false;
}

void otlp__gate_clean_up(otlp__gate *self) {
  pthread_cond_destroy(&self->closing);
  pthread_mutex_destroy(&self->lock);
}

bool otlp__gate_wait_until(otlp__gate *self, int64_t point) {
  struct timespec time = otlp__timespec_of(point);
  pthread_mutex_lock(&self->lock);
  while (!self->closed && otlp__monotonic_now() < point) {
    pthread_cond_timedwait(&self->closing, &self->lock, &time);
  }
  bool open = !self->closed;
  pthread_mutex_unlock(&self->lock);
  return open;
}

bool otlp__gate_is_closed(otlp__gate *self) {
  pthread_mutex_lock(&self->lock);
  bool closed = self->closed;
  pthread_mutex_unlock(&self->lock);
  return closed;
}

void otlp__gate_close(otlp__gate *self) {
  pthread_mutex_lock(&self->lock);
  self->closed = true;
  pthread_cond_broadcast(&self->closing);
  pthread_mutex_unlock(&self->lock);
}
