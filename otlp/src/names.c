/* SPDX-License-Identifier: Apache-2.0 */
/* What enums are called, and the library's version. */
#include <otlp/result.h>
#include <otlp/stats.h>
#include <otlp/version.h>

static const char *name_at(const char *const *names, size_t count, int index) {
  return index >= 0 && (size_t)index < count && names[index] != NULL ? names[index] : "unknown";
}

const char *otlp_result_name(otlp_result result) {
  static const char *const names[] = {
      [OTLP_OK] = "ok",
      [OTLP_FAILED] = "failed",
      [OTLP_TIMED_OUT] = "timed out",
  };
  return name_at(names, sizeof(names) / sizeof(*names), (int)result);
}

const char *otlp_drop_reason_name(otlp_drop_reason reason) {
  static const char *const names[] = {
      [OTLP_DROP_QUEUE_FULL] = "queue_full",
      [OTLP_DROP_ALREADY_SHUTDOWN] = "already_shutdown",
      [OTLP_DROP_NO_MEMORY] = "no_memory",
      [OTLP_DROP_TOO_LARGE] = "too_large",
      [OTLP_DROP_EXPORT_REJECTED] = "export_rejected",
      [OTLP_DROP_EXPORT_FAILED] = "export_failed",
      [OTLP_DROP_EXPORT_TIMED_OUT] = "export_timed_out",
  };
  return name_at(names, sizeof(names) / sizeof(*names), (int)reason);
}

const char *otlp_version(void) {
  return OTLP_VERSION;
}
