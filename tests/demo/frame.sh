# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The frame of the demo script's tests, sourced by them: state, build folder and ports of their own.
# Wants SOURCE_DIR.

WORK=$(mktemp -d)
readonly WORK OUTPUT=$WORK/output
export DEMO_STATE_DIR=$WORK/state DEMO_BUILD_DIR=$WORK/build
unset OTEL_EXPORTER_OTLP_ENDPOINT ORDER_SERVICE_URL INVENTORY_SERVICE_URL WAREHOUSE_SERVICE_URL
unset PAYMENT_SERVICE_URL FRAUD_SERVICE_URL FRAUD_PERCENTAGE FRAUD_ALLOW_FORCED_OUTCOME CHAOS_MONKEY_ENABLED MESH_FAULTS
BYSTANDERS=()

clean_up() {
  local pid
  "$SOURCE_DIR/demo" down >/dev/null 2>&1 || true
  for pid in "${BYSTANDERS[@]}"; do
    kill "$pid" 2>/dev/null || true
  done
  rm -rf -- "$WORK"
}
trap clean_up EXIT

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    grep -qi "$(printf ':%04X ' $port)" /proc/net/tcp /proc/net/tcp6 || break
  done
  printf '%s\n' "$port"
}

# A build folder in which there is nothing to do.
make_idle_build() {
  mkdir -p "$DEMO_BUILD_DIR"
  printf '%s\n' CMAKE_BUILD_TYPE:STRING=Release "CMAKE_HOME_DIRECTORY:INTERNAL=$SOURCE_DIR" >"$DEMO_BUILD_DIR/CMakeCache.txt"
  printf 'build all: phony\ndefault all\n' >"$DEMO_BUILD_DIR/build.ninja"
}

choose_ports() {
  local variable
  for variable in {GATEWAY,ORDER,INVENTORY,WAREHOUSE,PAYMENT,FRAUD,LENS,LENS_QUERY}_PORT; do
    export "$variable=$(free_port)"
  done
}

# demo EXPECTED_EXIT_CODE ARGUMENTS…: runs it, keeps what it says.
demo() {
  local expected=$1 code=0
  shift
  "$SOURCE_DIR/demo" "$@" >"$OUTPUT" 2>&1 || code=$?
  [ $code -eq "$expected" ] || broken "'demo $*' gave $code, not $expected"
}

says() {
  grep -qF -- "$1" "$OUTPUT" || broken "it does not say '$1'"
}

broken() {
  printf 'FAILED %s: %s; it said:\n' "$TEST" "$1"
  cat "$OUTPUT"
  exit 1
}

# wait_for WHAT COMMAND…: until the command is true; what is broken when it is not within ten seconds.
wait_for() {
  local what=$1 deadline=$((SECONDS + 10))
  shift
  until "$@"; do
    [ $SECONDS -lt $deadline ] || broken "$what"
    sleep 0.02
  done
}

# run_tests FILE: every function test_... of it, in the order they stand there.
run_tests() {
  while read -r TEST; do
    "$TEST" </dev/null
    printf 'ok %s\n' "$TEST"
  done < <(grep -o '^test_[a-z_]*' "$1")
}
