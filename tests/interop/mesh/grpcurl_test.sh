#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# grpcurl_test.sh GRPCURL_FOLDER ECHO_SERVER
#
# The real grpcurl finds out by reflection what a mesh server has, calls methods of every kind with
# what it found, and asks for health. A sentence above each case says what would be broken if it
# failed. Exits 77 (skipped) without grpcurl.
set -euo pipefail

readonly GRPCURL_FOLDER=$1 SERVER=$2
# shellcheck source=tests/interop/mesh/grpcurl.sh
. "${BASH_SOURCE[0]%/*}/grpcurl.sh"

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
  call "$CODE_INVALID_ARGUMENT" -d '{"text": "fail"}' "$ADDRESS" "$ECHO/Echo"
  says "Code: InvalidArgument" "cannot echo 'fail'"
  call "$CODE_INVALID_ARGUMENT" -format-error -d '{"text": "fail"}' "$ADDRESS" "$ECHO/Echo"
  says '"@type": "type.googleapis.com/google.rpc.BadRequest"' '"field": "text"' \
    "\"description\": \"must not be 'fail'\""
  call "$CODE_UNIMPLEMENTED" "$ADDRESS" "$LIBRARY.LibraryService/Borrow"
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
  call "$CODE_NOT_FOUND" -d '{"service": "no.Service"}' "$ADDRESS" grpc.health.v1.Health/Check
  call "$CODE_DEADLINE_EXCEEDED" -max-time 1 -d '{"service": "no.Service"}' "$ADDRESS" grpc.health.v1.Health/Watch
  says '"status": "SERVICE_UNKNOWN"'
}

# The server would not stop when it is told to.
the_server_drains() {
  stop echo
}

start echo "$SERVER" 127.0.0.1:0
ADDRESS=127.0.0.1:$(port_of echo 's/^\([0-9]*\)$/\1/p')
run_cases list_shows_every_service describe_shows_every_kind_of_symbol templates_are_complete \
  calls_of_every_kind failures_arrive_whole health_is_understood the_server_drains
