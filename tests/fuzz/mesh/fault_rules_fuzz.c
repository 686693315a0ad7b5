/* SPDX-License-Identifier: Apache-2.0 */
/* Any text is fault rules or an error; what a rule is written as is the same rule again, and what
 * it draws is within its bounds. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fault_rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static mesh_status compare(const mesh__fault_rule *rule, void *first) {
  if (memcmp(rule, first, sizeof *rule) != 0) {
    __builtin_trap();
  }
  return mesh_status_ok();
}

static uint64_t dice(void *state) {
  uint64_t *x = state;
  *x = *x * 6364136223846793005u + 1442695040888963407u;
  return *x;
}

static void draw(const mesh__fault_rule *rule) {
  uint64_t seed = 1;
  for (int i = 0; i < 8; i++) {
    mesh__fault_plan plan = mesh__fault_rule_draw(rule, dice, &seed);
    if (plan.before_ms < 0 || plan.before_ms > rule->delay.max_ms || plan.after_ms < 0 ||
        plan.after_ms > rule->delay.max_ms) {
      __builtin_trap();
    }
  }
}

static mesh_status look(const mesh__fault_rule *rule, void *data) {
  (void)data;
  char text[MESH__FAULT_TEXT_SIZE];
  mesh__fault_rule copy = *rule;
  mesh__fault_format(rule, text);
  mesh_status status = mesh__fault_parse(text, compare, &copy);
  if (mesh__fault_rule_check(rule) != NULL || !mesh_status_is_ok(&status)) {
    __builtin_trap();
  }
  draw(rule);
  return mesh_status_ok();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *text = malloc(size + 1);
  memcpy(text, data, size);
  text[size] = '\0';
  mesh_status status = mesh__fault_parse(text, look, NULL);
  (void)status;
  free(text);
  return 0;
}
