/* SPDX-License-Identifier: Apache-2.0 */
#include <otlp/exporter.h>

#include "reader.h"
#include "wire.h"

bool otlp_next_framed_span(otlp_bytes *run, otlp_bytes *out_span, otlp_bytes *out_message) {
  otlp__reader reader = otlp__reader_of(*run);
  otlp__field field;
  if (!otlp__reader_next(&reader, &field) || field.type != OTLP__WIRE_BYTES) {
    return false;
  }
  out_span->data = run->data;
  out_span->size = run->size - reader.size;
  *out_message = field.bytes;
  run->data = reader.at;
  run->size = reader.size;
  return true;
}
