/* SPDX-License-Identifier: Apache-2.0 */
/* A FileDescriptorSet of any bytes is indexed or refused; what was read before a break can be
 * looked up. */
#include "descriptor_index.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  mesh__descriptor_index *index = mesh__descriptor_index_new();
  mesh_status status = mesh__descriptor_index_add(index, (mesh_bytes){data, size});
  (void)status;
  mesh__descriptor_index_finish(index);
  for (size_t i = 0; i < mesh__descriptor_index_count(index); i++) {
    const mesh__descriptor_file *file = mesh__descriptor_index_at(index, i);
    if (mesh__descriptor_index_file(index, file->name) == MESH__NO_FILE) {
      __builtin_trap();
    }
    for (size_t j = 0; j < file->import_count; j++) {
      if (file->imports[j] >= mesh__descriptor_index_count(index)) {
        __builtin_trap();
      }
    }
  }
  size_t first = 0;
  size_t count = 0;
  mesh__descriptor_index_symbol(index, "a.b.C");
  mesh__descriptor_index_extension(index, "a.b.C", 1);
  mesh__descriptor_index_extensions(index, "a.b.C", &first, &count);
  mesh__descriptor_index_destroy(index);
  return 0;
}
