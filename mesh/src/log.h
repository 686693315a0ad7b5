/* SPDX-License-Identifier: Apache-2.0 */
/* What the process tells its log, besides records. */
#ifndef MESH__LOG_H
#define MESH__LOG_H

#include <mesh/log.h>
#include <otlp/logs.h>

/* From here on records go to `logger`, too; NULL: no more. Not while other threads log. */
void mesh__log_set_logger(otlp_logger *logger);

/* A line that must not become a record of the logger: what is said of the logger's own way out. */
void mesh__log_line_only(mesh_log_level level, const char *message, const otlp_attribute *fields,
                         size_t field_count);

#endif
