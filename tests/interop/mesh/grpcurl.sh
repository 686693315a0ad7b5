# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the tests with grpcurl share. Sourced; needs GRPCURL_FOLDER, and exits 77 (skipped) when there
# is no grpcurl in it.

GRPCURL=$(find "$GRPCURL_FOLDER" -maxdepth 1 -name 'grpcurl-*' -type f 2>/dev/null | head -n 1 || true)
readonly GRPCURL
[ -n "$GRPCURL" ] || {
  echo "SKIPPED: there is no grpcurl; interop/mesh/build-grpcurl says why"
  exit 77
}

WORK=$(mktemp -d)
readonly WORK
declare -A server_pids=()

cleanup() {
  local name
  for name in "${!server_pids[@]}"; do
    kill -KILL "${server_pids[$name]}" 2>/dev/null || true
  done
  rm -rf -- "$WORK"
}
trap cleanup EXIT

# grpcurl exits with 64 and the status code.
export CODE_INVALID_ARGUMENT=67 CODE_DEADLINE_EXCEEDED=68 CODE_NOT_FOUND=69 CODE_UNIMPLEMENTED=76

fail() {
  printf 'FAILED: %s\n%s\n' "$1" "$(cat "$WORK/out" 2>/dev/null)"
  exit 1
}

# start NAME COMMAND…: in the background; what it says is in $WORK/NAME.log.
start() {
  local name=$1
  shift
  "$@" >"$WORK/$name.log" 2>&1 &
  server_pids[$name]=$!
}

# port_of NAME SED_EXPRESSION: prints the port that the server says it listens on.
port_of() {
  local port='' tries=0
  while [ -z "$port" ]; do
    if [ $((tries += 1)) -ge 500 ] || ! kill -0 "${server_pids[$1]}"; then
      cat "$WORK/$1.log" >&2
      fail "$1 did not start"
    fi
    sleep 0.02
    port=$(sed -n "$2" "$WORK/$1.log")
  done
  printf '%s\n' "$port"
}

# stop NAME: SIGTERM, and the exit code has to be 0.
stop() {
  kill -TERM "${server_pids[$1]}"
  wait "${server_pids[$1]}" || fail "$1 exits with $?"
  unset "server_pids[$1]"
}

# call EXIT_CODE ARGUMENTS…: runs grpcurl and keeps what it says.
call() {
  local wanted=$1 code=0
  shift
  "$GRPCURL" -plaintext -max-time 20 "$@" >"$WORK/out" 2>&1 || code=$?
  [ "$code" = "$wanted" ] || fail "grpcurl $* exits with $code, not $wanted"
}

# says TEXT…: each was in what the last call said.
says() {
  local text
  for text in "$@"; do
    grep -qF -- "$text" "$WORK/out" || fail "'$text' is missing in"
  done
}

# run_cases NAME…: functions, each with a sentence above it that says what would be broken.
run_cases() {
  local case
  for case in "$@"; do
    "$case"
    printf 'ok %s\n' "$case"
  done
}
