/* SPDX-License-Identifier: Apache-2.0 */
#include "service_config.h"

#include <jansson.h>
#include <mesh/context.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

static const char methods_key[] = "methodConfig";

#define invalid(...) mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "service config: " __VA_ARGS__)

/* A google.protobuf.Duration that is not negative, in milliseconds, rounded up; -1: not one. */
static int64_t parse_duration(const char *text) {
  enum { SECONDS_DIGITS_MAX = 12, FRACTION_DIGITS_MAX = 9 };
  int64_t nanos_per_digit = 100000000;
  int64_t seconds = 0;
  int64_t nanos = 0;
  size_t digits = strspn(text, "0123456789");
  if (digits == 0 || digits > SECONDS_DIGITS_MAX) {
    return -1;
  }
  for (size_t i = 0; i < digits; i++) {
    seconds = seconds * 10 + (*text++ - '0');
  }
  if (*text == '.') {
    digits = strspn(++text, "0123456789");
    for (size_t i = 0; i < digits && digits <= FRACTION_DIGITS_MAX; i++) {
      nanos += nanos_per_digit * (*text++ - '0');
      nanos_per_digit /= 10;
    }
  }
  return strcmp(text, "s") == 0 ? seconds * 1000 + (nanos + 999999) / 1000000 : -1;
}

/* Takes the timeout out of a methodConfig. */
static mesh_status take_timeout(json_t *method_config, size_t index, int64_t *out_timeout_ms) {
  const json_t *timeout = json_object_get(method_config, "timeout");
  *out_timeout_ms = MESH_NO_TIMEOUT;
  if (timeout == NULL) {
    return mesh_status_ok();
  }
  const char *text = json_string_value(timeout);
  *out_timeout_ms = text != NULL ? parse_duration(text) : -1;
  if (*out_timeout_ms < 0) {
    return invalid("%s[%zu].timeout is %.64s: it must be seconds, as in \"1.5s\"", methods_key,
                   index, text != NULL ? text : "no string");
  }
  (void)json_object_del(method_config, "timeout");
  return mesh_status_ok();
}

/* A member that is a string, "" when it is not there; NULL when it is something else. */
static const char *text_member(const json_t *object, const char *key) {
  const json_t *member = json_object_get(object, key);
  return member == NULL || json_is_null(member) ? "" : json_string_value(member);
}

static bool is_known(const mesh__service_config *config, const char *service, const char *method) {
  for (size_t i = 0; i < config->count; i++) {
    const mesh__config_name *name = &config->names[i];
    if (strcmp(name->service, service) == 0 && strcmp(name->method, method) == 0) {
      return true;
    }
  }
  return false;
}

static mesh_status add_name(mesh__service_config *config, const json_t *name, size_t index,
                            int64_t timeout_ms) {
  const char *service = text_member(name, "service");
  const char *method = text_member(name, "method");
  if (!json_is_object(name) || service == NULL || method == NULL) {
    return invalid("%s[%zu].name must have objects of the strings service and method", methods_key,
                   index);
  }
  if (service[0] == '\0' && method[0] != '\0') {
    return invalid("%s[%zu].name has the method %.64s without its service", methods_key, index,
                   method);
  }
  if (is_known(config, service, method)) {
    return invalid("%s[%zu].name: '%.64s/%.64s' has a config already", methods_key, index, service,
                   method);
  }
  config->names = mesh__xrealloc(config->names, (config->count + 1) * sizeof *config->names);
  config->names[config->count++] =
      (mesh__config_name){mesh__xstrdup(service), mesh__xstrdup(method), timeout_ms};
  return mesh_status_ok();
}

static mesh_status read_method_config(mesh__service_config *config, json_t *method_config,
                                      size_t index) {
  const json_t *names = json_object_get(method_config, "name");
  int64_t timeout_ms;
  if (!json_is_object(method_config) || (names != NULL && !json_is_array(names))) {
    return invalid("%s[%zu] must be an object, and its name an array", methods_key, index);
  }
  mesh_status status = take_timeout(method_config, index, &timeout_ms);
  for (size_t i = 0; i < json_array_size(names) && mesh_status_is_ok(&status); i++) {
    status = add_name(config, json_array_get(names, i), index, timeout_ms);
  }
  return status;
}

