/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever is sent to lens: taken into a store as it would be, and, whether or not it was taken,
 * written as JSON and as a tree. What is kept must be well-formed when it comes out again.
 */
#include "api.h"
#include "otlp_json.h"
#include "schema.h"
#include "tree_text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Keeps the id of the last trace of a list. */
static void take_id(void *self, const lens_trace_summary *summary) {
  lens_buffer *id = self;
  id->size = 0;
  lens_buffer_add_bytes(id, summary->id);
}

static void check_kept(lens_store *store) {
  lens_buffer id = {0};
  lens_buffer traces = {0};
  lens_store_list(store, 1, (lens_bytes){0}, take_id, &id);
  if (id.size > 0) {
    if (!lens_store_trace(store, id.data, &traces) ||
        !lens_schema_check(&lens_traces_data_rule, lens_buffer_bytes(&traces))) {
      abort();
    }
  }
  lens_buffer_clean_up(&traces);
  lens_buffer_clean_up(&id);
}

/* The same bytes as log records; those of no trace, and of that of the input's first bytes. */
static void take_as_logs(lens_bytes input) {
  uint8_t id[LENS_TRACE_ID_SIZE] = {0};
  if (input.size > 0) {
    memcpy(id, input.data, input.size < sizeof(id) ? input.size : sizeof(id));
  }
  lens_log_store *store = lens_log_store_new((size_t)1 << 16);
  lens_log_store_ingest(store, input);
  lens_buffer out = {0};
  if (lens_log_store_trace(store, id, &out) &&
      !lens_schema_check(&lens_logs_data_rule, lens_buffer_bytes(&out))) {
    abort();
  }
  lens_otlp_json_write(&out, &lens_logs_data_rule, input);
  lens_buffer_clean_up(&out);
  lens_log_store_destroy(store);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const uint8_t id[LENS_TRACE_ID_SIZE] = {1};
  lens_bytes input = {data, size};
  lens_store *store = lens_store_new((size_t)1 << 16);
  lens_store_ingest(store, input);
  check_kept(store);
  lens_store_destroy(store);
  take_as_logs(input);

  lens_buffer out = {0};
  lens_otlp_json_write(&out, &lens_traces_data_rule, input);
  lens_tree tree;
  lens_tree_init(&tree, input);
  lens_tree_print(&out, &tree, (lens_bytes){id, sizeof(id)});
  lens_tree_clean_up(&tree);
  lens_buffer_clean_up(&out);
  return 0;
}
