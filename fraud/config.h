/* SPDX-License-Identifier: Apache-2.0 */
/* The rules, from the environment. */
#ifndef FRAUD_CONFIG_H
#define FRAUD_CONFIG_H

#include <mesh/status.h>

#include "verdict.h"

enum { FRAUD_PERCENTAGE_DEFAULT = 5 };

/*
 * Reads FRAUD_PERCENTAGE and NOT_FRAUD_PERCENTAGE, of which one is enough, and
 * FRAUD_ALLOW_FORCED_OUTCOME. INVALID_ARGUMENT names the variable that is wrong; the two
 * percentages must make 100 when both are there.
 */
MESH_MUST_USE mesh_status fraud_rules_read(fraud_rules *out_rules);

#endif
