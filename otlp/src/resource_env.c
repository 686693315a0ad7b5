/* SPDX-License-Identifier: Apache-2.0 */
/* OTEL_RESOURCE_ATTRIBUTES and OTEL_SERVICE_NAME (specification, resource/sdk.md, "Specifying
 * resource information via an environment variable"). */
#include <otlp/resource.h>

#include "env.h"
#include "key_values.h"
#include "resource.h"

#include <otlp/log.h>

#include <stdlib.h>

static otlp_resource *from_list(const otlp__key_values *list) {
  otlp_attribute *attributes = malloc((list->count + 1) * sizeof(*attributes));
  if (attributes == NULL) {
    return NULL;
  }
  for (size_t i = 0; i < list->count; i++) {
    attributes[i] = otlp_attribute_of(list->items[i].key, otlp_value_text(list->items[i].value));
  }
  otlp_resource *resource = otlp_resource_new(attributes, list->count, otlp_string_from(NULL));
  free(attributes);
  return resource;
}

static otlp_resource *from_attributes_variable(void) {
  otlp__key_values list;
  const char *error = otlp__key_values_parse(otlp__env_string("OTEL_RESOURCE_ATTRIBUTES"),
                                             OTLP__VALUES_UTF8, &list);
  if (error != NULL) {
    otlp_log(OTLP_LOG_WARN, "OTEL_RESOURCE_ATTRIBUTES is ignored, all of it: %s", error);
  }
  otlp_resource *resource = from_list(&list);
  otlp__key_values_clean_up(&list);
  return resource;
}

otlp_resource *otlp_resource_from_environment(void) {
  otlp_resource *resource = from_attributes_variable();
  otlp_string name = otlp__env_string("OTEL_SERVICE_NAME");
  if (name.length == 0) {
    return resource;
  }
  otlp_attribute attribute =
      otlp_attribute_of(otlp_string_from("service.name"), otlp_value_text(name));
  return otlp__resource_merge_into(resource,
                                   otlp_resource_new(&attribute, 1, otlp_string_from(NULL)));
}
