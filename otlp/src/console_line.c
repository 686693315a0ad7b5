/* SPDX-License-Identifier: Apache-2.0 */
#include "console_line.h"

#include "otlp_json.h"
#include "reader.h"

#include <inttypes.h>
#include <time.h>

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

/* A key that could be taken for something else, or end the line, is quoted. */
static void write_key(FILE *out, otlp_bytes key) {
  bool is_plain = key.size > 0;
  for (size_t i = 0; i < key.size; i++) {
    uint8_t c = key.data[i];
    is_plain = is_plain && c > ' ' && c < 0x7F && c != '"' && c != '=';
  }
  if (is_plain) {
    fwrite(key.data, 1, key.size, out);
  } else {
    otlp__json_write_string(out, key);
  }
}

/* " name=value" for a KeyValue. */
static void write_attribute(FILE *out, otlp_bytes key_value) {
  otlp__reader reader = otlp__reader_of(key_value);
  otlp__field field;
  while (otlp__reader_next(&reader, &field)) {
    if (field.number == 1) {
      putc(' ', out);
      write_key(out, field.bytes);
      putc('=', out);
      continue;
    }
    otlp__json_write_plain(out, field.bytes);
  }
}

static void write_attributes(FILE *out, otlp_bytes message, uint32_t number) {
  otlp__reader reader = otlp__reader_of(message);
  otlp__field field;
  while (otlp__reader_next(&reader, &field)) {
    if (field.number == number) {
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

void otlp__console_write_span(FILE *out, otlp_bytes message) {
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
  write_attributes(out, message, 9);
  write_events(out, message);
  putc('\n', out);
}

/* What a line shows of a log record; all borrowed from its message. */
typedef struct record_facts {
  uint64_t time;
  uint64_t observed_time;
  uint64_t severity;
  otlp_bytes trace_id;
  otlp_bytes span_id;
  otlp_bytes event_name;
} record_facts;

static void learn_of_record(record_facts *facts, const otlp__field *field) {
  switch (field->number) {
  case 1:
    facts->time = field->number_value;
    break;
  case 2:
    facts->severity = field->number_value;
    break;
  case 9:
    facts->trace_id = field->bytes;
    break;
  case 10:
    facts->span_id = field->bytes;
    break;
  case 11:
    facts->observed_time = field->number_value;
    break;
  case 12:
    facts->event_name = field->bytes;
    break;
  default:
    break;
  }
}

/* The short name of a severity (logs/data-model.md, "Displaying Severity"). */
static void write_severity(FILE *out, uint64_t severity) {
  static const char *const names[] = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"};
  if (severity == 0 || severity > 24) {
    fputs(" UNSPECIFIED", out);
    return;
  }
  uint64_t grade = (severity - 1) % 4;
  fprintf(out, " %s", names[(severity - 1) / 4]);
  if (grade > 0) {
    fprintf(out, "%" PRIu64, grade + 1);
  }
}

void otlp__console_write_log_record(FILE *out, otlp_bytes message) {
  record_facts facts;
  memset(&facts, 0, sizeof(facts));
  otlp__reader reader = otlp__reader_of(message);
  otlp__field field;
  while (otlp__reader_next(&reader, &field)) {
    learn_of_record(&facts, &field);
  }
  write_time(out, facts.time > 0 ? facts.time : facts.observed_time);
  write_severity(out, facts.severity);
  if (facts.trace_id.size > 0) {
    putc(' ', out);
    write_hex(out, facts.trace_id);
    putc(' ', out);
    write_hex(out, facts.span_id);
  }
  if (facts.event_name.size > 0) {
    fputs(" event=", out);
    otlp__json_write_string(out, facts.event_name);
  }
  putc(' ', out);
  otlp__json_write_plain(out, find_bytes(message, 5));
  write_attributes(out, message, 6);
  putc('\n', out);
}
