/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The signals: what kind of telemetry an item is, a batch holds, an exporter sends.
 *
 * OTLP treats them alike: an item (a span, a log record) is a framed message; items of a scope lie
 * behind the scope's header, scopes behind the resource's. So do processors and exporters here.
 *
 * Ownership and threads: plain values.
 */
#ifndef OTLP_SIGNAL_H
#define OTLP_SIGNAL_H

#ifdef __cplusplus
extern "C" {
#endif

typedef enum otlp_signal {
  OTLP_SIGNAL_TRACES,
  OTLP_SIGNAL_LOGS,
} otlp_signal;

#ifdef __cplusplus
}
#endif

#endif
