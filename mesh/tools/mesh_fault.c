/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mesh-fault [--timeout SECONDS] TARGET list
 * mesh-fault [--timeout SECONDS] TARGET set RULE
 * mesh-fault [--timeout SECONDS] TARGET remove ID
 * mesh-fault [--timeout SECONDS] TARGET clear
 *
 * Shows and changes the fault rules of a process (meshwork.fault.v1). RULE is in the form of
 * MESH_FAULTS (mesh/fault.h); TARGET is what mesh clients take: host:port, http://…, unix:path.
 *
 * Exits 0 when it is done; 1 when the process refused, and says why; 2 when there was no answer
 * within the time (2 s); 3 for wrong usage; 4 when the process takes no faults.
 */
#include <getopt.h>
#include <inttypes.h>
#include <mesh/client.h>
#include <mesh/context.h>
#include <mesh/loop.h>
#include <meshwork/fault/v1/fault.mesh.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_DONE, EXIT_REFUSED, EXIT_UNREACHABLE, EXIT_USAGE, EXIT_NO_FAULTS };
enum { DEFAULT_TIMEOUT_MS = 2000, MOST_TIMEOUT_SECONDS = 3600 };

typedef struct fault_command fault_command;

typedef struct fault_arguments {
  const char *target;
  const fault_command *command;
  char *value; /* of set and remove */
  int64_t timeout_ms;
} fault_arguments;

/* The question under way. */
typedef struct question {
  mesh_loop *loop;
  mesh_client *client;
  mesh_context *context;
  char *value;
  int exit_code;
} question;

/* ---- answers ---- */

static int exit_code_of(grpc_status_code code) {
  switch (code) {
  case GRPC_STATUS_OK:
    return EXIT_DONE;
  case GRPC_STATUS_UNAVAILABLE:
  case GRPC_STATUS_DEADLINE_EXCEEDED:
    return EXIT_UNREACHABLE;
  case GRPC_STATUS_UNIMPLEMENTED:
    return EXIT_NO_FAULTS;
  default:
    return EXIT_REFUSED;
  }
}

static void end(question *self, const mesh_status *status) {
  self->exit_code = exit_code_of(status->code);
  if (self->exit_code == EXIT_NO_FAULTS) {
    fputs("mesh-fault: it takes no fault rules; it was not started with "
          "CHAOS_MONKEY_ENABLED=true\n",
          stderr);
  } else if (self->exit_code != EXIT_DONE) {
    fprintf(stderr, "mesh-fault: %s: %s\n", mesh_status_code_name(status->code), status->message);
  }
  mesh_loop_stop(self->loop);
}

static void print_rule(const Meshwork__Fault__V1__Rule *rule) {
  printf("%s  # struck %" PRId64, rule->text, rule->hits);
  if (rule->count != 0) {
    printf(", %" PRId64 " to go", rule->count_left);
  }
  if (rule->ttl_ms != 0) {
    printf(", for %.1f s more", (double)rule->ttl_left_ms / 1e3);
  }
  putchar('\n');
}

static void on_rule(const mesh_status *status, const Meshwork__Fault__V1__Rule *rule, void *data) {
  if (rule != NULL) {
    puts(rule->text);
  }
  end(data, status);
}

static void on_removed(const mesh_status *status,
                       const Meshwork__Fault__V1__RemoveRuleResponse *response, void *data) {
  if (response != NULL) {
    puts("1 removed");
  }
  end(data, status);
}

static void on_rules(const mesh_status *status,
                     const Meshwork__Fault__V1__ListRulesResponse *response, void *data) {
  for (size_t i = 0; response != NULL && i < response->n_rules; i++) {
    print_rule(response->rules[i]);
  }
  end(data, status);
}

static void on_cleared(const mesh_status *status,
                       const Meshwork__Fault__V1__ClearResponse *response, void *data) {
  if (response != NULL) {
    printf("%" PRId32 " removed\n", response->removed);
  }
  end(data, status);
}

/* ---- questions ---- */

static void ask_list(question *self) {
  Meshwork__Fault__V1__ListRulesRequest request = MESHWORK__FAULT__V1__LIST_RULES_REQUEST__INIT;
  meshwork_fault_v1_list_rules(self->client, self->context, &request, on_rules, self);
}

