/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <mesh/log.h>
#include <store/tally.h>

void store_tally_add(store_tally *tally, size_t index, size_t amount) {
  assert(index < STORE_TALLY_MAX);
  __atomic_fetch_add(&tally->counts[index], amount, __ATOMIC_RELAXED);
}

void store_tally_log(const store_tally *tally, const store *of_calls) {
  if (of_calls == NULL) {
    return;
  }
  otlp_attribute fields[STORE_TALLY_MAX + 4];
  size_t count = 0;
  for (; count < STORE_TALLY_MAX && tally->names[count] != NULL; count++) {
    fields[count] = otlp_attribute_int(tally->names[count], (int64_t)tally->counts[count]);
  }
  store_stats stats = store_get_stats(of_calls);
  fields[count++] = otlp_attribute_int("store.writes", (int64_t)stats.writes);
  fields[count++] = otlp_attribute_int("store.groups", (int64_t)stats.groups);
  fields[count++] = otlp_attribute_int("store.reads", (int64_t)stats.reads);
  fields[count++] = otlp_attribute_int("store.rejected", (int64_t)stats.rejected);
  mesh_log(MESH_LOG_INFO, NULL, "served", fields, count);
}
