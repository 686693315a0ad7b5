/* SPDX-License-Identifier: Apache-2.0 */
#include <otlp/exporters.h>

#include <stdlib.h>

static otlp_result export_batch(otlp_exporter *self, const otlp_batch *batch, int64_t timeout_ms,
                                otlp_export_report *out_report) {
  (void)self;
  (void)timeout_ms;
  out_report->exported = batch->item_count;
  return OTLP_OK;
}

static otlp_result shut_down(otlp_exporter *self, int64_t timeout_ms) {
  (void)self;
  (void)timeout_ms;
  return OTLP_OK;
}

static void destroy(otlp_exporter *self) {
  free(self);
}

static const otlp_exporter_vtable vtable = {
    .name = "none",
    .export_batch = export_batch,
    .shutdown = shut_down,
    .destroy = destroy,
};

otlp_exporter *otlp_null_exporter_new(void) {
  otlp_exporter *exporter = malloc(sizeof(*exporter));
  if (exporter != NULL) {
    exporter->vtable = &vtable;
  }
  return exporter;
}
