/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What an operation of the SDK comes back with.
 *
 * Threads: plain values, safe anywhere.
 */
#ifndef OTLP_RESULT_H
#define OTLP_RESULT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Success, failure, or out of time (specification, trace/sdk.md, "Shutdown", "ForceFlush"). */
typedef enum otlp_result {
  OTLP_OK = 0,
  OTLP_FAILED = 1,
  OTLP_TIMED_OUT = 2,
} otlp_result;

/** For every `timeout_ms` parameter: wait as long as it takes. 0 means: do not wait at all. */
enum { OTLP_NO_TIMEOUT = -1 };

/** "ok", "failed", "timed out"; never NULL. */
const char *otlp_result_name(otlp_result result);

/** The worse of two results: FAILED beats TIMED_OUT beats OK. */
static inline otlp_result otlp_result_worse(otlp_result a, otlp_result b) {
  if (a == OTLP_FAILED || b == OTLP_FAILED) {
    return OTLP_FAILED;
  }
  return a == OTLP_OK ? b : a;
}

#ifdef __cplusplus
}
#endif

#endif
