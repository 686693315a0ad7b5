/* SPDX-License-Identifier: Apache-2.0 */
/** Items as lines for people. */
#ifndef OTLP_SRC_CONSOLE_LINE_H
#define OTLP_SRC_CONSOLE_LINE_H

#include <otlp/exporter.h>

#include <stdio.h>

/** Write the line of a Span, or of a LogRecord, newline included. */
void otlp__console_write_span(FILE *out, otlp_bytes message);
void otlp__console_write_log_record(FILE *out, otlp_bytes message);

#endif
