/* SPDX-License-Identifier: Apache-2.0 */
/** The library's version, as `telemetry.sdk.version` and the exporters' User-Agent carry it. */
#ifndef OTLP_VERSION_H
#define OTLP_VERSION_H

#ifdef __cplusplus
extern "C" {
#endif

/** At compile time. */
#define OTLP_VERSION "0.1.0"

/** Of the library that is linked; static. */
const char *otlp_version(void);

#ifdef __cplusplus
}
#endif

#endif
