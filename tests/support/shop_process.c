/* SPDX-License-Identifier: Apache-2.0 */
#include "shop_process.h"

#include <signal.h>

void shop_process_launch(shop_process *self, const shop_harness *shop) {
  char path[512];
  char log_file[128];
  char address[128];
  char data[128];
  const char *folder = shop->folder.path;
  snprintf(self->target, sizeof self->target, "unix:%s/%s-%d", folder, self->program,
           self->starts++);
  snprintf(path, sizeof path, "%s/%s", SHOP_PROGRAM_FOLDER, self->program);
  snprintf(log_file, sizeof log_file, "%s/%s.log", folder, self->program);
  snprintf(address, sizeof address, "LISTEN_ADDRESS=%s", self->target);
  snprintf(data, sizeof data, "DATA_DIR=%s", folder);
  const char *environment[8] = {address, data, "OTEL_SDK_DISABLED=true"};
  for (size_t i = 0; i < 4 && self->environment[i] != NULL; i++) {
    environment[3 + i] = self->environment[i];
  }
  self->process = mesh_process_start(path, environment, log_file);
}

void shop_process_start(shop_process *self, const shop_harness *shop) {
  shop_process_launch(self, shop);
  mesh_process_wait_log(self->process, "msg=listening");
}

void shop_process_kill(shop_process *self) {
  mesh_process_signal(self->process, SIGKILL);
  assert_int_equal(mesh_process_wait(self->process), 128 + SIGKILL);
  mesh_process_destroy(self->process);
  self->process = NULL;
}

void shop_process_connect(const shop_process *self, shop_harness *shop) {
  mesh_client_options options = MESH_CLIENT_OPTIONS_INIT;
  options.target = self->target;
  mesh_client_destroy(shop->client);
  mesh_status status = mesh_client_new(&options, &shop->client);
  assert_string_equal(status.message, "");
}

void shop_process_stop(shop_process *self, shop_harness *shop) {
  shop_process_connect(self, shop);
  assert_int_equal(mesh_process_stop(self->process), 0);
  assert_true(mesh_process_has_logged(self->process, "msg=served"));
  mesh_process_destroy(self->process);
  self->process = NULL;
}
