/* SPDX-License-Identifier: Apache-2.0 */
/** What the resource's makers share. */
#ifndef OTLP_SRC_RESOURCE_H
#define OTLP_SRC_RESOURCE_H

#include <otlp/resource.h>

/** otlp_resource_merge that takes over one count of each; NULL when either is NULL. */
otlp_resource *otlp__resource_merge_into(otlp_resource *old, otlp_resource *updating);

/** The file name of the running program in `buffer`; empty when unknown. */
otlp_string otlp__executable_name(char *buffer, size_t size);

#endif
