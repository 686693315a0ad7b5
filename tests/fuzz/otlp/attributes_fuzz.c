/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A span that is told things by the input: the message stays well-formed, keys stay unique, and the
 * announced sizes are the written ones. The first byte of a step says what, the next how much text.
 */
#include "fuzz.h"
#include "reader.h"
#include "utf8.h"

#include <otlp/sdk.h>

typedef struct input {
  const uint8_t *at;
  size_t size;
} input;

static uint8_t next_byte(input *in) {
  if (in->size == 0) {
    return 0;
  }
  in->size--;
  return *in->at++;
}

static otlp_string next_text(input *in) {
  size_t length = next_byte(in);
  length = length < in->size ? length : in->size;
  otlp_string text = {(const char *)in->at, length};
  in->at += length;
  in->size -= length;
  return text;
}

static void step(otlp_span *span, input *in) {
  uint8_t what = next_byte(in);
  otlp_string text = next_text(in);
  otlp_string more = next_text(in);
  otlp_attribute attribute = otlp_attribute_of(text, otlp_value_text(more));
  otlp_link link = {
      .context = otlp_span_get_context(span), .attributes = &attribute, .attribute_count = 1};
  switch (what % 8) {
  case 0:
    otlp_span_update_name(span, text);
    break;
  case 1:
    otlp_span_set_status(span, (otlp_status_code)(more.length % 3), text);
    break;
  case 2:
    otlp_span_add_event(span, text, 0, &attribute, 1);
    break;
  case 3:
    otlp_span_add_link(span, &link);
    break;
  case 4:
    otlp_span_set_attribute(span, text, otlp_value_integer((int64_t)more.length - 7));
    break;
  case 5: {
    otlp_string elements[2] = {more, text};
    otlp_value array = {.type = OTLP_VALUE_STRING_ARRAY, .count = 2, .as.strings = elements};
    otlp_span_set_attribute(span, text, array);
    break;
  }
  default:
    otlp_span_set_attributes(span, &attribute, 1);
    break;
  }
}

/* The key of a KeyValue. */
static otlp_bytes key_of(otlp_bytes key_value) {
  otlp__reader reader = otlp__reader_of(key_value);
  otlp__field field;
  REQUIRE(otlp__reader_next(&reader, &field) && field.number == 1);
  return field.bytes;
}

static void check_unique(otlp_bytes message, otlp_bytes key) {
  otlp__reader reader = otlp__reader_of(message);
  otlp__field field;
  int found = 0;
  while (otlp__reader_next(&reader, &field)) {
    if (field.number == 9) {
      otlp_bytes other = key_of(field.bytes);
      found += other.size == key.size && memcmp(other.data, key.data, key.size) == 0 ? 1 : 0;
    }
  }
  REQUIRE(found == 1);
}

static void on_item(otlp_processor *self, const otlp_item *span) {
  (void)self;
  otlp_bytes run = span->frame;
  otlp_bytes frame;
  otlp_bytes message;
  REQUIRE(otlp_next_frame(&run, &frame, &message) && run.size == 0);
  REQUIRE(message.size == span->message.size);
  otlp__reader reader = otlp__reader_of(message);
  otlp__field field;
  while (otlp__reader_next(&reader, &field)) {
    REQUIRE(field.number >= 1 && field.number <= 16);
    if (field.number == 9) {
      otlp_bytes key = key_of(field.bytes);
      REQUIRE(otlp__utf8_is_valid(fuzz_string(key.data, key.size)));
      check_unique(message, key);
    }
  }
  REQUIRE(reader.size == 0);
}

static otlp_result succeed(otlp_processor *self, int64_t timeout_ms) {
  (void)self;
  (void)timeout_ms;
  return OTLP_OK;
}

static void keep(otlp_processor *self) {
  (void)self;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const otlp_processor_vtable vtable = {.name = "check",
                                               .on_item = on_item,
                                               .force_flush = succeed,
                                               .shutdown = succeed,
                                               .destroy = keep};
  static otlp_processor check = {&vtable};
  static otlp_tracer_provider *provider;
  if (provider == NULL) {
    otlp_tracer_provider_options options = OTLP_TRACER_PROVIDER_OPTIONS_INIT;
    options.limits.attribute_count = 20;
    options.limits.attribute_value_length = 40;
    options.processors[0] = &check;
    options.processor_count = 1;
    provider = otlp_tracer_provider_new(&options);
  }
  input in = {data, size};
  otlp_tracer *tracer = otlp_tracer_provider_get_tracer(provider, NULL);
  otlp_span *span = otlp_span_start(tracer, NULL, otlp_string_from("fuzz"), NULL);
  while (in.size > 0) {
    step(span, &in);
  }
  otlp_span_end(span);
  return 0;
}
