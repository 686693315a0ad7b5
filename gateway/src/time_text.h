/* SPDX-License-Identifier: Apache-2.0 */
/* google.protobuf.Timestamp and Duration as proto3 JSON writes them. */
#ifndef GATEWAY_TIME_TEXT_H
#define GATEWAY_TIME_TEXT_H

#include "text.h"

#include <stdint.h>

/* Seconds and nanoseconds as in the two messages: of one sign in a duration, nanoseconds not
 * negative in a timestamp. */
typedef struct gateway_time {
  int64_t seconds;
  int32_t nanos;
} gateway_time;

/* RFC 3339 with a 'T', an upper-case 'Z' or an offset, up to nine digits of a second, from year 1
 * to 9999. Leap seconds are not times to protobuf. */
bool gateway_timestamp_from_text(gateway_text text, gateway_time *out_time);

/* "1.5s": up to nine digits, not beyond +-315,576,000,000 s. */
bool gateway_duration_from_text(gateway_text text, gateway_time *out_time);

#endif
