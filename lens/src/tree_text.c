/* SPDX-License-Identifier: Apache-2.0 */
#include "tree_text.h"

#include "utf8.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#define MAX_LEVELS 24 /* of indentation; deeper spans say how deep they are */
#define MAX_SERVICE_COLUMNS 24
#define MAX_NAME_COLUMNS 72
#define MAX_MESSAGE_COLUMNS 120
#define COLUMNS_PER_LEVEL 3
#define NANOS_PER_SECOND UINT64_C(1000000000)

/* What a line needs besides its node. */
typedef struct print_state {
  lens_buffer *out;
  const lens_tree *tree;
  uint64_t start_unix_nanos;
  size_t service_columns;
  size_t tree_columns;
  bool has_more[MAX_LEVELS + 1]; /* the ancestor at this depth has siblings below it */
  lens_bytes last_service;
} print_state;

/* C0, DEL, and C1, whose UTF-8 is c2 80 to c2 9f. */
static bool is_control(lens_bytes text, size_t size) {
  return (size == 1 && (text.data[0] < 0x20 || text.data[0] == 0x7f)) ||
         (size == 2 && text.data[0] == 0xc2 && text.data[1] < 0xa0);
}

/* Adds at most `limit` characters, one column each. @return how many. */
static size_t add_shown(lens_buffer *out, lens_bytes text, size_t limit) {
  size_t columns = 0;
  size_t at = 0;
  while (at < text.size) {
    lens_bytes rest = {text.data + at, text.size - at};
    size_t size = lens_utf8_size(rest);
    if (columns + 1 == limit && at + (size > 0 ? size : 1) < text.size) {
      lens_buffer_add_text(out, "…");
      return limit;
    }
    if (size == 0 || is_control(rest, size)) {
      lens_buffer_add_text(out, LENS_REPLACEMENT);
    } else {
      lens_buffer_add(out, rest.data, size);
    }
    at += size > 0 ? size : 1;
    columns++;
  }
  return columns;
}

static size_t shown_columns(lens_bytes text, size_t limit) {
  lens_buffer shown = {0};
  size_t columns = add_shown(&shown, text, limit);
  lens_buffer_clean_up(&shown);
  return columns;
}

static void pad(lens_buffer *out, size_t columns, size_t width) {
  for (; columns < width; columns++) {
    lens_buffer_add_text(out, " ");
  }
}

void lens_duration_print(lens_buffer *out, uint64_t nanos) {
  static const struct {
    uint64_t nanos;
    const char *name;
  } units[] = {{NANOS_PER_SECOND, "s"}, {1000000, "ms"}, {1000, "µs"}};
  for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
    if (nanos >= units[i].nanos) {
      double value = (double)nanos / (double)units[i].nanos;
      int digits = value < 10 ? 2 : value < 100 ? 1 : 0;
      lens_buffer_add_format(out, "%.*f %s", digits, value, units[i].name);
      return;
    }
  }
  lens_buffer_add_format(out, "%" PRIu64 " ns", nanos);
}

/* Right-aligned; "µ" is one column of two bytes. */
static void add_duration(lens_buffer *out, uint64_t nanos, size_t width) {
  lens_buffer text = {0};
  lens_duration_print(&text, nanos);
  lens_bytes shown = lens_buffer_bytes(&text);
  pad(out, shown_columns(shown, width), width);
  lens_buffer_add_bytes(out, shown);
  lens_buffer_clean_up(&text);
}