static void ask_set(question *self) {
  Meshwork__Fault__V1__SetRuleRequest request = MESHWORK__FAULT__V1__SET_RULE_REQUEST__INIT;
  request.form_case = MESHWORK__FAULT__V1__SET_RULE_REQUEST__FORM_TEXT;
  request.text = self->value;
  meshwork_fault_v1_set_rule(self->client, self->context, &request, on_rule, self);
}

static void ask_remove(question *self) {
  Meshwork__Fault__V1__RemoveRuleRequest request = MESHWORK__FAULT__V1__REMOVE_RULE_REQUEST__INIT;
  request.id = self->value;
  meshwork_fault_v1_remove_rule(self->client, self->context, &request, on_removed, self);
}

static void ask_clear(question *self) {
  Meshwork__Fault__V1__ClearRequest request = MESHWORK__FAULT__V1__CLEAR_REQUEST__INIT;
  meshwork_fault_v1_clear(self->client, self->context, &request, on_cleared, self);
}

struct fault_command {
  const char *name;
  int values;
  void (*ask)(question *self);
};

static const fault_command commands[] = {
    {"list", 0, ask_list}, {"set", 1, ask_set}, {"remove", 1, ask_remove}, {"clear", 0, ask_clear}};

static int run(const fault_arguments *arguments) {
  mesh_client_options options = MESH_CLIENT_OPTIONS_INIT;
  options.target = arguments->target;
  mesh_client *client = NULL;
  mesh_status status = mesh_client_new(&options, &client);
  if (!mesh_status_is_ok(&status)) {
    fprintf(stderr, "mesh-fault: %s\n", status.message);
    return EXIT_USAGE;
  }
  mesh_loop *loop = mesh_loop_new();
  question self = {loop, client, mesh_context_new(loop, NULL, arguments->timeout_ms),
                   arguments->value, EXIT_UNREACHABLE};
  arguments->command->ask(&self);
  mesh_context_release(self.context);
  mesh_loop_run(loop);
  mesh_client_destroy(client);
  mesh_loop_destroy(loop);
  return self.exit_code;
}

/* ---- the command line ---- */

static bool parse_seconds(const char *text, int64_t *out_ms) {
  char *rest = NULL;
  double seconds = strtod(text, &rest);
  bool is_good = rest != text && *rest == '\0' && seconds > 0 && seconds <= MOST_TIMEOUT_SECONDS;
  *out_ms = is_good ? (int64_t)(seconds * 1000 + 0.5) : 0;
  return is_good && *out_ms > 0;
}

static const fault_command *find_command(const char *name, int values) {
  for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
    if (strcmp(commands[i].name, name) == 0 && commands[i].values == values) {
      return &commands[i];
    }
  }
  return NULL;
}

static bool parse(int argc, char **argv, fault_arguments *out_arguments) {
  static const struct option options[] = {{"timeout", required_argument, NULL, 't'},
                                          {NULL, 0, NULL, 0}};
  *out_arguments = (fault_arguments){.timeout_ms = DEFAULT_TIMEOUT_MS};
  for (int option = getopt_long(argc, argv, "t:", options, NULL); option != -1;
       option = getopt_long(argc, argv, "t:", options, NULL)) {
    if (option != 't') {
      return false;
    }
    if (!parse_seconds(optarg, &out_arguments->timeout_ms)) {
      fprintf(stderr, "mesh-fault: --timeout takes seconds, such as 2 or 0.5, not '%s'\n", optarg);
      return false;
    }
  }
  int left = argc - optind;
  if (left < 2 || left > 3) {
    return false;
  }
  out_arguments->target = argv[optind];
  out_arguments->command = find_command(argv[optind + 1], left - 2);
  out_arguments->value = left == 3 ? argv[optind + 2] : NULL;
  return out_arguments->command != NULL;
}

int main(int argc, char **argv) {
  fault_arguments parsed;
  if (!parse(argc, argv, &parsed)) {
    fputs("usage: mesh-fault [--timeout SECONDS] TARGET list | set RULE | remove ID | clear\n",
          stderr);
    return EXIT_USAGE;
  }
  return run(&parsed);
}
