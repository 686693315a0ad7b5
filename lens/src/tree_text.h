/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A trace as text for a terminal: what `./demo trace` prints.
 *
 * Names and messages come from whoever sent the spans: control characters are replaced, so that
 * they cannot drive the terminal, and long ones are cut.
 */
#ifndef LENS_TREE_TEXT_H
#define LENS_TREE_TEXT_H

#include "tree.h"

/*
 * Writes a heading and one line for each span: service (where it changes), tree and name, kind,
 * start after the first span, duration, and status: the code the span ended with, and what is wrong
 * with it. Errors carry a cross.
 */
void lens_tree_print(lens_buffer *out, const lens_tree *tree, lens_bytes trace_id);

/* Writes a duration with three significant digits and its unit: "1.23 ms". */
void lens_duration_print(lens_buffer *out, uint64_t nanos);

#endif
