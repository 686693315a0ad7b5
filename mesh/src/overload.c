/* SPDX-License-Identifier: Apache-2.0 */
#include "overload.h"

bool mesh__overload_refuse(mesh__overload *overload, int64_t now_ms) {
  bool is_change = !overload->said.is_refusing;
  if (is_change) {
    overload->said.refused = 0;
  }
  overload->said.is_refusing = true;
  overload->said.refused++;
  overload->last_ms = now_ms;
  return is_change;
}

bool mesh__overload_take(mesh__overload *overload, int64_t now_ms) {
  if (!overload->said.is_refusing || now_ms - overload->last_ms < MESH__OVERLOAD_QUIET_MS) {
    return false;
  }
  overload->said.is_refusing = false;
  return true;
}
