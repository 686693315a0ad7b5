/* SPDX-License-Identifier: Apache-2.0 */
#include "api.h"

#include "json.h"
#include "otlp_json.h"
#include "tree_text.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_LIMIT 20
#define MAX_LIMIT 1000

static const char json_type[] = "application/json";
static const char text_type[] = "text/plain; charset=utf-8";
static const char text_accept[] = "text/plain";
static const char protobuf_type[] = "application/protobuf";
static const char bad_trace_id[] = "a trace id is 1 to 32 hexadecimal digits";

static void fail(lens_api_response *response, int status, const char *message) {
  response->status = status;
  response->content_type = json_type;
  lens_json_begin_object(&response->body);
  lens_json_key(&response->body, "error");
  lens_json_text(&response->body, message);
  lens_json_end_object(&response->body);
}

static int hex_value(char digit) {
  static const char digits[] = "0123456789abcdef";
  char lower = digit >= 'A' && digit <= 'F' ? (char)(digit - 'A' + 'a') : digit;
  const char *found = lower != '\0' ? strchr(digits, lower) : NULL;
  return found != NULL ? (int)(found - digits) : -1;
}

/* Ids may be written without their leading zeros, as Tempo allows. */
static bool parse_trace_id(const char *text, size_t size, uint8_t id[LENS_TRACE_ID_SIZE]) {
  if (size == 0 || size > 2 * LENS_TRACE_ID_SIZE) {
    return false;
  }
  memset(id, 0, LENS_TRACE_ID_SIZE);
  for (size_t i = 0; i < size; i++) {
    int value = hex_value(text[size - 1 - i]);
    if (value < 0) {
      return false;
    }
    id[LENS_TRACE_ID_SIZE - 1 - i / 2] |= (uint8_t)(value << (i % 2 == 0 ? 0 : 4));
  }
  return true;
}

/* What a trace is written as. */
typedef void write_trace_fn(lens_buffer *out, lens_bytes traces, lens_bytes id);

static void write_json(lens_buffer *out, lens_bytes traces, lens_bytes id) {
  (void)id;
  lens_otlp_json_write(out, &lens_traces_data_rule, traces);
}

static void write_protobuf(lens_buffer *out, lens_bytes traces, lens_bytes id) {
  (void)id;
  lens_buffer_add_bytes(out, traces);
}

static void write_tree(lens_buffer *out, lens_bytes traces, lens_bytes id) {
  lens_tree tree;
  lens_tree_init(&tree, traces);
  lens_tree_print(out, &tree, id);
  lens_tree_clean_up(&tree);
}

typedef struct trace_format {
  const char *accept; /* how an Accept header asks for it */
  const char *content_type;
  write_trace_fn *write;
} trace_format;

static const trace_format as_json = {json_type, json_type, write_json};
static const trace_format as_protobuf = {protobuf_type, protobuf_type, write_protobuf};
static const trace_format as_tree = {text_accept, text_type, write_tree};

/* JSON, unless the header names only something else. */
static const trace_format *choose_format(const char *accept) {
  static const trace_format *const formats[] = {&as_json, &as_protobuf, &as_tree};
  for (size_t i = 0; accept != NULL && i < sizeof(formats) / sizeof(formats[0]); i++) {
    if (strstr(accept, formats[i]->accept) != NULL) {
      return formats[i];
    }
  }
  return &as_json;
}

static void answer_trace(lens_store *store, const char *id_text, size_t id_size,
                         const trace_format *format, lens_api_response *response) {
  uint8_t id[LENS_TRACE_ID_SIZE];
  if (!parse_trace_id(id_text, id_size, id)) {
    fail(response, 400, bad_trace_id);
    return;
  }
  lens_buffer traces = {0};
  if (!lens_store_trace(store, id, &traces)) {
    fail(response, 404, "no such trace: it has not come yet, or has made room for newer ones");
    return;
  }
  response->content_type = format->content_type;
  format->write(&response->body, lens_buffer_bytes(&traces), (lens_bytes){id, sizeof(id)});
  lens_buffer_clean_up(&traces);
}

static void answer_logs(lens_store *store, const char *id_text, size_t id_size, const char *accept,
                        lens_api_response *response) {
  uint8_t id[LENS_TRACE_ID_SIZE];
  lens_buffer records = {0};
  if (!parse_trace_id(id_text, id_size, id)) {
    fail(response, 400, bad_trace_id);
    return;
  }
  if (!lens_log_store_trace(lens_store_logs(store), id, &records)) {
    fail(response, 404, "no log records of this trace: none have come, or they made room");
    return;
  }
  response->content_type = json_type;
  if (accept != NULL && strstr(accept, json_type) == NULL &&
      strstr(accept, protobuf_type) != NULL) {
    response->content_type = protobuf_type;
    lens_buffer_add_bytes(&response->body, lens_buffer_bytes(&records));
  } else {
    lens_otlp_json_write(&response->body, &lens_logs_data_rule, lens_buffer_bytes(&records));
  }
  lens_buffer_clean_up(&records);
}

