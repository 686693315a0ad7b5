# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# up, down and reset.

# Services this run has started and not yet handed over: what goes when something fails.
STARTED=()

# What stops at any moment leaves nothing half-started behind.
abandon() {
  local i
  [ ${#STARTED[@]} -gt 0 ] || return 0
  complain "stopping what was started."
  for ((i = ${#STARTED[@]} - 1; i >= 0; i--)); do
    stop_service "${STARTED[i]}"
  done
}

# Over, one way or the other: SERVING, or the process has ended.
has_settled() {
  is_serving "$1" || service_is_gone "$1"
}

fail_with_last_words() {
  local service=$1
  shift
  complain "$service $*" "Its health: $(tail -n 1 "$RUN_DIR/health")" "Its last words ($LOG_DIR/$service.log):"
  tail -n 15 "$LOG_DIR/$service.log" | sed 's/^/    /' >&2
  exit 1
}

# One that runs may need a moment, too: the gateway is well again when what it calls is.
bring_up() {
  local service=$1
  if service_runs "$service"; then
    wait_until "$PATIENCE" has_settled "$service" || fail_with_last_words "$service" "runs but did not say SERVING within $PATIENCE seconds."
    note "$service was running, with the variables of its start"
    return
  fi
  [ -x "$BUILD_DIR/bin/$service" ] || fail "the build made no $service." "Look into $LOG_DIR/build-$(basename "$BUILD_DIR").log"
  STARTED+=("$service")
  start_service "$service"
  wait_until "$PATIENCE" has_settled "$service" || fail_with_last_words "$service" "did not say SERVING within $PATIENCE seconds."
  service_runs "$service" || fail_with_last_words "$service" "ended instead of serving."
  note "$service ${GREEN}SERVING${PLAIN} on port $(health_port "$service")"
}

# A new build replaces programs that run: restart those whose file is not what is running.
stop_outdated() {
  local service pid i
  for ((i = ${#SERVICES[@]} - 1; i >= 0; i--)); do
    service=${SERVICES[i]}
    pid=$(service_pid "$service")
    [ -n "$pid" ] || continue
    [ "$BUILD_DIR/bin/$service" -ef "/proc/$pid/exe" ] || {
      note "$service runs an older build: restarting it"
      stop_service "$service"
    }
  done
}

start_all() {
  local service
  check_ports
  step "Starting"
  trap abandon EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  for service in "${SERVICES[@]}"; do
    bring_up "$service"
  done
  STARTED=()
}

without_containers_up() {
  no_arguments up "$@"
  take_lock
  check_ports # before the long part, and again after it
  set_up "${PACKAGES[@]}"
  build_release
  export_environment
  stop_outdated
  start_all
  first_order
  what_to_try
}

stop_all() {
  local i service stopped=0
  for ((i = ${#SERVICES[@]} - 1; i >= 0; i--)); do
    service=${SERVICES[i]}
    service_runs "$service" || continue
    stop_service "$service"
    note "$service stopped"
    stopped=$((stopped + 1))
  done
  [ $stopped -gt 0 ] || note "nothing was running"
}

without_containers_down() {
  no_arguments down "$@"
  take_lock
  step "Stopping"
  stop_all
}

without_containers_reset() {
  no_arguments reset "$@"
  take_lock
  step "Stopping"
  stop_all
  rm -rf -- "$DATA_ROOT" "$LOG_DIR" "$RUN_DIR"
  step "Orders, stock, traces and logs are gone; ./demo up starts afresh"
}

# with_or_without COMMAND ARGUMENTS…: --grafana, when it is the first argument, means the containers.
with_or_without() {
  local command=$1
  shift
  if [ "${1:-}" = --grafana ]; then
    shift
    "grafana_$command" "$@"
  else
    "without_containers_$command" "$@"
  fi
}

command_up() {
  with_or_without up "$@"
}

command_down() {
  with_or_without down "$@"
}

command_reset() {
  with_or_without reset "$@"
}
