#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# program_test.sh API_GATEWAY LIBRARY_DESCRIPTORS: what the program says when it is not told what it
# needs. Nothing here listens for longer than it takes to be stopped.
set -euo pipefail

readonly GATEWAY=$1 LIBRARY=$2
export OTEL_TRACES_EXPORTER=none LISTEN_ADDRESS=127.0.0.1:0

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

fail() {
  printf '%s; the output was:\n' "$1" >&2
  cat "$WORK/out" >&2
  exit 1
}

# refused TEXT COMMAND…: it ends with 1 and says TEXT.
refused() {
  local text=$1 code=0
  shift
  timeout 20 "$@" >"$WORK/out" 2>&1 || code=$?
  [ "$code" = 1 ] || fail "'$*' ended with $code"
  grep -qF -- "$text" "$WORK/out" || fail "'$*' did not say: $text"
}

# A mistake would be passed over, and show when it is too late.
refused "GATEWAY_PORT is '80x'" env GATEWAY_PORT=80x "$GATEWAY"
refused "GATEWAY_TIMEOUT_MS is '-1'" env GATEWAY_TIMEOUT_MS=-1 "$GATEWAY"
refused "LISTEN_ADDRESS (or --listen) is 'here'" "$GATEWAY" --listen here
refused "there is no option '--descriptor'" "$GATEWAY" --descriptor x
refused "/nowhere.binpb: No such file or directory" "$GATEWAY" --descriptors /nowhere.binpb
refused "is not a serialized google.protobuf.FileDescriptorSet" "$GATEWAY" --descriptors "$0"
refused "the descriptor sets have no method with a google.api.http option" \
  "$GATEWAY" --descriptors /dev/null
refused "nobody serves test.library.v1.Library: set LIBRARY_URL" "$GATEWAY" --descriptors "$LIBRARY"
refused "the target of test.library.v1.Library" \
  "$GATEWAY" --descriptors "$LIBRARY" --backend 'test=not a target'

# --help would not help, or only where nothing else is wrong.
GATEWAY_PORT=80x "$GATEWAY" --nothing --help >"$WORK/out" || fail "--help failed"
grep -q -- '--backend SERVICE=TARGET' "$WORK/out" || fail "--help does not name --backend"

# SIGTERM would not end it, or not with 0.
"$GATEWAY" --descriptors "$LIBRARY" --backend '*=127.0.0.1:1' >"$WORK/out" 2>&1 &
readonly PID=$!
for _ in $(seq 200); do
  grep -q 'msg=listening' "$WORK/out" && break
  sleep 0.05
done
grep -q 'msg=listening' "$WORK/out" || fail "it does not listen"

# Two gateways would share a port, or the second would not say what is in its way.
PORT_TAKEN=$(sed -n 's/.*msg=listening port=//p' "$WORK/out")
mv "$WORK/out" "$WORK/first"
refused "can't listen on 127.0.0.1:$PORT_TAKEN: Address already in use" \
  "$GATEWAY" --listen "127.0.0.1:$PORT_TAKEN"
kill -TERM "$PID"
wait "$PID" || fail "it ended with $?"
