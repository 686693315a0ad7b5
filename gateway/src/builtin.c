/* SPDX-License-Identifier: Apache-2.0 */
#include "builtin.h"

/* Made by gateway_embed from the descriptor sets. */
extern const unsigned char gateway_builtin_base[];
extern const size_t gateway_builtin_base_size;
extern const unsigned char gateway_builtin_shop[];
extern const size_t gateway_builtin_shop_size;

void gateway_builtin_add_base(gateway_descriptors *descriptors) {
  gateway_descriptors_add_missing(
      descriptors, gateway_text_of((const char *)gateway_builtin_base, gateway_builtin_base_size));
}

mesh_status gateway_builtin_add_shop(gateway_descriptors *descriptors) {
  return gateway_descriptors_add(
      descriptors, gateway_text_of((const char *)gateway_builtin_shop, gateway_builtin_shop_size),
      "the built-in descriptor set");
}
