/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger.h"

#include <string.h>

static const store_statement select_key = {"SELECT request, order_id FROM order_keys WHERE key = ?",
                                           "SELECT", "order_keys"};

static const store_statement keep_key = {
    "INSERT OR REPLACE INTO order_keys (key, request, order_id, kept_at_unix_ms)"
    " VALUES (?, ?, ?, ?)",
    "INSERT", "order_keys"};

enum { EXPIRE_AT_ONCE = 10000 };

static const store_statement expire_keys = {
    "DELETE FROM order_keys WHERE kept_at_unix_ms < ? AND number IN"
    " (SELECT number FROM order_keys ORDER BY number LIMIT ?)",
    "DELETE", "order_keys"};

bool ledger_key_find(store_transaction *transaction, ledger_key *key) {
  store_query *query = store_query_start(transaction, &select_key);
  store_bind_text(query, key->key);
  bool is_found = store_query_next(query);
  if (is_found) {
    mesh_bytes request = store_column_blob(query, 0);
    key->order_id = store_column_text(query, 1);
    key->is_other = request.size != key->request.size ||
                    memcmp(request.data, key->request.data, request.size) != 0;
  }
  store_query_end(query);
  return is_found;
}

void ledger_key_keep(store_transaction *transaction, const ledger_key *key, int64_t now_unix_ms) {
  store_query *query = store_query_start(transaction, &keep_key);
  store_bind_text(query, key->key);
  store_bind_blob(query, key->request);
  store_bind_text(query, key->order_id);
  store_bind_int(query, now_unix_ms);
  store_execute(query);
}

bool ledger_keys_expire(store_transaction *transaction, int64_t before_unix_ms) {
  store_query *query = store_query_start(transaction, &expire_keys);
  store_bind_int(query, before_unix_ms);
  store_bind_int(query, EXPIRE_AT_ONCE);
  return store_execute(query) == EXPIRE_AT_ONCE;
}
