/* SPDX-License-Identifier: Apache-2.0 */
#include <otlp/sampler.h>

#include <stdio.h>
#include <stdlib.h>

enum { DESCRIPTION_SIZE = 512 };

typedef struct parent_based_sampler {
  otlp_sampler base;
  otlp_parent_based_options delegates; /* none is NULL */
  char description[DESCRIPTION_SIZE];
} parent_based_sampler;

static const otlp_sampler *choose(const otlp_parent_based_options *delegates,
                                  const otlp_span_context *parent) {
  if (!otlp_span_context_is_valid(parent)) {
    return delegates->root;
  }
  bool is_sampled = otlp_span_context_is_sampled(parent);
  if (parent->is_remote) {
    return is_sampled ? delegates->remote_parent_sampled : delegates->remote_parent_not_sampled;
  }
  return is_sampled ? delegates->local_parent_sampled : delegates->local_parent_not_sampled;
}

static void sample(const otlp_sampler *self, const otlp_sampling_input *input,
                   otlp_sampling_result *out_result) {
  const parent_based_sampler *sampler = (const parent_based_sampler *)self;
  const otlp_sampler *chosen = choose(&sampler->delegates, &input->parent->span);
  chosen->vtable->should_sample(chosen, input, out_result);
}

static const char *describe(const otlp_sampler *self) {
  return ((const parent_based_sampler *)self)->description;
}

static void destroy_delegates(const otlp_parent_based_options *delegates) {
  otlp_sampler_destroy(delegates->root);
  otlp_sampler_destroy(delegates->remote_parent_sampled);
  otlp_sampler_destroy(delegates->remote_parent_not_sampled);
  otlp_sampler_destroy(delegates->local_parent_sampled);
  otlp_sampler_destroy(delegates->local_parent_not_sampled);
}

static void destroy(otlp_sampler *self) {
  destroy_delegates(&((parent_based_sampler *)self)->delegates);
  free(self);
}

static otlp_sampler *or_default(otlp_sampler *given, otlp_sampler *fallback) {
  return given != NULL ? given : fallback;
}

static otlp_parent_based_options with_defaults(const otlp_parent_based_options *options) {
  otlp_sampler *on = otlp_sampler_always_on();
  otlp_sampler *off = otlp_sampler_always_off();
  otlp_parent_based_options delegates = {on, on, off, on, off};
  if (options != NULL) {
    delegates.root = or_default(options->root, on);
    delegates.remote_parent_sampled = or_default(options->remote_parent_sampled, on);
    delegates.remote_parent_not_sampled = or_default(options->remote_parent_not_sampled, off);
    delegates.local_parent_sampled = or_default(options->local_parent_sampled, on);
    delegates.local_parent_not_sampled = or_default(options->local_parent_not_sampled, off);
  }
  return delegates;
}

static const char *text_of(const otlp_sampler *sampler) {
  return sampler->vtable->description(sampler);
}

static void write_description(parent_based_sampler *sampler) {
  const otlp_parent_based_options *delegates = &sampler->delegates;
  snprintf(sampler->description, sizeof(sampler->description),
           "ParentBased{root=%s,remoteParentSampled=%s,remoteParentNotSampled=%s,"
           "localParentSampled=%s,localParentNotSampled=%s}",
           text_of(delegates->root), text_of(delegates->remote_parent_sampled),
           text_of(delegates->remote_parent_not_sampled), text_of(delegates->local_parent_sampled),
           text_of(delegates->local_parent_not_sampled));
}

otlp_sampler *otlp_sampler_parent_based(const otlp_parent_based_options *options) {
  static const otlp_sampler_vtable vtable = {sample, describe, destroy};
  otlp_parent_based_options delegates = with_defaults(options);
  parent_based_sampler *sampler = malloc(sizeof(*sampler));
  if (sampler == NULL) {
    destroy_delegates(&delegates);
    return NULL;
  }
  sampler->base.vtable = &vtable;
  sampler->delegates = delegates;
  write_description(sampler);
  return &sampler->base;
}
