/* SPDX-License-Identifier: Apache-2.0 */
/* The yardstick: the same calls with the C core alone, as well as it can be used: registered
 * methods, a batch per call on either side, no messages but bytes. */
#ifndef YARDSTICK_H
#define YARDSTICK_H

/* Runs `in_flight` calls at a time for `seconds`, server and client on a thread each.
 * @return how many calls were answered. */
long bare_run(int in_flight, double seconds);

#endif
