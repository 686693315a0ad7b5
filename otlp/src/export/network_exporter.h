/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The exporter behind both OTLP protocols: cuts batches into requests, sends each until it is
 * accepted, refused or out of time, counts what is lost, and logs changes of state.
 */
#ifndef OTLP_EXPORT_NETWORK_EXPORTER_H
#define OTLP_EXPORT_NETWORK_EXPORTER_H

#include "export/transport.h"

#include <otlp/exporter.h>
#include <otlp/otlp_exporter.h>

/*
 * `transport` is taken over, also on failure. Of `options` only limits, timeout, retry steps and
 * signal are looked at; `endpoint` is what log lines call the collector, copied. NULL when memory
 * is short.
 */
otlp_exporter *otlp__network_exporter_new(otlp__transport *transport,
                                          const otlp_exporter_options *options,
                                          const char *endpoint);

#endif
