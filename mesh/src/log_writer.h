/* SPDX-License-Identifier: Apache-2.0 */
/* How lines reach standard error. */
#ifndef MESH__LOG_WRITER_H
#define MESH__LOG_WRITER_H

#include <otlp/value.h>

/*
 * From here on lines are gathered in memory and written, many at once, by a thread of their own, a
 * few milliseconds later: what logs never waits for who reads. Not counted: one start, one stop.
 */
void mesh__log_start(void);

/* Writes what is gathered, and goes back to writing each line at once. Does nothing when not
 * started. */
void mesh__log_stop(void);

/* Writes what is gathered so far, before a process ends in a hurry. */
void mesh__log_flush(void);

/* Writes a line, or gathers it. A line for which there is no room is lost. */
void mesh__log_write(otlp_string line);

/* How many lines were lost since the last call. */
unsigned long mesh__log_take_lost(void);

/* How many since the process began. */
unsigned long mesh__log_lost_in_all(void);

#endif
