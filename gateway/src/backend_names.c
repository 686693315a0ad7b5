/* SPDX-License-Identifier: Apache-2.0 */
/* How services are named in options and variables. */
#include "backends.h"

static bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

/* A word begins at an upper-case letter behind another character, or before a lower-case one. */
static bool begins_word(const char *name, size_t at) {
  if (at == 0 || !is_upper(name[at]) || name[at - 1] == '.') {
    return false;
  }
  return !is_upper(name[at - 1]) || (name[at + 1] >= 'a' && name[at + 1] <= 'z');
}

/* "shop.order.v1.OrderService" as "SHOP_ORDER_V1_ORDER_SERVICE_URL"; cut when it is too long. */
static void write_variable(const char *name, char out[GATEWAY_VARIABLE_SIZE]) {
  static const char suffix[] = "_URL";
  size_t size = 0;
  for (size_t i = 0; name[i] != '\0' && size + 2 + sizeof suffix < GATEWAY_VARIABLE_SIZE; i++) {
    if (begins_word(name, i)) {
      out[size++] = '_';
    }
    char c = name[i];
    out[size++] = (char)(c == '.' ? '_' : c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  memcpy(out + size, suffix, sizeof suffix);
}

void gateway_target_variables_of(const char *service, gateway_target_variables *out_names) {
  const char *dot = strrchr(service, '.');
  write_variable(service, out_names->full_name);
  write_variable(dot == NULL ? service : dot + 1, out_names->short_name);
}

/* How much of a service's name an option names: all, a package around it, or "*" (1); 0 if none. */
static size_t match_option(const gateway_backend_option *option, const char *service) {
  size_t size = option->service_size;
  if (size == 1 && option->service[0] == '*') {
    return 1;
  }
  bool is_prefix = strncmp(option->service, service, size) == 0;
  return is_prefix && (service[size] == '\0' || service[size] == '.') ? size + 1 : 0;
}

const char *gateway_backend_option_find(const gateway_config *config, const char *service) {
  const char *target = NULL;
  size_t best = 0;
  for (size_t i = 0; i < config->backend_count; i++) {
    size_t match = match_option(&config->backends[i], service);
    if (match > best) {
      best = match;
      target = config->backends[i].target;
    }
  }
  return target;
}