static const char *kind_name(uint32_t kind) {
  static const char *const names[] = {"", "", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"};
  return kind < sizeof(names) / sizeof(names[0]) ? names[kind] : "?";
}

/* The tree's own columns: lines from the ancestors, and the branch to this node. */
static size_t add_branch(print_state *state, const lens_tree_node *node, size_t depth) {
  size_t levels = depth < MAX_LEVELS ? depth : MAX_LEVELS;
  state->has_more[levels] = node->next_sibling != LENS_NONE;
  if (levels == 0) {
    return 0;
  }
  for (size_t level = 1; level < levels; level++) {
    lens_buffer_add_text(state->out, state->has_more[level] ? "│  " : "   ");
  }
  lens_buffer_add_text(state->out, state->has_more[levels] ? "├─ " : "└─ ");
  return levels * COLUMNS_PER_LEVEL;
}

static size_t add_name(lens_buffer *out, const lens_tree_node *node, size_t depth) {
  lens_buffer name = {0};
  if (depth > MAX_LEVELS) {
    lens_buffer_add_format(&name, "[%zu] ", depth);
  }
  if (node->is_missing) {
    lens_buffer_add_text(&name, "(span ");
    lens_buffer_add_hex(&name, node->view.span_id);
    lens_buffer_add_text(&name, " has not come)");
  } else {
    lens_buffer_add_bytes(&name, node->view.name);
  }
  size_t columns = add_shown(out, lens_buffer_bytes(&name), MAX_NAME_COLUMNS);
  lens_buffer_clean_up(&name);
  return columns;
}

/* The code a call or request ended with, by the semantic conventions of HTTP and RPC. */
static void add_code(lens_buffer *out, lens_bytes span) {
  static const char *const keys[] = {"http.response.status_code", "rpc.response.status_code",
                                     "rpc.status_code"};
  for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
    lens_bytes value = {0};
    if (!lens_attribute(span, LENS_SPAN_ATTRIBUTES, keys[i], &value)) {
      continue;
    }
    int64_t number = 0;
    if (lens_any_value_int(value, &number)) {
      lens_buffer_add_format(out, "%" PRId64 " ", number);
    } else {
      add_shown(out, lens_any_value_text(value), MAX_SERVICE_COLUMNS);
      lens_buffer_add_text(out, " ");
    }
  }
}

static void add_status(lens_buffer *out, const lens_tree_node *node) {
  bool is_error = node->view.status_code == LENS_STATUS_ERROR;
  lens_buffer_add_text(out, is_error ? "✗ " : "");
  add_code(out, node->span);
  if (is_error && node->view.status_message.size == 0) {
    lens_buffer_add_text(out, "error ");
  } else if (is_error) {
    add_shown(out, node->view.status_message, MAX_MESSAGE_COLUMNS);
    lens_buffer_add_text(out, " ");
  }
}

/* What is odd about where the span stands: shown, not hidden. */
static void add_notes(print_state *state, const lens_tree_node *node) {
  lens_buffer *out = state->out;
  if (node->is_cycle) {
    lens_buffer_add_text(out, "(its parent is below it) ");
  }
  if (node->view.end_unix_nanos < node->view.start_unix_nanos) {
    lens_buffer_add_text(out, "(ends before it starts) ");
  }
  if (node->parent == LENS_NONE) {
    return;
  }
  uint64_t parent_start = state->tree->nodes[node->parent].view.start_unix_nanos;
  if (node->view.start_unix_nanos < parent_start) {
    lens_buffer_add_text(out, "(clock skew: starts ");
    lens_duration_print(out, parent_start - node->view.start_unix_nanos);
    lens_buffer_add_text(out, " before its parent) ");
  }
}

static void add_service(print_state *state, const lens_tree_node *node) {
  bool is_new = !lens_bytes_equal(node->service, state->last_service);
  lens_bytes shown = is_new ? node->service : (lens_bytes){0};
  size_t columns = add_shown(state->out, shown, MAX_SERVICE_COLUMNS);
  pad(state->out, columns, state->service_columns + 2);
  state->last_service = node->service;
}

static void end_line(lens_buffer *out) {
  while (out->size > 0 && out->data[out->size - 1] == ' ') {
    out->size--;
  }
  lens_buffer_add_text(out, "\n");
}

static void add_line(print_state *state, const lens_tree_node *node, size_t depth) {
  lens_buffer *out = state->out;
  add_service(state, node);
  size_t columns = add_branch(state, node, depth);
  columns += add_name(out, node, depth);
  if (!node->is_missing) {
    const lens_span_view *view = &node->view;
    uint64_t start = view->start_unix_nanos;
    pad(out, columns, state->tree_columns);
    lens_buffer_add_format(out, "  %-8s ", kind_name(view->kind));
    add_duration(out, start - state->start_unix_nanos, 9);
    lens_buffer_add_text(out, " ");
    add_duration(out, view->end_unix_nanos > start ? view->end_unix_nanos - start : 0, 9);
    lens_buffer_add_text(out, "  ");
    add_status(out, node);
    add_notes(state, node);
  }
  end_line(out);
}

