# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Fault rules of the services that run; docs/chaos.md says what rules there are.

# What mesh-fault exits with when a process takes no rules.
readonly TAKES_NO_FAULTS=4

# Those that serve gRPC, and are not there to look on.
chaos_services() {
  local service
  for service in "${SERVICES[@]}"; do
    [ "$service" = lens ] || [ "$service" = api-gateway ] || printf '%s\n' "$service"
  done
}

need_chaos_service() {
  is_service "$1" || usage_error "there is no service '$1': they are $(chaos_services | tr '\n' ' ')"
  [ "$1" != api-gateway ] || fail "api-gateway serves no gRPC, so rules cannot be set while it runs." \
    "Rules for the calls it makes are set at its start:" \
    "./demo down; CHAOS_MONKEY_ENABLED=true MESH_FAULTS='shop.order.v1.OrderService/* client delay=1s' ./demo up"
  service_runs "$1" || fail "$1 is not running." "CHAOS_MONKEY_ENABLED=true ./demo up starts it."
}

how_to_enable() {
  fail "$1 no fault rules: chaos was not asked for at the start." \
    "./demo down; CHAOS_MONKEY_ENABLED=true ./demo up"
}

# ask_faults SERVICE ARGUMENTS…: mesh-fault for it; its exit code.
ask_faults() {
  local service=$1
  shift
  "$BUILD_DIR/bin/mesh-fault" "127.0.0.1:$(health_port "$service")" "$@"
}

# chaos_of SERVICE ARGUMENTS…: one service, which has to do it.
chaos_of() {
  local service=$1 code=0 output
  need_chaos_service "$service"
  output=$(ask_faults "$@" 2>&1) || code=$?
  [ $code -ne $TAKES_NO_FAULTS ] || how_to_enable "$service takes"
  [ $code -eq 0 ] || fail "$service: ${output#mesh-fault: }" "docs/chaos.md says what rules there are."
  [ -z "$output" ] || printf '%s\n' "$output"
}

# chaos_of_all ARGUMENTS…: every service that runs and takes rules; there has to be one.
chaos_of_all() {
  local service output taken=0 running=0
  for service in $(chaos_services); do
    service_runs "$service" || continue
    running=1
    output=$(ask_faults "$service" "$@" 2>/dev/null) || continue
    taken=1
    printf '%s%s%s\n' "$BOLD" "$service" "$PLAIN"
    [ -z "$output" ] || printf '%s\n' "$output" | sed 's/^/    /'
  done
  [ $running -ne 0 ] || fail "nothing is running." "CHAOS_MONKEY_ENABLED=true ./demo up starts everything."
  [ $taken -ne 0 ] || how_to_enable "the services take"
}

command_chaos() {
  case "${1:-}/$#" in
  list/1 | clear/1) chaos_of_all "$1" ;;
  list/2 | clear/2) chaos_of "$2" "$1" ;;
  set/3 | remove/3) chaos_of "$2" "$1" "$3" ;;
  set/*) usage_error "'chaos set' takes a service and one rule, in quotes" ;;
  remove/*) usage_error "'chaos remove' takes a service and the id of a rule" ;;
  list/* | clear/*) usage_error "'chaos $1' takes at most one service" ;;
  *) usage_error "'chaos' is followed by list, set, remove or clear" ;;
  esac
}