/* "/api/traces/{id}" and what is below it; `rest` is what follows "/api/traces/". */
static void route_trace(lens_store *store, const char *rest, const char *accept,
                        lens_api_response *response) {
  size_t id_size = strcspn(rest, "/");
  if (strcmp(rest + id_size, "/tree") == 0) {
    answer_trace(store, rest, id_size, &as_tree, response);
  } else if (strcmp(rest + id_size, "/logs") == 0) {
    answer_logs(store, rest, id_size, accept, response);
  } else if (rest[id_size] != '\0') {
    fail(response, 404, "no such page");
  } else {
    answer_trace(store, rest, id_size, choose_format(accept), response);
  }
}

static void write_summary(void *self, const lens_trace_summary *summary) {
  lens_buffer *out = self;
  lens_json_begin_object(out);
  lens_json_key(out, "traceID");
  lens_json_hex(out, summary->id);
  lens_json_key(out, "rootServiceName");
  lens_json_string(out, summary->root_service);
  lens_json_key(out, "rootTraceName");
  lens_json_string(out, summary->root_name);
  lens_json_key(out, "hasRoot");
  lens_json_bool(out, summary->has_root);
  lens_json_key(out, "startTimeUnixNano");
  lens_json_uint64(out, summary->start_unix_nanos);
  lens_json_key(out, "durationNanos");
  lens_json_uint64(out, summary->duration_nanos);
  lens_json_key(out, "spanCount");
  lens_json_number(out, (int64_t)summary->span_count);
  lens_json_key(out, "errorCount");
  lens_json_number(out, (int64_t)summary->error_count);
  lens_json_end_object(out);
}

static void answer_list(lens_store *store, const lens_api_request *request,
                        lens_api_response *response) {
  long limit = DEFAULT_LIMIT;
  if (request->limit != NULL) {
    char *end = NULL;
    limit = strtol(request->limit, &end, 10);
    if (*request->limit == '\0' || *end != '\0' || limit < 1 || limit > MAX_LIMIT) {
      fail(response, 400, "limit is a number from 1 to 1000");
      return;
    }
  }
  lens_bytes service = request->service != NULL ? lens_bytes_of(request->service) : (lens_bytes){0};
  response->content_type = json_type;
  lens_json_begin_object(&response->body);
  lens_json_key(&response->body, "traces");
  lens_json_begin_array(&response->body);
  lens_store_list(store, (size_t)limit, service, write_summary, &response->body);
  lens_json_end_array(&response->body);
  lens_json_end_object(&response->body);
}

static void answer_status(lens_store *store, const lens_api_request *request,
                          lens_api_response *response) {
  (void)request;
  lens_store_stats stats = lens_store_read_stats(store);
  lens_log_stats logs = lens_log_store_read_stats(lens_store_logs(store));
  const struct {
    const char *name;
    uint64_t value;
  } counters[] = {
      {"traces", stats.traces},
      {"spans", stats.spans},
      {"bytes", stats.bytes},
      {"maxBytes", stats.max_bytes},
      {"requests", stats.requests},
      {"requestsMalformed", stats.requests_malformed},
      {"spansKept", stats.spans_kept},
      {"spansDuplicate", stats.spans_duplicate},
      {"spansRejected", stats.spans_rejected},
      {"spansEvicted", stats.spans_evicted},
      {"tracesEvicted", stats.traces_evicted},
      {"logRecords", logs.records},
      {"logBytes", logs.bytes},
      {"logRequests", logs.requests},
      {"logRequestsMalformed", logs.requests_malformed},
      {"logRecordsKept", logs.kept},
      {"logRecordsRejected", logs.rejected},
      {"logRecordsEvicted", logs.evicted},
  };
  response->content_type = json_type;
  lens_json_begin_object(&response->body);
  for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
    lens_json_key(&response->body, counters[i].name);
    lens_json_number(&response->body, (int64_t)counters[i].value);
  }
  lens_json_end_object(&response->body);
}

static void answer_ready(lens_store *store, const lens_api_request *request,
                         lens_api_response *response) {
  (void)store;
  (void)request;
  response->content_type = text_type;
  lens_buffer_add_text(&response->body, "ready\n");
}

static const struct {
  const char *path;
  void (*answer)(lens_store *store, const lens_api_request *request, lens_api_response *response);
} pages[] = {
    {"/api/traces", answer_list},
    {"/api/status", answer_status},
    {"/ready", answer_ready},
};

void lens_api_answer(lens_store *store, const lens_api_request *request,
                     lens_api_response *out_response) {
  static const char traces[] = "/api/traces/";
  *out_response = (lens_api_response){.status = 200};
  if (strncmp(request->path, traces, strlen(traces)) == 0) {
    route_trace(store, request->path + strlen(traces), request->accept, out_response);
    return;
  }
  for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
    if (strcmp(request->path, pages[i].path) == 0) {
      pages[i].answer(store, request, out_response);
      return;
    }
  }
  fail(out_response, 404, "no such page");
}