/* Of what the whole trace says: how long, how many, and how wide its columns are. */
typedef struct trace_totals {
  uint64_t start_unix_nanos;
  uint64_t end_unix_nanos;
  size_t errors;
} trace_totals;

static trace_totals add_up(const lens_tree *tree) {
  trace_totals totals = {.start_unix_nanos = UINT64_MAX};
  for (size_t i = 0; i < tree->span_count; i++) {
    const lens_span_view *view = &tree->nodes[i].view;
    if (view->start_unix_nanos < totals.start_unix_nanos) {
      totals.start_unix_nanos = view->start_unix_nanos;
    }
    if (view->end_unix_nanos > totals.end_unix_nanos) {
      totals.end_unix_nanos = view->end_unix_nanos;
    }
    totals.errors += view->status_code == LENS_STATUS_ERROR;
  }
  return totals;
}

static size_t larger(size_t a, size_t b) {
  return a > b ? a : b;
}

static void measure(print_state *state) {
  const lens_tree *tree = state->tree;
  lens_buffer scratch = {0};
  size_t depth = 0;
  for (size_t i = tree->first_root; i != LENS_NONE; i = lens_tree_next(tree, i, &depth)) {
    const lens_tree_node *node = &tree->nodes[i];
    size_t levels = depth < MAX_LEVELS ? depth : MAX_LEVELS;
    scratch.size = 0;
    size_t columns = levels * COLUMNS_PER_LEVEL + add_name(&scratch, node, depth);
    size_t service = shown_columns(node->service, MAX_SERVICE_COLUMNS);
    state->tree_columns = larger(state->tree_columns, columns);
    state->service_columns = larger(state->service_columns, service);
  }
  lens_buffer_clean_up(&scratch);
}

static void add_heading(lens_buffer *out, const lens_tree *tree, lens_bytes trace_id,
                        const trace_totals *totals) {
  uint64_t start = totals->start_unix_nanos;
  uint64_t end = totals->end_unix_nanos;
  time_t seconds = (time_t)(start / NANOS_PER_SECOND);
  struct tm calendar;
  char date[64] = "";
  if (gmtime_r(&seconds, &calendar) != NULL) {
    strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S", &calendar);
  }
  lens_buffer_add_text(out, "trace ");
  lens_buffer_add_hex(out, trace_id);
  lens_buffer_add_format(out, "  %s.%03" PRIu64 " UTC  ", date, start / 1000000 % 1000);
  lens_duration_print(out, end > start ? end - start : 0);
  lens_buffer_add_format(out, "  %zu span%s", tree->span_count, tree->span_count == 1 ? "" : "s");
  if (totals->errors > 0) {
    lens_buffer_add_format(out, "  ✗ %zu error%s", totals->errors, totals->errors == 1 ? "" : "s");
  }
  lens_buffer_add_text(out, "\n\n");
}

static void add_column_names(print_state *state) {
  lens_buffer *out = state->out;
  lens_buffer_add_text(out, "service");
  pad(out, strlen("service"), state->service_columns + 2);
  lens_buffer_add_text(out, "span");
  pad(out, strlen("span"), state->tree_columns);
  lens_buffer_add_text(out, "  kind         start  duration  status\n");
}

void lens_tree_print(lens_buffer *out, const lens_tree *tree, lens_bytes trace_id) {
  trace_totals totals = add_up(tree);
  print_state state = {.out = out,
                       .tree = tree,
                       .start_unix_nanos = totals.start_unix_nanos,
                       .service_columns = strlen("service"),
                       .tree_columns = strlen("span")};
  add_heading(out, tree, trace_id, &totals);
  measure(&state);
  add_column_names(&state);
  size_t depth = 0;
  for (size_t i = tree->first_root; i != LENS_NONE; i = lens_tree_next(tree, i, &depth)) {
    add_line(&state, &tree->nodes[i], depth);
  }
}
