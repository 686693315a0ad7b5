/* SPDX-License-Identifier: Apache-2.0 */
/* Any text is a service config or an error; what is left for the C core is a config without
 * timeouts, of the same names. */
#include <mesh/context.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "service_config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition) {
  if (!condition) {
    __builtin_trap();
  }
}

static bool accepts_half(const char *json, void *data) {
  (void)data;
  return strlen(json) % 2 == 0;
}

static void check(const mesh__service_config *config) {
  char culprit[MESH__CULPRIT_SIZE];
  mesh__service_config rest;
  mesh_status status = mesh__service_config_parse(config->for_core, &rest);
  require(mesh_status_is_ok(&status) && rest.count == config->count);
  require(strcmp(rest.for_core, config->for_core) == 0);
  for (size_t i = 0; i < rest.count; i++) {
    require(rest.names[i].timeout_ms == MESH_NO_TIMEOUT);
  }
  require(mesh__service_config_timeout_ms(config, "/a.B/Get") >= 0);
  mesh__service_config_find_culprit(config, accepts_half, NULL, culprit);
  mesh__service_config_clean_up(&rest);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *text = malloc(size + 1);
  mesh__service_config config;
  memcpy(text, data, size);
  text[size] = '\0';
  mesh_status status = mesh__service_config_parse(text, &config);
  if (mesh_status_is_ok(&status)) {
    check(&config);
  }
  mesh__service_config_clean_up(&config);
  free(text);
  return 0;
}
