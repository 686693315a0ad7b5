/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The splitting of batches, over frames as they come: the first two bytes are the limit, the third
 * is where the rest is cut into two runs. No request may be larger than the limit.
 */
#include "export/request.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const otlp_encoded_resource RESOURCE = {{(const uint8_t *)"\x0a\x00", 2}};
static const otlp_encoded_scope SCOPE = {{(const uint8_t *)"\x0a\x00", 2}, {"", 0}};

/* The whole frames at the start of `bytes`; what follows is no frame. */
static otlp_bytes whole_frames(otlp_bytes bytes, size_t *out_count) {
  otlp_bytes rest = bytes;
  otlp_bytes frame;
  otlp_bytes message;
  *out_count = 0;
  while (otlp_next_frame(&rest, &frame, &message)) {
    (*out_count)++;
  }
  bytes.size -= rest.size;
  return bytes;
}

static size_t cut(const otlp_batch *batch, size_t limit) {
  otlp__batch_position position = {0};
  otlp__request request;
  size_t too_large = 0;
  size_t spans = 0;
  while (otlp__request_next(batch, limit, &position, &request, &too_large)) {
    uint8_t *bytes = malloc(request.size);
    if (request.size > limit || bytes == NULL) {
      abort();
    }
    otlp__request_write(batch, &request, bytes);
    spans += request.item_count;
    free(bytes);
  }
  return spans + too_large;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 3) {
    return 0;
  }
  size_t limit = data[0] + 256u * data[1];
  size_t split = data[2] < size - 3 ? data[2] : size - 3;
  size_t counts[2];
  otlp_bytes runs[2] = {whole_frames((otlp_bytes){data + 3, split}, &counts[0]),
                        whole_frames((otlp_bytes){data + 3 + split, size - 3 - split}, &counts[1])};
  otlp_scope_items scopes[2] = {{&SCOPE, &runs[0], 1, counts[0], runs[0].size},
                                {&SCOPE, &runs[1], 1, counts[1], runs[1].size}};
  otlp_batch batch = {&RESOURCE, scopes, 2, counts[0] + counts[1], OTLP_SIGNAL_TRACES};
  if (cut(&batch, limit) != batch.item_count) {
    abort();
  }
  return 0;
}
