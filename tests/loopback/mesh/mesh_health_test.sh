#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# mesh_health_test.sh MESH_HEALTH ECHO_SERVER
#
# The exit code of mesh-health is what scripts and container health checks act on. A sentence above
# each case says what would be broken if it failed.
set -euo pipefail

readonly HEALTH=$1 SERVER=$2
WORK=$(mktemp -d)
cleanup() {
  kill -KILL "$server_pid" 2>/dev/null || true
  rm -rf -- "$WORK"
}
trap cleanup EXIT

"$SERVER" "unix:$WORK/socket" >"$WORK/port" &
server_pid=$!
tries=0
until [ -s "$WORK/port" ]; do
  [ $((tries += 1)) -lt 500 ] && kill -0 "$server_pid"
  sleep 0.02
done

# expect EXIT_CODE TEXT ARGUMENTS…
expect() {
  local wanted=$1 text=$2 code=0
  shift 2
  "$HEALTH" "$@" >"$WORK/out" 2>&1 || code=$?
  if [ "$code" != "$wanted" ] || ! grep -qF -- "$text" "$WORK/out"; then
    printf 'FAILED: mesh-health %s exits with %s, not %s, or does not say "%s" but:\n%s\n' \
      "$*" "$code" "$wanted" "$text" "$(cat "$WORK/out")"
    exit 1
  fi
}

# A server that is ready would be taken for one that is not, or the other way round. (The machine may be
# so busy that a call takes longer than anybody should wait.)
expect 0 SERVING --timeout 20 "unix:$WORK/socket"
expect 0 SERVING --timeout 20.5 "unix:$WORK/socket" mesh.test.v1.EchoService
expect 1 NOT_SERVING --timeout 20 "unix:$WORK/socket" mesh.test.NeverReady
expect 1 "unknown service 'no.Service'" --timeout 20 "unix:$WORK/socket" no.Service

# A mistake on the command line would look like a sick server.
expect 3 usage:
expect 3 usage: one two three
expect 3 usage: --loud "unix:$WORK/socket"
expect 3 "not 'soon'" --timeout soon "unix:$WORK/socket"
expect 3 "not '0'" --timeout 0 "unix:$WORK/socket"
expect 3 scheme gopher://localhost:1

# A server that hangs would make its health check hang.
kill -STOP "$server_pid"
expect 2 DEADLINE_EXCEEDED --timeout 0.3 "unix:$WORK/socket"

# A server that is gone would be waited for.
kill -KILL "$server_pid"
wait "$server_pid" || true
expect 2 UNAVAILABLE "unix:$WORK/socket"
