/* SPDX-License-Identifier: Apache-2.0 */
#include "descriptor_set.h"

#include <string.h>

/* Walking the request backwards meets every file before its imports: a file that is wanted marks
 * what it imports. */
static void mark_imports(gen_file_proto *const *files, size_t count, bool *wanted) {
  for (size_t i = count; i-- > 0;) {
    for (size_t d = 0; wanted[i] && d < files[i]->n_dependency; d++) {
      for (size_t j = 0; j < i; j++) {
        if (strcmp(gen_text_or_empty(files[j]->name), files[i]->dependency[d]) == 0) {
          wanted[j] = true;
        }
      }
    }
  }
}

gen_text gen_descriptor_set(gen_pool *pool, gen_file_proto *const *files, size_t count,
                            const gen_file_proto *file) {
  bool *wanted = gen_pool_alloc(pool, count * sizeof(*wanted));
  for (size_t i = 0; i < count; i++) {
    wanted[i] = files[i] == file;
  }
  mark_imports(files, count, wanted);

  Google__Protobuf__FileDescriptorSet set = GOOGLE__PROTOBUF__FILE_DESCRIPTOR_SET__INIT;
  set.file = gen_pool_alloc(pool, count * sizeof(*set.file));
  for (size_t i = 0; i < count; i++) {
    if (wanted[i]) {
      gen_file_proto *stripped = gen_pool_alloc(pool, sizeof(*stripped));
      *stripped = *files[i];
      stripped->source_code_info = NULL;
      set.file[set.n_file++] = stripped;
    }
  }
  gen_text bytes = gen_text_make(pool);
  bytes.size = google__protobuf__file_descriptor_set__get_packed_size(&set);
  bytes.data = gen_pool_alloc(pool, bytes.size + 1);
  google__protobuf__file_descriptor_set__pack(&set, (uint8_t *)bytes.data);
  return bytes;
}
