/* SPDX-License-Identifier: Apache-2.0 */
/* meshwork.fault.v1.FaultService: rules, changed at run time. */
#include <meshwork/fault/v1/fault.mesh.h>

#include "fault.h"
#include "fault_message.h"
#include "loop.h"

static void refuse(mesh_call *call, const char *field, const char *what) {
  mesh_call_add_field_violation(call, field, "%s", what);
  mesh_call_fail(call, GRPC_STATUS_INVALID_ARGUMENT, "%s: %s", field, what);
}

/* ---- SetRule ---- */

typedef struct only_rule {
  mesh__fault_rule rule;
  size_t count;
} only_rule;

static mesh_status keep_only(const mesh__fault_rule *rule, void *data) {
  only_rule *self = data;
  self->rule = *rule;
  return ++self->count == 1
             ? mesh_status_ok()
             : mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "one rule is set at a time");
}

/* False when the call has been failed. */
static bool read_text(mesh_call *call, const char *text, mesh__fault_rule *out_rule) {
  only_rule only = {.count = 0};
  mesh_status status = mesh__fault_parse(text, keep_only, &only);
  if (mesh_status_is_ok(&status) && only.count == 0) {
    status = mesh_status_error(GRPC_STATUS_INVALID_ARGUMENT, "there is no rule in it");
  }
  *out_rule = only.rule;
  if (!mesh_status_is_ok(&status)) {
    refuse(call, "text", status.message);
  }
  return mesh_status_is_ok(&status);
}

static bool read_rule(mesh_call *call, const Meshwork__Fault__V1__SetRuleRequest *request,
                      mesh__fault_rule *out_rule) {
  if (request->form_case == MESHWORK__FAULT__V1__SET_RULE_REQUEST__FORM_TEXT) {
    return read_text(call, request->text, out_rule);
  }
  if (request->form_case != MESHWORK__FAULT__V1__SET_RULE_REQUEST__FORM_RULE) {
    refuse(call, "rule", "a rule or its text is wanted");
    return false;
  }
  const char *wrong = mesh__fault_from_message(request->rule, out_rule);
  if (wrong != NULL) {
    refuse(call, "rule", wrong);
  }
  return wrong == NULL;
}

static void set_rule(mesh_call *call, const Meshwork__Fault__V1__SetRuleRequest *request,
                     void *self) {
  mesh_faults *faults = self;
  mesh__fault_rule rule;
  mesh__fault *fault;
  if (!read_rule(call, request, &rule)) {
    return;
  }
  int64_t now_ms = mesh__clock_ms();
  mesh_status status = mesh__fault_set_put(faults->set, &rule, MESH__FAULT_FIRST, now_ms, &fault);
  if (!mesh_status_is_ok(&status)) {
    mesh_call_fail_with(call, &status);
    return;
  }
  meshwork_fault_v1_set_rule_reply(call,
                                   mesh__fault_to_message(fault, now_ms, mesh_call_arena(call)));
  mesh__fault_release(fault);
}

/* ---- RemoveRule, ListRules, Clear ---- */

static void remove_rule(mesh_call *call, const Meshwork__Fault__V1__RemoveRuleRequest *request,
                        void *self) {
  if (!mesh_faults_remove(self, request->id)) {
    mesh_call_fail(call, GRPC_STATUS_NOT_FOUND, "there is no rule '%.64s'", request->id);
    return;
  }
  Meshwork__Fault__V1__RemoveRuleResponse response =
      MESHWORK__FAULT__V1__REMOVE_RULE_RESPONSE__INIT;
  meshwork_fault_v1_remove_rule_reply(call, &response);
}

static void list_rules(mesh_call *call, const Meshwork__Fault__V1__ListRulesRequest *request,
                       void *self) {
  (void)request;
  mesh_faults *faults = self;
  mesh__fault *list[MESH__FAULT_RULES_MOST];
  mesh__fault_message *messages[MESH__FAULT_RULES_MOST];
  int64_t now_ms = mesh__clock_ms();
  Meshwork__Fault__V1__ListRulesResponse response = MESHWORK__FAULT__V1__LIST_RULES_RESPONSE__INIT;
  response.n_rules = mesh__fault_set_list(faults->set, now_ms, list);
  response.rules = messages;
  for (size_t i = 0; i < response.n_rules; i++) {
    messages[i] = mesh__fault_to_message(list[i], now_ms, mesh_call_arena(call));
    mesh__fault_release(list[i]);
  }
  meshwork_fault_v1_list_rules_reply(call, &response);
}

static void clear(mesh_call *call, const Meshwork__Fault__V1__ClearRequest *request, void *self) {
  (void)request;
  Meshwork__Fault__V1__ClearResponse response = MESHWORK__FAULT__V1__CLEAR_RESPONSE__INIT;
  response.removed = (int32_t)mesh_faults_clear(self);
  meshwork_fault_v1_clear_reply(call, &response);
}

static const meshwork_fault_v1_fault_service handlers = {
    .set_rule = set_rule, .remove_rule = remove_rule, .list_rules = list_rules, .clear = clear};

mesh_service mesh_faults_service(mesh_faults *faults) {
  return meshwork_fault_v1_fault_service_bind(&handlers, faults);
}
