/* SPDX-License-Identifier: Apache-2.0 */
#include <otlp/exporter.h>

#include "reader.h"
#include "wire.h"

bool otlp_next_frame(otlp_bytes *run, otlp_bytes *out_frame, otlp_bytes *out_message) {
  otlp__reader reader = otlp__reader_of(*run);
  otlp__field field;
  if (!otlp__reader_next(&reader, &field) || field.type != OTLP__WIRE_BYTES) {
    return false;
  }
  out_frame->data = run->data;
  out_frame->size = run->size - reader.size;
  *out_message = field.bytes;
  run->data = reader.at;
  run->size = reader.size;
  return true;
}
