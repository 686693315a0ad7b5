/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Reading OTEL_* variables (specification, configuration/common.md): an empty variable counts as
 * unset; one that makes no sense is logged as a warning and counts as unset.
 *
 * Threads: reads the environment; the program must not change it at the same time.
 */
#ifndef OTLP_SRC_ENV_H
#define OTLP_SRC_ENV_H

#include <otlp/value.h>

enum { OTLP__ENV_INTEGER_MAX = 2147483647 };

/** The value, borrowed from the environment, without spaces around it; NULL data when unset. */
otlp_string otlp__env_string(const char *name);

/** True only for "true" in any case; anything but "false" is warned about. */
bool otlp__env_bool(const char *name, bool fallback);

/** An integer of 0..2^31-1, not below `minimum`. */
int64_t otlp__env_integer(const char *name, int64_t minimum, int64_t fallback);

/** A duration in milliseconds. For timeouts: 0 comes back as OTLP_NO_TIMEOUT. */
int64_t otlp__env_timeout_ms(const char *name, int64_t fallback);

/** A number, such as a sampling ratio; false when unset or not a number. */
bool otlp__env_double(const char *name, double *out_number);

/** The index of the variable's value in `names`, compared without case; -1 when unset, or unknown
 * (warned about). */
int otlp__env_enum(const char *name, const char *const *names, size_t count);

#endif