static mesh_status read_config(mesh__service_config *config, const json_t *root) {
  const json_t *methods = json_object_get(root, methods_key);
  if (!json_is_object(root) || (methods != NULL && !json_is_array(methods))) {
    return invalid("it must be an object, and its %s an array", methods_key);
  }
  mesh_status status = mesh_status_ok();
  for (size_t i = 0; i < json_array_size(methods) && mesh_status_is_ok(&status); i++) {
    status = read_method_config(config, json_array_get(methods, i), i);
  }
  return status;
}

mesh_status mesh__service_config_parse(const char *json, mesh__service_config *out_config) {
  memset(out_config, 0, sizeof *out_config);
  json_error_t error;
  json_t *root = json_loads(json, JSON_REJECT_DUPLICATES, &error);
  if (root == NULL) {
    return invalid("line %d, column %d: %s", error.line, error.column, error.text);
  }
  mesh_status status = read_config(out_config, root);
  if (mesh_status_is_ok(&status)) {
    out_config->for_core = json_dumps(root, JSON_COMPACT);
  }
  json_decref(root);
  return status;
}

void mesh__service_config_clean_up(mesh__service_config *config) {
  for (size_t i = 0; i < config->count; i++) {
    free(config->names[i].service);
    free(config->names[i].method);
  }
  free(config->names);
  free(config->for_core);
}

/* How exactly a name names the method; 0: not at all. */
static int exactness(const mesh__config_name *name, const char *path) {
  size_t size = strlen(name->service);
  if (size == 0) {
    return 1;
  }
  if (path[0] != '/' || strncmp(path + 1, name->service, size) != 0 || path[size + 1] != '/') {
    return 0;
  }
  if (name->method[0] == '\0') {
    return 2;
  }
  return strcmp(path + size + 2, name->method) == 0 ? 3 : 0;
}

int64_t mesh__service_config_timeout_ms(const mesh__service_config *config, const char *path) {
  int64_t timeout_ms = MESH_NO_TIMEOUT;
  int best = 0;
  for (size_t i = 0; i < config->count; i++) {
    int found = exactness(&config->names[i], path);
    if (found > best) {
      best = found;
      timeout_ms = config->names[i].timeout_ms;
    }
  }
  return timeout_ms;
}

/* ---- what the C core does not accept ---- */

typedef struct search {
  bool (*accepts)(const char *json, void *data);
  void *data;
  char *out_culprit;
} search;

/* Whether a config of this alone is accepted. */
static bool is_accepted(const search *self, json_t *config) {
  char *text = json_dumps(config, JSON_COMPACT);
  bool answer = text != NULL && self->accepts(text, self->data);
  free(text);
  json_decref(config);
  return answer;
}

static bool is_method_accepted(const search *self, const char *key, json_t *value) {
  return is_accepted(self, json_pack("{s:[{s:[{}],s:O}]}", methods_key, "name", key, value));
}

static bool find_in_methods(const search *self, json_t *methods) {
  size_t index;
  json_t *method_config;
  json_array_foreach(methods, index, method_config) {
    const char *key;
    json_t *value;
    json_object_foreach(method_config, key, value) {
      if (strcmp(key, "name") != 0 && !is_method_accepted(self, key, value)) {
        snprintf(self->out_culprit, MESH__CULPRIT_SIZE, "%s[%zu].%s", methods_key, index, key);
        return true;
      }
    }
  }
  return false;
}

static void find_in_config(const search *self, json_t *root) {
  const char *key;
  json_t *value;
  if (find_in_methods(self, json_object_get(root, methods_key))) {
    return;
  }
  json_object_foreach(root, key, value) {
    if (!is_accepted(self, json_pack("{s:O}", key, value))) {
      snprintf(self->out_culprit, MESH__CULPRIT_SIZE, "%s", key);
      return;
    }
  }
}

void mesh__service_config_find_culprit(const mesh__service_config *config,
                                       bool (*accepts)(const char *json, void *data), void *data,
                                       char out_culprit[MESH__CULPRIT_SIZE]) {
  const search self = {accepts, data, out_culprit};
  json_t *root = json_loads(config->for_core, 0, NULL);
  out_culprit[0] = '\0';
  find_in_config(&self, root);
  json_decref(root);
}
