/* SPDX-License-Identifier: Apache-2.0 */
#include <otlp/propagation.h>

#include "env.h"
#include "text.h"

#include <otlp/log.h>

/* What OTEL_PROPAGATORS can name. */
static const otlp_propagator *const known[] = {
    &otlp_propagator_trace_context,
    &otlp_propagator_baggage,
    &otlp_propagator_b3,
    &otlp_propagator_b3_multi,
};

static const otlp_propagator *find(otlp_string name) {
  for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
    if (otlp__string_equal_no_case(name, known[i]->name)) {
      return known[i];
    }
  }
  return NULL;
}

static bool has(const otlp_propagators *propagators, const otlp_propagator *wanted) {
  for (size_t i = 0; i < propagators->count; i++) {
    if (propagators->items[i] == wanted) {
      return true;
    }
  }
  return false;
}

static void add_named(otlp_propagators *propagators, otlp_string name) {
  const otlp_propagator *propagator = find(name);
  if (propagator == NULL) {
    otlp_log(OTLP_LOG_WARN, "OTEL_PROPAGATORS: '%.*s' is not known and ignored", (int)name.length,
             name.data);
    return;
  }
  if (!has(propagators, propagator)) {
    propagators->items[propagators->count++] = propagator;
  }
}

/* Adds what `names` names; false when that is nothing, not even "none". */
static bool add_list(otlp_propagators *propagators, otlp_string names) {
  otlp_string name;
  while (otlp__string_next(&names, ',', &name)) {
    name = otlp__string_trim(name);
    if (otlp__string_equal_no_case(name, "none")) {
      propagators->count = 0;
      return true;
    }
    if (name.length > 0) {
      add_named(propagators, name);
    }
  }
  return propagators->count > 0;
}

/* A variable that makes no sense is as good as none (configuration/common.md, "Enum"). */
otlp_propagators otlp_propagators_from_environment(void) {
  otlp_propagators propagators = {{NULL}, 0};
  if (!add_list(&propagators, otlp__env_string("OTEL_PROPAGATORS"))) {
    add_list(&propagators, otlp_string_from("tracecontext,baggage"));
  }
  return propagators;
}

otlp_context otlp_propagators_extract(const otlp_propagators *propagators, otlp_carrier_get_fn *get,
                                      const void *carrier) {
  otlp_context context;
  memset(&context, 0, sizeof(context));
  for (size_t i = 0; i < propagators->count; i++) {
    propagators->items[i]->extract(&context, get, carrier);
  }
  return context;
}

void otlp_propagators_inject(const otlp_propagators *propagators, const otlp_context *context,
                             otlp_carrier_set_fn *set, void *carrier) {
  for (size_t i = 0; i < propagators->count; i++) {
    propagators->items[i]->inject(context, set, carrier);
  }
}
