/* SPDX-License-Identifier: Apache-2.0 */
/* The decisions in their file: what runs within a transaction of the store, on its threads. Knows
 * neither calls nor messages. */
#ifndef FRAUD_DECISIONS_H
#define FRAUD_DECISIONS_H

#include <store/list.h>

typedef struct fraud_decision {
  const char *order_id;
  const char *user_id;
  const char *payment_method;
  int64_t amount_cents;
  bool is_fraudulent;
  bool is_forced;
  int64_t created_at_unix_ms;
} fraud_decision;

typedef enum fraud_keeping {
  FRAUD_KEPT,
  FRAUD_KEPT_BEFORE,      /* the order was judged before */
  FRAUD_JUDGED_OTHERWISE, /* and for another payment */
} fraud_keeping;

/* Keeps a new decision; of an order that was judged before, `decision` becomes that of then. */
fraud_keeping fraud_decisions_keep(store_transaction *transaction, fraud_decision *decision);

/* A page of them, in the arena. */
fraud_decision *fraud_decisions_list(store_transaction *transaction, store_list *list);

/* The schema of fraud.db, step by step; steps that were released stay as they are. */
extern const char *const fraud_migrations[];
extern const size_t fraud_migration_count;

#endif
