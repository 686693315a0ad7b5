#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# load_test.sh BUILD_DIR SLOW_GATEWAY SOURCE_DIR
#
# "load" against a gateway that is slow and counts. Each test is a function named test_...; what it
# says above is what would be broken.
set -euo pipefail

readonly PROGRAMS=$1/bin SLOW_GATEWAY=$2 SOURCE_DIR=$3
# shellcheck source=tests/demo/frame.sh
source "$(dirname "${BASH_SOURCE[0]}")/frame.sh"
# The connections that mesh-load has.
readonly BOUND=64
readonly COUNTS=$WORK/counts

# start_gateway DELAY_MS: what the script takes for the gateway answers that late.
start_gateway() {
  "$SLOW_GATEWAY" "$GATEWAY_PORT" $BOUND "$1" >"$COUNTS" 2>&1 &
  SLOW_ONE=$!
  BYSTANDERS+=("$SLOW_ONE")
  wait_for "the slow gateway does not listen" grep -qs listening "$COUNTS"
  mkdir -p "$DEMO_STATE_DIR/run"
  printf '%s %s\n' "$SLOW_ONE" "$(cut -d ' ' -f 22 "/proc/$SLOW_ONE/stat")" >"$DEMO_STATE_DIR/run/api-gateway.pid"
}

# gateway_saw CONNECTIONS REQUESTS: at most at one time. It stops with that.
gateway_saw() {
  kill -TERM "$SLOW_ONE"
  wait "$SLOW_ONE" || broken "the slow gateway ended with $(cat "$COUNTS")"
  grep -qxF "$1 connections and $2 requests at most" "$COUNTS" ||
    broken "not $1 connections and $2 requests at most: the gateway saw $(tail -n 1 "$COUNTS")"
}

# One would wait for answers of something that is not there.
test_load_needs_the_gateway() {
  demo 1 load
  says "the gateway is not running"
  says "./demo up starts it"
}

# A gateway that is slower than what is asked for would be buried, or be asked for less than it takes.
test_load_of_a_slow_gateway_is_bounded() {
  start_gateway 200
  demo 0 load --rate 1000 --seconds 1
  says "1000 of 1000 answered"
  gateway_saw $BOUND $BOUND
}

# The highest rate there is would take the machine's ports and memory.
test_load_at_the_highest_rate_is_bounded() {
  start_gateway 1
  demo 0 load --rate 50000 --seconds 1
  says "50000 of 50000 answered"
  says "50000 wanted"
  gateway_saw $BOUND $BOUND
}

# Every request without an answer would leave a connection behind it, or load never end.
test_load_of_a_silent_gateway_is_bounded_and_ends() {
  start_gateway 3600000
  demo 1 load --rate 100 --seconds 1
  says "0 of 100 answered"
  says "orders           no answer: 60"
  gateway_saw $BOUND $BOUND
}

# What cannot be sent would be sent at some other rate, without a word.
test_load_beyond_the_highest_rate_is_refused() {
  start_gateway 1
  demo 2 load --rate 50001
  says "'50001' is no number from 1 to 50000"
  gateway_saw 0 0
}

choose_ports
make_idle_build
ln -s "$PROGRAMS" "$DEMO_BUILD_DIR/bin"
run_tests "${BASH_SOURCE[0]}"
