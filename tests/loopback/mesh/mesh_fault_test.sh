#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# mesh_fault_test.sh MESH_FAULT APP_PROGRAM
#
# mesh-fault is what scripts set faults with: what it prints, and its exit code. A sentence above each
# case says what would be broken if it failed.
set -euo pipefail

readonly FAULT=$1 PROGRAM=$2
WORK=$(mktemp -d)
cleanup() {
  kill -KILL "${pids[@]}" 2>/dev/null || true
  rm -rf -- "$WORK"
}
pids=()
trap cleanup EXIT

# start NAME VARIABLES…
start() {
  local name=$1 tries=0
  shift
  env OTEL_SDK_DISABLED=true LISTEN_ADDRESS="unix:$WORK/$name" "$@" "$PROGRAM" 2>"$WORK/log" &
  pids+=($!)
  until grep -q listening "$WORK/log"; do
    [ $((tries += 1)) -lt 500 ] && kill -0 "${pids[-1]}"
    sleep 0.02
  done
}

# expect EXIT_CODE TEXT ARGUMENTS…
expect() {
  local wanted=$1 text=$2 code=0
  shift 2
  "$FAULT" "$@" >"$WORK/out" 2>&1 || code=$?
  if [ "$code" != "$wanted" ] || ! grep -qF -- "$text" "$WORK/out"; then
    printf 'FAILED: mesh-fault %s exits with %s, not %s, or does not say "%s" but:\n%s\n' \
      "$*" "$code" "$wanted" "$text" "$(cat "$WORK/out")"
    exit 1
  fi
}

start chaos CHAOS_MONKEY_ENABLED=true
start calm

# Rules could not be seen, set or got rid of from a shell.
expect 0 "a.B/C client delay=1ms id=rule-1  # struck 0" "unix:$WORK/chaos" list
expect 0 "* server abort=ABORTED count=3 ttl=1h id=no" "unix:$WORK/chaos" set '* abort=ABORTED count=3 ttl=60m id=no'
expect 0 "# struck 0, 3 to go, for 3" "unix:$WORK/chaos" list
expect 0 "1 removed" "unix:$WORK/chaos" remove no
expect 1 "NOT_FOUND: there is no rule 'no'" "unix:$WORK/chaos" remove no
expect 0 "1 removed" "unix:$WORK/chaos" clear
[ -z "$("$FAULT" "unix:$WORK/chaos" list)" ]

# A rule that is wrong would seem to be in force.
expect 1 "text: rule 1, character 9: a delay is" "unix:$WORK/chaos" set '* delay=soon'

# Nobody would know why a process takes none.
expect 4 "it was not started with CHAOS_MONKEY_ENABLED=true" "unix:$WORK/calm" list

# A mistake on the command line would look like a refusal.
expect 3 usage:
expect 3 usage: "unix:$WORK/chaos"
expect 3 usage: "unix:$WORK/chaos" set
expect 3 usage: "unix:$WORK/chaos" list x
expect 3 usage: "unix:$WORK/chaos" forget
expect 3 "not 'soon'" --timeout soon "unix:$WORK/chaos" list
expect 3 scheme gopher://localhost:1 list

# A process that is gone would be waited for.
expect 2 UNAVAILABLE --timeout 5 "unix:$WORK/nobody" list
