/* SPDX-License-Identifier: Apache-2.0 */
/* Any text is a target or an error; what is accepted stays within its buffers and parses again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "peer.h"
#include "target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *text = malloc(size + 1);
  memcpy(text, data, size);
  text[size] = '\0';
  mesh__peer peer;
  mesh__peer_parse(text, &peer);
  mesh__target target;
  mesh__target again;
  mesh_status status = mesh__target_parse(text, &target);
  if (mesh_status_is_ok(&status)) {
    /* What was made for the C core is itself a target, for the same address. */
    status = mesh__target_parse(target.core, &again);
    if (strlen(target.core) < MESH__TARGET_SIZE &&
        (!mesh_status_is_ok(&status) || strcmp(target.address, again.address) != 0 ||
         target.port != again.port)) {
      __builtin_trap();
    }
  }
  free(text);
  return 0;
}
