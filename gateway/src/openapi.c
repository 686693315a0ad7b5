/* SPDX-License-Identifier: Apache-2.0 */
#include "pages.h"

gateway_text gateway_page_openapi(const gateway_api *api, upb_Arena *arena) {
  (void)api;
  (void)arena;
  return gateway_text_from("{}");
}
