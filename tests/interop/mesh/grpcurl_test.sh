#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# grpcurl_test.sh GRPCURL_FOLDER ECHO_SERVER
#
# The real grpcurl finds out by reflection what a mesh server has, calls methods of every kind with
# what it found, and asks for health. A sentence above each case says what would be broken if it
# failed. Exits 77 (skipped) without grpcurl.
set -euo pipefail

readonly FOLDER=$1 SERVER=$2
GRPCURL=$(find "$FOLDER" -maxdepth 1 -name 'grpcurl-*' -type f 2>/dev/null | head -n 1)
readonly GRPCURL
[ -n "$GRPCURL" ] || {
  echo "SKIPPED: there is no grpcurl; interop/mesh/build-grpcurl says why"
  exit 77
}

WORK=$(mktemp -d)
server_pid=
cleanup() {
  [ -z "$server_pid" ] || kill -KILL "$server_pid" 2>/dev/null || true
  rm -rf -- "$WORK"
}
trap cleanup EXIT

fail() {
  printf 'FAILED: %s\n%s\n' "$1" "$(cat "$WORK/out")"
  exit 1
}

start_server() {
  "$SERVER" 127.0.0.1:0 >"$WORK/port" &
  server_pid=$!
  local tries=0
  until [ -s "$WORK/port" ]; do
    if [ $((tries += 1)) -ge 500 ] || ! kill -0 "$server_pid"; then
      fail "the server did not start"
    fi
    sleep 0.02
  done
  ADDRESS=127.0.0.1:$(cat "$WORK/port")
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

# grpcurl exits with 64 and the status code.
readonly NOT_FOUND=69 INVALID_ARGUMENT=67 UNIMPLEMENTED=76 DEADLINE_EXCEEDED=68
readonly ECHO=mesh.test.v1.EchoService LIBRARY=mesh.test.reflection

# A user could not see what a server offers.
list_shows_every_service() {
  call 0 "$ADDRESS" list
  says grpc.health.v1.Health grpc.reflection.v1.ServerReflection \
    grpc.reflection.v1alpha.ServerReflection "$ECHO" "$LIBRARY.LibraryService"
  call 0 "$ADDRESS" list "$ECHO"
  says "$ECHO.Echo" "$ECHO.Repeat" "$ECHO.Collect" "$ECHO.Chat"
}

# A user could not see how to call it.
describe_shows_every_kind_of_symbol() {
  call 0 "$ADDRESS" describe
  says "rpc Chat ( stream .mesh.test.v1.EchoRequest ) returns ( stream .mesh.test.v1.EchoReply );"
  call 0 "$ADDRESS" describe "$ECHO.Repeat"
  says "rpc Repeat ( .mesh.test.v1.EchoRequest ) returns ( stream .mesh.test.v1.EchoReply );"
  call 0 "$ADDRESS" describe mesh.test.v1.EchoRequest
  says "string text = 1;" "bytes payload = 3;"
  call 0 "$ADDRESS" describe "$LIBRARY.Book"
  says "map<string, .$LIBRARY.Book.Chapter> chapters = 2;" "oneof owner" "CLOTH = 1;" "extend .$LIBRARY.Base"
  call 0 "$ADDRESS" describe "$LIBRARY.Book.Chapter.Page"
  says "optional int32 number = 1;"
  call 0 "$ADDRESS" describe "$LIBRARY.Shelf"
  says "SHELF_TOP = 1;"
  call 0 "$ADDRESS" describe "$LIBRARY.weight"
  says "optional int32 weight = 110;"
  call 0 "$ADDRESS" describe google.protobuf.Empty
  call 1 "$ADDRESS" describe "$LIBRARY.Nothing"
  says "Symbol not found"
}

# A message with nested types, maps and extensions could not be typed in.
templates_are_complete() {
  call 0 -msg-template "$ADDRESS" describe "$LIBRARY.Book"
  says '"chapters"' '"pages"'
}

# One of the four kinds of calls would not work with another's client.
calls_of_every_kind() {
  call 0 -d '{"text": "hello", "number": 3}' "$ADDRESS" "$ECHO/Echo"
  says '"text": "hello"' '"number": 3'
  call 0 -d '{"text": "again", "number": 3}' "$ADDRESS" "$ECHO/Repeat"
  [ "$(grep -c '"text": "again"' "$WORK/out")" = 3 ] || fail "three replies were wanted of"
  call 0 -d '{"number": 1} {"number": 2} {"number": 39}' "$ADDRESS" "$ECHO/Collect"
  says '"number": 42'
  call 0 -d '{"text": "one"} {"text": "two"}' "$ADDRESS" "$ECHO/Chat"
  says '"text": "one"' '"text": "two"'
}

# A failure's code, message or details would not arrive.
failures_arrive_whole() {
  call "$INVALID_ARGUMENT" -d '{"text": "fail"}' "$ADDRESS" "$ECHO/Echo"
  says "Code: InvalidArgument" "cannot echo 'fail'"
  call "$INVALID_ARGUMENT" -format-error -d '{"text": "fail"}' "$ADDRESS" "$ECHO/Echo"
  says '"@type": "type.googleapis.com/google.rpc.BadRequest"' '"field": "text"' \
    "\"description\": \"must not be 'fail'\""
  call "$UNIMPLEMENTED" "$ADDRESS" "$LIBRARY.LibraryService/Borrow"
  says "$LIBRARY.LibraryService/Borrow is not implemented"
}

# Probes and load balancers of others could not ask.
health_is_understood() {
  call 0 "$ADDRESS" grpc.health.v1.Health/Check
  says '"status": "SERVING"'
  call 0 -d "{\"service\": \"$ECHO\"}" "$ADDRESS" grpc.health.v1.Health/Check
  says '"status": "SERVING"'
  call 0 -d '{"service": "mesh.test.NeverReady"}' "$ADDRESS" grpc.health.v1.Health/Check
  says '"status": "NOT_SERVING"'
  call "$NOT_FOUND" -d '{"service": "no.Service"}' "$ADDRESS" grpc.health.v1.Health/Check
  call "$DEADLINE_EXCEEDED" -max-time 1 -d '{"service": "no.Service"}' "$ADDRESS" grpc.health.v1.Health/Watch
  says '"status": "SERVICE_UNKNOWN"'
}

# The server would not stop when it is told to.
the_server_drains() {
  kill -TERM "$server_pid"
  wait "$server_pid" || fail "the server exits with $?"
  server_pid=
}

start_server
for case in list_shows_every_service describe_shows_every_kind_of_symbol templates_are_complete \
  calls_of_every_kind failures_arrive_whole health_is_understood the_server_drains; do
  "$case"
  printf 'ok %s\n' "$case"
done
