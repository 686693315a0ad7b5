/* SPDX-License-Identifier: Apache-2.0 */
/* Providers and propagators as the OTEL_* variables ask for them. */
#include <otlp/sdk.h>

#include "clock.h"
#include "env.h"
#include "resource.h"
#include "signal_facts.h"
#include "text.h"

#include <assert.h>
#include <otlp/batch_processor.h>
#include <otlp/exporters.h>
#include <otlp/log.h>
#include <otlp/otlp_exporter.h>

static otlp_resource *code_defaults(const otlp_setup_options *options) {
  otlp_attribute attributes[2];
  size_t count = 0;
  if (options->service_name.length > 0) {
    attributes[count++] =
        otlp_attribute_of(otlp_string_from("service.name"), otlp_value_text(options->service_name));
  }
  if (options->service_version.length > 0) {
    attributes[count++] = otlp_attribute_of(otlp_string_from("service.version"),
                                            otlp_value_text(options->service_version));
  }
  return otlp_resource_new(attributes, count, otlp_string_from(NULL));
}

/* From what yields to what wins. */
static otlp_resource *make_resource(const otlp_setup_options *options) {
  otlp_resource *resource =
      otlp__resource_merge_into(otlp_resource_default(), otlp_resource_detect_process_and_host());
  resource = otlp__resource_merge_into(resource, code_defaults(options));
  resource = otlp__resource_merge_into(resource, otlp_resource_from_environment());
  return otlp__resource_merge_into(
      resource,
      otlp_resource_new(options->attributes, options->attribute_count, otlp_string_from(NULL)));
}

static otlp_processor *make_otlp(otlp_signal signal) {
  otlp_batch_processor_options options = otlp_batch_processor_options_from_environment(signal);
  otlp_exporter *exporter = otlp_exporter_from_environment(signal);
  return exporter != NULL ? otlp_batch_processor_new(exporter, &options) : NULL;
}

static otlp_processor *make_console(otlp_signal signal) {
  (void)signal;
  return otlp_simple_processor_new(otlp_console_exporter_new(stdout, OTLP_CONSOLE_LINES));
}

static otlp_processor *make_stdout_json(otlp_signal signal) {
  (void)signal;
  return otlp_simple_processor_new(otlp_console_exporter_new(stdout, OTLP_CONSOLE_OTLP_JSON));
}

/* What OTEL_TRACES_EXPORTER and OTEL_LOGS_EXPORTER can name. */
typedef struct exporter_entry {
  const char *name;
  otlp_processor *(*make)(otlp_signal signal); /* NULL: nothing to add */
} exporter_entry;

static const exporter_entry exporters[] = {
    {"otlp", make_otlp},
    {"console", make_console},
    {"otlp/stdout", make_stdout_json},
    {"none", NULL},
};

static const exporter_entry *find_exporter(otlp_string name) {
  for (size_t i = 0; i < sizeof(exporters) / sizeof(*exporters); i++) {
    if (otlp__string_equal_no_case(name, exporters[i].name)) {
      return &exporters[i];
    }
  }
  return NULL;
}

/* A provider's processors in the making. */
typedef struct processor_list {
  otlp_signal signal;
  otlp_processor *items[OTLP_PROCESSORS_MAX];
  size_t count;
} processor_list;

/* False when the exporter could not be made. */
static bool add_exporter(processor_list *list, const exporter_entry *entry) {
  if (entry->make == NULL || list->count == OTLP_PROCESSORS_MAX) {
    return true;
  }
  otlp_processor *processor = entry->make(list->signal);
  if (processor != NULL) {
    list->items[list->count++] = processor;
  }
  return processor != NULL;
}

/* The exporters named, or `fallback` if none that is known is (configuration/common.md, "Enum").
 * False when one could not be made. */
