/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <mesh/env.h>

static mesh_status read_percentage(const char *variable, int64_t fallback, int64_t *out_value) {
  return mesh_env_int(variable, (mesh_env_range){fallback, 0, 100}, out_value);
}

mesh_status fraud_rules_read(fraud_rules *out_rules) {
  int64_t fraud = 0;
  int64_t not_fraud = 0;
  mesh_status status =
      read_percentage("NOT_FRAUD_PERCENTAGE", 100 - FRAUD_PERCENTAGE_DEFAULT, &not_fraud);
  if (mesh_status_is_ok(&status)) {
    status = read_percentage("FRAUD_PERCENTAGE", 100 - not_fraud, &fraud);
  }
  if (mesh_status_is_ok(&status)) {
    status = mesh_env_bool("FRAUD_ALLOW_FORCED_OUTCOME", false, &out_rules->allows_forced_outcome);
  }
  if (!mesh_status_is_ok(&status)) {
    return status;
  }
  bool has_not_fraud = mesh_env_text("NOT_FRAUD_PERCENTAGE", NULL) != NULL;
  if (has_not_fraud && fraud + not_fraud != 100) {
    return mesh_status_error(
        GRPC_STATUS_INVALID_ARGUMENT,
        "FRAUD_PERCENTAGE is %lld and NOT_FRAUD_PERCENTAGE %lld: together they must be 100",
        (long long)fraud, (long long)not_fraud);
  }
  out_rules->percentage = fraud;
  return mesh_status_ok();
}
