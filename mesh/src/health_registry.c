/* SPDX-License-Identifier: Apache-2.0 */
#include "health_registry.h"

#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

/* A service that is known. */
typedef struct health_entry {
  struct health_entry *next;
  char *service;
  bool is_serving;
} health_entry;

struct mesh__health_registry {
  /* any thread, with the lock held */
  pthread_mutex_t lock;
  health_entry *entries; /* a list: a server has a handful */
  bool is_shut_down;
};

mesh__health_registry *mesh__health_registry_new(void) {
  mesh__health_registry *registry = mesh__xcalloc(1, sizeof(*registry));
  pthread_mutex_init(&registry->lock, NULL);
  mesh__health_registry_add(registry, "");
  return registry;
}

void mesh__health_registry_destroy(mesh__health_registry *registry) {
  if (registry == NULL) {
    return;
  }
  while (registry->entries != NULL) {
    health_entry *entry = registry->entries;
    registry->entries = entry->next;
    free(entry->service);
    free(entry);
  }
  pthread_mutex_destroy(&registry->lock);
  free(registry);
}

/* With the lock held; NULL when it is not known. */
static health_entry *find(const mesh__health_registry *registry, const char *service) {
  for (health_entry *entry = registry->entries; entry != NULL; entry = entry->next) {
    if (strcmp(entry->service, service) == 0) {
      return entry;
    }
  }
  return NULL;
}

/* With the lock held. */
static void insert(mesh__health_registry *registry, const char *service, bool is_serving) {
  health_entry *entry = mesh__xcalloc(1, sizeof(*entry));
  entry->service = mesh__xstrdup(service);
  entry->is_serving = is_serving;
  entry->next = registry->entries;
  registry->entries = entry;
}

bool mesh__health_registry_set(mesh__health_registry *registry, const char *service,
                               bool is_serving) {
  pthread_mutex_lock(&registry->lock);
  bool may_change = !registry->is_shut_down;
  health_entry *entry = find(registry, service);
  bool is_changed = may_change && (entry == NULL || entry->is_serving != is_serving);
  if (is_changed && entry == NULL) {
    insert(registry, service, is_serving);
  } else if (is_changed) {
    entry->is_serving = is_serving;
  }
  pthread_mutex_unlock(&registry->lock);
  return is_changed;
}

void mesh__health_registry_add(mesh__health_registry *registry, const char *service) {
  pthread_mutex_lock(&registry->lock);
  if (find(registry, service) == NULL) {
    insert(registry, service, true);
  }
  pthread_mutex_unlock(&registry->lock);
}

mesh__serving mesh__health_registry_get(mesh__health_registry *registry, const char *service) {
  pthread_mutex_lock(&registry->lock);
  const health_entry *entry = find(registry, service);
  mesh__serving serving = MESH__SERVICE_UNKNOWN;
  if (entry != NULL) {
    serving = entry->is_serving && !registry->is_shut_down ? MESH__SERVING : MESH__NOT_SERVING;
  }
  pthread_mutex_unlock(&registry->lock);
  return serving;
}

void mesh__health_registry_shut_down(mesh__health_registry *registry) {
  pthread_mutex_lock(&registry->lock);
  registry->is_shut_down = true;
  pthread_mutex_unlock(&registry->lock);
}

bool mesh__health_registry_is_shut_down(mesh__health_registry *registry) {
  pthread_mutex_lock(&registry->lock);
  bool is_shut_down = registry->is_shut_down;
  pthread_mutex_unlock(&registry->lock);
  return is_shut_down;
}
