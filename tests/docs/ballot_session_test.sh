#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# ballot_session_test.sh BALLOT BALLOT_CLIENT GATEWAY SOURCE_DIR
#
# The session at the end of docs/writing-a-service.md. If this failed, a reader who types it would
# see something else.
set -euo pipefail

readonly BALLOT=$1 CLIENT=$2 GATEWAY=$3 SOURCE_DIR=$4
WORK=$(mktemp -d)
readonly WORK TARGET=unix:$WORK/ballot
service_pid=
gateway_pid=
cleanup() {
  local pid
  for pid in $service_pid $gateway_pid; do
    kill -KILL "$pid" 2>/dev/null || true
  done
  rm -rf -- "$WORK"
}
trap cleanup EXIT

fail() {
  printf 'FAILED: %s\n' "$1"
  cat "$WORK/log"
  exit 1
}

# wait_until COMMAND…: tries it for 10 s.
wait_until() {
  local tries=0
  until "$@" >/dev/null 2>&1; do
    [ $((tries += 1)) -lt 200 ] || fail "gave up on: $*"
    sleep 0.05
  done
}

OTEL_SDK_DISABLED=true LISTEN_ADDRESS=$TARGET "$BALLOT" >"$WORK/log" 2>&1 &
service_pid=$!
wait_until "$CLIENT" "$TARGET" watch

"$CLIENT" "$TARGET" watch 3 >"$WORK/watched" &
watcher_pid=$!
wait_until grep -q 'ada 0' "$WORK/watched"
[ "$("$CLIENT" "$TARGET" vote ada)" = "ada has 1 votes" ] || fail "a vote"
wait_until grep -q 'ada 1' "$WORK/watched"
[ "$("$CLIENT" "$TARGET" vote ada 2)" = "ada has 3 votes" ] || fail "a second vote"
wait "$watcher_pid" || fail "watching"
diff - "$WORK/watched" <<'END' || fail "what was watched"
ada 0, dennis 0, grace 0
ada 1, dennis 0, grace 0
ada 3, dennis 0, grace 0
END

! "$CLIENT" "$TARGET" vote ada 7 2>"$WORK/error" || fail "a vote with a weight of 7 was taken"
grep -qx 'INVALID_ARGUMENT: no vote has a weight of 7' "$WORK/error" || fail "the refusal"

# Over HTTP, as the rules in the .proto say.
protoc -I"$SOURCE_DIR/docs/samples/ballot" -I"$SOURCE_DIR/protos" --include_imports --include_source_info \
  --descriptor_set_out="$WORK/ballot.binpb" sample/ballot/v1/ballot.proto
OTEL_SDK_DISABLED=true "$GATEWAY" --listen localhost:0 --descriptors "$WORK/ballot.binpb" \
  --backend "sample.ballot.v1=$TARGET" >"$WORK/gateway.log" 2>&1 &
gateway_pid=$!
wait_until grep -q 'msg=listening' "$WORK/gateway.log"
url=http://localhost:$(sed -n 's/.*msg=listening.* port=\([0-9]*\)$/\1/p' "$WORK/gateway.log")
[ "$(curl -sS --json '{"weight": 1}' "$url/candidates/grace/votes")" = '{"name":"grace","votes":1}' ] || fail "a vote by curl"
curl -sSN -H 'Accept: text/event-stream' "$url/standing" >"$WORK/events" &
curl_pid=$!
wait_until grep -qx 'data: {"candidates":\[{"name":"ada","votes":3},{"name":"dennis","votes":0},{"name":"grace","votes":1}\]}' "$WORK/events"
kill "$curl_pid"
kill -TERM "$gateway_pid"
wait "$gateway_pid" || fail "the gateway exits with $?"
gateway_pid=

kill -TERM "$service_pid"
wait "$service_pid" || fail "the service exits with $?"
service_pid=
