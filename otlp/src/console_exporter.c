/* SPDX-License-Identifier: Apache-2.0 */
/* Items on a stream: a line for each, for people, or OTLP's JSON, a line for each batch. */
#include <otlp/exporters.h>

#include "console_line.h"
#include "otlp_json.h"
#include "signal_facts.h"

#include <stdlib.h>

typedef struct console_exporter {
  otlp_exporter base;
  FILE *stream;
  otlp_console_format format;
} console_exporter;

/* What a signal's items are called, and how they are written. */
typedef struct item_format {
  void (*write_line)(FILE *out, otlp_bytes message);
  const char *resources; /* in JSON */
  const char *scopes;
  const char *items;
  otlp__json_message resource;
  otlp__json_message scope;
  otlp__json_message item;
} item_format;

static const item_format formats[OTLP__SIGNALS] = {
    [OTLP_SIGNAL_TRACES] = {otlp__console_write_span, "resourceSpans", "scopeSpans", "spans",
                            OTLP__JSON_RESOURCE_SPANS, OTLP__JSON_SCOPE_SPANS, OTLP__JSON_SPAN},
    [OTLP_SIGNAL_LOGS] = {otlp__console_write_log_record, "resourceLogs", "scopeLogs", "logRecords",
                          OTLP__JSON_RESOURCE_LOGS, OTLP__JSON_SCOPE_LOGS, OTLP__JSON_LOG_RECORD},
};

static void write_scope_lines(FILE *out, const item_format *format, const otlp_scope_items *scope) {
  for (size_t i = 0; i < scope->run_count; i++) {
    otlp_bytes run = scope->runs[i];
    otlp_bytes frame;
    otlp_bytes message;
    while (otlp_next_frame(&run, &frame, &message)) {
      format->write_line(out, message);
    }
  }
}

static void write_scope_json(FILE *out, const item_format *format, const otlp_scope_items *scope) {
  const char *separator = "";
  putc('{', out);
  if (otlp__json_write_members(out, format->scope, scope->scope->header)) {
    putc(',', out);
  }
  fprintf(out, "\"%s\":[", format->items);
  for (size_t i = 0; i < scope->run_count; i++) {
    otlp_bytes run = scope->runs[i];
    otlp_bytes frame;
    otlp_bytes message;
    while (otlp_next_frame(&run, &frame, &message)) {
      fputs(separator, out);
      otlp__json_write(out, format->item, message);
      separator = ",";
    }
  }
  fputs("]}", out);
}

static void write_json(FILE *out, const item_format *format, const otlp_batch *batch) {
  fprintf(out, "{\"%s\":[{", format->resources);
  if (otlp__json_write_members(out, format->resource, batch->resource->header)) {
    putc(',', out);
  }
  fprintf(out, "\"%s\":[", format->scopes);
  for (size_t i = 0; i < batch->scope_count; i++) {
    fputs(i > 0 ? "," : "", out);
    write_scope_json(out, format, &batch->scopes[i]);
  }
  fputs("]}]}\n", out);
}

/* Composed in memory and written in one go, so that lines of others do not get in between. */
static bool write_batch(console_exporter *console, const otlp_batch *batch) {
  const item_format *format = &formats[batch->signal];
  char *text = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&text, &size);
  if (out == NULL) {
    return false;
  }
  if (console->format == OTLP_CONSOLE_OTLP_JSON) {
    write_json(out, format, batch);
  } else {
    for (size_t i = 0; i < batch->scope_count; i++) {
      write_scope_lines(out, format, &batch->scopes[i]);
    }
  }
  bool is_complete = fclose(out) == 0;
  is_complete =
      is_complete && fwrite(text, 1, size, console->stream) == size && fflush(console->stream) == 0;
  free(text);
  return is_complete;
}

static otlp_result export_batch(otlp_exporter *self, const otlp_batch *batch, int64_t timeout_ms,
                                otlp_export_report *out_report) {
  (void)timeout_ms;
  if (!write_batch((console_exporter *)self, batch)) {
    out_report->dropped[OTLP_DROP_EXPORT_FAILED] = batch->item_count;
    return OTLP_FAILED;
  }
  out_report->exported = batch->item_count;
  return OTLP_OK;
}

static otlp_result shut_down(otlp_exporter *self, int64_t timeout_ms) {
  (void)self;
  (void)timeout_ms;
  return OTLP_OK;
}

static void destroy(otlp_exporter *self) {
  free(self);
}

static const otlp_exporter_vtable vtable = {
    .name = "console",
    .export_batch = export_batch,
    .shutdown = shut_down,
    .destroy = destroy,
};

otlp_exporter *otlp_console_exporter_new(FILE *stream, otlp_console_format format) {
  console_exporter *console = malloc(sizeof(*console));
  if (console == NULL) {
    return NULL;
  }
  console->base.vtable = &vtable;
  console->stream = stream;
  console->format = format;
  return &console->base;
}