static bool add_exporters(processor_list *list, const char *fallback) {
  const char *variable = otlp__signal_facts_of(list->signal)->exporter_variable;
  otlp_string names = otlp__env_string(variable);
  bool is_complete = true;
  bool is_any_known = false;
  otlp_string name;
  while (otlp__string_next(&names, ',', &name)) {
    name = otlp__string_trim(name);
    const exporter_entry *entry = name.length > 0 ? find_exporter(name) : NULL;
    if (entry != NULL) {
      is_complete = add_exporter(list, entry) && is_complete;
      is_any_known = true;
    } else if (name.length > 0) {
      otlp_log(OTLP_LOG_WARN, "%s: '%.*s' is not known and ignored", variable, (int)name.length,
               name.data);
    }
  }
  return is_any_known ? is_complete : add_exporter(list, find_exporter(otlp_string_from(fallback)));
}

static void destroy_given_processors(const otlp_setup_options *setup) {
  for (size_t i = 0; i < setup->processor_count; i++) {
    otlp_processor_destroy(setup->processors[i]);
  }
}

/* NULL when memory is short. */
static otlp_tracer_provider *make_tracer_provider(const otlp_setup_options *setup,
                                                  const otlp_resource *resource,
                                                  bool *out_is_complete) {
  assert(setup->processor_count < OTLP_PROCESSORS_MAX);
  otlp_tracer_provider_options options = OTLP_TRACER_PROVIDER_OPTIONS_INIT;
  processor_list list = {.signal = OTLP_SIGNAL_TRACES, .count = setup->processor_count};
  memcpy(list.items, setup->processors, setup->processor_count * sizeof(*list.items));
  *out_is_complete = add_exporters(&list, "otlp");
  memcpy(options.processors, list.items, sizeof(list.items));
  options.processor_count = list.count;
  options.limits = otlp_span_limits_from_environment();
  options.sampler = otlp_sampler_from_environment();
  options.resource = resource;
  *out_is_complete = *out_is_complete && options.sampler != NULL;
  return otlp_tracer_provider_new(&options);
}

/* NULL when none is asked for, or memory is short. */
static otlp_logger_provider *make_logger_provider(const otlp_resource *resource,
                                                  bool *out_is_complete) {
  otlp_logger_provider_options options = OTLP_LOGGER_PROVIDER_OPTIONS_INIT;
  processor_list list = {.signal = OTLP_SIGNAL_LOGS};
  *out_is_complete = add_exporters(&list, "none");
  if (list.count == 0) {
    return NULL;
  }
  memcpy(options.processors, list.items, sizeof(list.items));
  options.processor_count = list.count;
  options.limits = otlp_log_record_limits_from_environment();
  options.resource = resource;
  otlp_logger_provider *provider = otlp_logger_provider_new(&options);
  *out_is_complete = *out_is_complete && provider != NULL;
  return provider;
}

otlp_result otlp_setup_from_environment(const otlp_setup_options *options, otlp_setup *out_setup) {
  static const otlp_setup_options defaults = OTLP_SETUP_OPTIONS_INIT;
  const otlp_setup_options *given = options != NULL ? options : &defaults;
  out_setup->propagators = otlp_propagators_from_environment();
  out_setup->provider = NULL;
  out_setup->logger_provider = NULL;
  if (otlp__env_bool("OTEL_SDK_DISABLED", false)) {
    destroy_given_processors(given);
    return OTLP_OK;
  }
  bool has_all_traces;
  bool has_all_logs;
  otlp_resource *resource = make_resource(given);
  out_setup->provider = make_tracer_provider(given, resource, &has_all_traces);
  out_setup->logger_provider = make_logger_provider(resource, &has_all_logs);
  bool is_complete =
      resource != NULL && out_setup->provider != NULL && has_all_traces && has_all_logs;
  otlp_resource_release(resource);
  return is_complete ? OTLP_OK : OTLP_FAILED;
}

otlp_result otlp_setup_clean_up(otlp_setup *setup, int64_t timeout_ms) {
  uint64_t deadline = otlp__deadline_in(timeout_ms);
  otlp_result result = otlp_tracer_provider_shutdown(setup->provider, timeout_ms);
  result = otlp_result_worse(result, otlp_logger_provider_shutdown(
                                         setup->logger_provider, otlp__deadline_left_ms(deadline)));
  otlp_tracer_provider_destroy(setup->provider);
  otlp_logger_provider_destroy(setup->logger_provider);
  setup->provider = NULL;
  setup->logger_provider = NULL;
  return result;
}
