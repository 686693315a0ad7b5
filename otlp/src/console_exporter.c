/* SPDX-License-Identifier: Apache-2.0 */
/* Spans on a stream: a line for each, for people, or OTLP's JSON, a line for each batch. */
#include <otlp/exporters.h>

#include "otlp_json.h"
#include "reader.h"

#include <inttypes.h>
#include <otlp/trace.h>
#include <stdlib.h>
#include <time.h>

typedef struct console_exporter {
  otlp_exporter base;
  FILE *stream;
  otlp_console_format format;
} console_exporter;

/* What a line shows of a span; all borrowed from its message. */
typedef struct span_facts {
  otlp_bytes trace_id;
  otlp_bytes span_id;
  otlp_bytes parent_span_id;
  otlp_bytes name;
  otlp_bytes status;
  uint64_t kind;
  uint64_t start;
  uint64_t end;
} span_facts;

static void learn(span_facts *facts, const otlp__field *field) {
  switch (field->number) {
  case 1:
    facts->trace_id = field->bytes;
    break;
  case 2:
    facts->span_id = field->bytes;
    break;
  case 4:
    facts->parent_span_id = field->bytes;
    break;
  case 5:
    facts->name = field->bytes;
    break;
  case 6:
    facts->kind = field->number_value;
    break;
  case 7:
    facts->start = field->number_value;
    break;
  case 8:
    facts->end = field->number_value;
    break;
  case 15:
    facts->status = field->bytes;
    break;
  default:
    break;
  }
}

static void write_hex(FILE *out, otlp_bytes bytes) {
  for (size_t i = 0; i < bytes.size; i++) {
    fprintf(out, "%02x", bytes.data[i]);
  }
}

static void write_time(FILE *out, uint64_t unix_nanos) {
  time_t seconds = (time_t)(unix_nanos / 1000000000);
  struct tm utc;
  char text[32];
  strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", gmtime_r(&seconds, &utc));
  fprintf(out, "%s.%06" PRIu64 "Z", text, unix_nanos % 1000000000 / 1000);
}

/* " name=value" for a KeyValue. */
static void write_attribute(FILE *out, otlp_bytes key_value) {
  otlp__reader reader = otlp__reader_of(key_value);
  otlp__field field;
  while (otlp__reader_next(&reader, &field)) {
    if (field.number == 1) {
      fprintf(out, " %.*s=", (int)field.bytes.size, (const char *)field.bytes.data);
      continue;
    }
    otlp__json_write_plain(out, field.bytes);
  }
}

static void write_attributes(FILE *out, otlp_bytes message) {
  otlp__reader reader = otlp__reader_of(message);
  otlp__field field;
  while (otlp__reader_next(&reader, &field)) {
    if (field.number == 9) {
      write_attribute(out, field.bytes);
    }
  }
}

/* The field of that number, of a message; empty if there is none. */
static otlp_bytes find_bytes(otlp_bytes message, uint32_t number) {
  otlp__reader reader = otlp__reader_of(message);
  otlp__field field;
  while (otlp__reader_next(&reader, &field)) {
    if (field.number == number) {
      return field.bytes;
    }
  }
  return (otlp_bytes){NULL, 0};
}

/* " events=["name","name"]", when there are any. */
static void write_events(FILE *out, otlp_bytes message) {
  otlp__reader reader = otlp__reader_of(message);
  otlp__field field;
  const char *before = " events=[";
  while (otlp__reader_next(&reader, &field)) {
    if (field.number == 11) {
      fputs(before, out);
      otlp__json_write_string(out, find_bytes(field.bytes, 2));
      before = ",";
    }
  }
  fputs(before[0] == ',' ? "]" : "", out);
}

static void write_status(FILE *out, otlp_bytes status) {
  static const char *const names[] = {"UNSET", "OK", "ERROR"};
  otlp__reader reader = otlp__reader_of(status);
  otlp__field field;
  uint64_t code = 0;
  while (otlp__reader_next(&reader, &field)) {
    code = field.number == 3 ? field.number_value : code;
  }
  fprintf(out, " %s", names[code < 3 ? code : 0]);
  otlp_bytes description = find_bytes(status, 2);
  if (description.size > 0) {
    putc(' ', out);
    otlp__json_write_string(out, description);
  }
}

static const char *kind_name(uint64_t kind) {
  static const char *const names[] = {"UNSPECIFIED", "INTERNAL", "SERVER",
                                      "CLIENT",      "PRODUCER", "CONSUMER"};
  return names[kind < sizeof(names) / sizeof(*names) ? kind : 0];
}

static void write_line(FILE *out, otlp_bytes message) {
  span_facts facts;
  memset(&facts, 0, sizeof(facts));
  otlp__reader reader = otlp__reader_of(message);
  otlp__field field;
  while (otlp__reader_next(&reader, &field)) {
    learn(&facts, &field);
  }
  write_time(out, facts.start);
  putc(' ', out);
  write_hex(out, facts.trace_id);
  putc(' ', out);
  write_hex(out, facts.span_id);
  fputs(facts.parent_span_id.size > 0 ? " < " : " root", out);
  write_hex(out, facts.parent_span_id);
  uint64_t nanos = facts.end > facts.start ? facts.end - facts.start : 0;
  fprintf(out, " %s ", kind_name(facts.kind));
  otlp__json_write_string(out, facts.name);
  fprintf(out, " %" PRIu64 ".%03" PRIu64 "ms", nanos / 1000000, nanos / 1000 % 1000);
  write_status(out, facts.status);
  write_attributes(out, message);
  write_events(out, message);
  putc('\n', out);
}

static void write_scope_lines(FILE *out, const otlp_scope_items *scope) {
  for (size_t i = 0; i < scope->run_count; i++) {
    otlp_bytes run = scope->runs[i];
    otlp_bytes frame;
    otlp_bytes message;
    while (otlp_next_frame(&run, &frame, &message)) {
      write_line(out, message);
    }
  }
}

static void write_scope_json(FILE *out, const otlp_scope_items *scope) {
  const char *separator = "";
  putc('{', out);
  if (otlp__json_write_members(out, OTLP__JSON_SCOPE_SPANS, scope->scope->header)) {
    putc(',', out);
  }
  fputs("\"spans\":[", out);
  for (size_t i = 0; i < scope->run_count; i++) {
    otlp_bytes run = scope->runs[i];
    otlp_bytes frame;
    otlp_bytes message;
    while (otlp_next_frame(&run, &frame, &message)) {
      fputs(separator, out);
      otlp__json_write(out, OTLP__JSON_SPAN, message);
      separator = ",";
    }
  }
  fputs("]}", out);
}

static void write_json(FILE *out, const otlp_batch *batch) {
  fputs("{\"resourceSpans\":[{", out);
  if (otlp__json_write_members(out, OTLP__JSON_RESOURCE_SPANS, batch->resource->header)) {
    putc(',', out);
  }
  fputs("\"scopeSpans\":[", out);
  for (size_t i = 0; i < batch->scope_count; i++) {
    fputs(i > 0 ? "," : "", out);
    write_scope_json(out, &batch->scopes[i]);
  }
  fputs("]}]}\n", out);
}

/* Composed in memory and written in one go, so that lines of others do not get in between. */
static bool write_batch(console_exporter *console, const otlp_batch *batch) {
  char *text = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&text, &size);
  if (out == NULL) {
    return false;
  }
  if (console->format == OTLP_CONSOLE_OTLP_JSON) {
    write_json(out, batch);
  } else {
    for (size_t i = 0; i < batch->scope_count; i++) {
      write_scope_lines(out, &batch->scopes[i]);
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
