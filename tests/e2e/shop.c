/* SPDX-License-Identifier: Apache-2.0 */
#include "shop.h"

#include "cmocka_headers.h"
#include "http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_VARIABLES 24

static const char *const programs[SHOP_PROGRAM_COUNT] = {
    [SHOP_LENS] = "lens",
    [SHOP_FRAUD] = "fraud-service",
    [SHOP_PAYMENT] = "payment-service",
    [SHOP_WAREHOUSE] = "warehouse-service",
    [SHOP_INVENTORY] = "inventory-service",
    [SHOP_ORDER] = "order-service",
    [SHOP_GATEWAY] = "api-gateway",
};

/* Where the programs find each other. */
static const struct {
  const char *variable;
  shop_program program;
} targets[] = {
    {"FRAUD_SERVICE_URL", SHOP_FRAUD},         {"PAYMENT_SERVICE_URL", SHOP_PAYMENT},
    {"WAREHOUSE_SERVICE_URL", SHOP_WAREHOUSE}, {"INVENTORY_SERVICE_URL", SHOP_INVENTORY},
    {"ORDER_SERVICE_URL", SHOP_ORDER},
};

/* "NAME=value" texts in the making. */
typedef struct variables {
  char *texts[MAX_VARIABLES + 1];
  size_t count;
} variables;

static void add(variables *list, const char *format, ...)
    __attribute__((__format__(__printf__, 2, 3)));

static void add(variables *list, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  assert_true(list->count < MAX_VARIABLES);
  assert_true(vasprintf(&list->texts[list->count++], format, arguments) > 0);
  va_end(arguments);
}

static void add_common(variables *list, const shop *self, shop_program program) {
  add(list, "PORT=%d", self->ports[program]);
  add(list, "DATA_DIR=%s/%s", self->folder, programs[program]);
  add(list, "OTEL_BSP_SCHEDULE_DELAY=50");
  for (size_t i = 0; i < SHOP_MAX_ENVIRONMENT && self->options.environment[i] != NULL; i++) {
    add(list, "%s", self->options.environment[i]);
  }
  if (program == SHOP_LENS) {
    add(list, "LENS_QUERY_PORT=%d", self->query_port);
    return;
  }
  if (self->options.otlp_endpoint != NULL) {
    add(list, "OTEL_EXPORTER_OTLP_ENDPOINT=%s", self->options.otlp_endpoint);
  } else {
    add(list, "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:%d", self->ports[SHOP_LENS]);
  }
  for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
    add(list, "%s=http://127.0.0.1:%d", targets[i].variable, self->ports[targets[i].program]);
  }
}

void shop_start_program(shop *self, shop_program program) {
  variables list = {0};
  char path[512];
  char log_file[512];
  assert_null(self->processes[program]);
  add_common(&list, self, program);
  snprintf(path, sizeof(path), "%s/%s", SHOP_PROGRAM_FOLDER, programs[program]);
  snprintf(log_file, sizeof(log_file), "%s/%s.log", self->folder, programs[program]);
  mesh_process *process = mesh_process_start(path, (const char *const *)list.texts, log_file);
  self->processes[program] = process;
  self->ports[program] = mesh_process_wait_number(process, "msg=listening", "port=");
  if (program == SHOP_LENS) {
    self->query_port = mesh_process_wait_number(process, "msg=\"serving traces\"", "port=");
  }
  for (size_t i = 0; i < list.count; i++) {
    free(list.texts[i]);
  }
}

void shop_start(shop *self, const shop_options *options) {
  *self = (shop){.options = *options, .folder = mesh_process_folder_new()};
  for (size_t i = options->otlp_endpoint == NULL ? SHOP_LENS : SHOP_FRAUD; i < SHOP_PROGRAM_COUNT;
       i++) {
    shop_start_program(self, (shop_program)i);
  }
  shop_wait_health(self, 200);
}

void shop_kill_program(shop *self, shop_program program) {
  mesh_process_destroy(self->processes[program]);
  self->processes[program] = NULL;
}

int shop_stop_program(shop *self, shop_program program) {
  int exit_code = mesh_process_stop(self->processes[program]);
  mesh_process_destroy(self->processes[program]);
  self->processes[program] = NULL;
  return exit_code;
}

void shop_clean_up(shop *self) {
  for (size_t i = SHOP_PROGRAM_COUNT; i > 0; i--) {
    mesh_process_destroy(self->processes[i - 1]);
  }
  mesh_process_folder_destroy(self->folder);
}

typedef struct awaited_health {
  int port;
  int status;
} awaited_health;

static bool has_health(void *data) {
  awaited_health *awaited = data;
  http_answer answer = http_get(awaited->port, "/health");
  int status = answer.status;
  http_answer_clean_up(&answer);
  return status == awaited->status;
}

void shop_wait_health(shop *self, int status) {
  awaited_health awaited = {self->ports[SHOP_GATEWAY], status};
  if (!mesh_process_wait_until(has_health, &awaited)) {
    fail_msg("GET /health is not %d", status);
  }
}
