/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Resources: what the telemetry is about (specification, resource/sdk.md).
 *
 * Ownership: a resource is immutable and counted; `new` functions give one count, `release` takes
 * it back. Everything passed in is copied. Threads: safe anywhere, the count is atomic.
 */
#ifndef OTLP_RESOURCE_H
#define OTLP_RESOURCE_H

#include <otlp/value.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct otlp_resource otlp_resource;

/**
 * A resource of the given attributes. Attributes with an empty key are left out; of equal keys the
 * last one counts; invalid UTF-8 is treated as in spans. No limits apply.
 *
 * @param schema_url may be empty.
 * @return NULL when memory is short.
 */
otlp_resource *otlp_resource_new(const otlp_attribute *attributes, size_t attribute_count,
                                 otlp_string schema_url);

/**
 * What every resource must have: `service.name` = `unknown_service:<executable>`, and
 * `telemetry.sdk.name`, `.language`, `.version`; and a random `service.instance.id` (UUID v4), made
 * anew by each call.
 *
 * @return NULL when memory is short.
 */
otlp_resource *otlp_resource_default(void);

/** What this process and host are: `process.pid`, `process.executable.name`,
 * `process.executable.path`, `host.name`, `host.arch`, `os.type`. NULL when memory is short. */
otlp_resource *otlp_resource_detect_process_and_host(void);

/**
 * What OTEL_RESOURCE_ATTRIBUTES and OTEL_SERVICE_NAME say. Empty when they say nothing; when the
 * former has an error anywhere, all of it is ignored and a warning logged. The latter wins.
 *
 * @return NULL when memory is short.
 */
otlp_resource *otlp_resource_from_environment(void);

/**
 * Both resources in one; the attributes of `updating` win ("Merge"). Of two schema URLs the
 * non-empty one is kept; when both are set and differ, the result has none and a warning is logged.
 *
 * @param old,updating may be NULL, which counts as empty; neither is consumed.
 * @return NULL when memory is short.
 */
otlp_resource *otlp_resource_merge(const otlp_resource *old, const otlp_resource *updating);

/** The attributes, in the order in which they were given; borrowed from the resource. */
const otlp_attribute *otlp_resource_attributes(const otlp_resource *resource, size_t *out_count);

/** The schema URL, empty if there is none; borrowed from the resource. */
otlp_string otlp_resource_schema_url(const otlp_resource *resource);

/** Takes one more count; NULL gives NULL. */
otlp_resource *otlp_resource_acquire(const otlp_resource *resource);

/** Gives one count back. NULL does nothing. */
void otlp_resource_release(const otlp_resource *resource);

#ifdef __cplusplus
}
#endif

#endif
