/* SPDX-License-Identifier: Apache-2.0 */
/* The protobuf reader, and the JSON writer that walks whatever it gives. */
#include "fuzz.h"
#include "otlp_json.h"
#include "reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  otlp_bytes message = {data, size};
  otlp_bytes run = message;
  otlp_bytes frame;
  otlp_bytes inner;
  while (otlp_next_frame(&run, &frame, &inner)) {
    REQUIRE(inner.size < frame.size && frame.size <= size);
  }
  char *text = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&text, &length);
  if (out != NULL && size < 4096) {
    otlp__json_write(out, OTLP__JSON_SPAN, message);
  }
  if (out != NULL) {
    fclose(out);
  }
  free(text);
  return 0;
}
