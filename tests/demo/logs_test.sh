#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# logs_test.sh SOURCE_DIR
#
# "logs" and "logs -f", with log files that the test writes: no service runs. Each test is a function
# named test_...; what it says above is what would be broken.
set -euo pipefail

readonly SOURCE_DIR=$1
# shellcheck source=tests/demo/frame.sh
source "$(dirname "${BASH_SOURCE[0]}")/frame.sh"
readonly LOGS=$DEMO_STATE_DIR/logs
readonly SERVICES=(lens {fraud,payment,warehouse,inventory,order}-service api-gateway)

# follow ARGUMENTS…: "logs -f" in the background and in a process group of its own, as a terminal has
# it. FOLLOWER is its id. Bash ignores SIGINT for what it starts in the background; a terminal does not.
follow() {
  : >"$OUTPUT"
  setsid env --default-signal=INT,TERM "$SOURCE_DIR/demo" logs -f "$@" >"$OUTPUT" 2>&1 &
  FOLLOWER=$!
  FOLLOWERS+=("$FOLLOWER")
}

# No follower outlives the test, not even one that a test found broken.
FOLLOWERS=()
stop_followers() {
  local id
  for id in "${FOLLOWERS[@]}"; do
    kill -KILL -- "-$id" 2>/dev/null || true
  done
}
trap 'stop_followers; clean_up' EXIT

# Whatever runs with our state folder in its environment is the script, or was started by it.
nothing_is_left() {
  ! env -u DEMO_STATE_DIR grep -qzxF "DEMO_STATE_DIR=$DEMO_STATE_DIR" /proc/[0-9]*/environ 2>/dev/null
}

shows() {
  grep -qF -- "$1" "$OUTPUT"
}

# write SERVICE LINE
write() {
  printf '%s\n' "$2" >>"$LOGS/$1.log"
}

# appears LINE: within a few seconds, in what the follower prints.
appears() {
  wait_for "'$1' does not appear" shows "$1"
}

# It ends when it is told to, and so does all that it started.
follower_has_ended() {
  wait_for "something still runs" nothing_is_left
  wait "$FOLLOWER" || true
}

# Before the first "up" one would get tail's riddles, or with -f wait for files that nobody writes.
test_no_logs_yet_is_said() {
  local arguments
  for arguments in '' order-service -f '-f order-service'; do
    # shellcheck disable=SC2086 # none, one or two
    demo 1 logs $arguments
    says "there are no logs yet"
    says "./demo up makes some"
  done
}

# Behind an "up" that failed half-way the logs that there are would be denied, when one wants them most.
test_the_logs_that_there_are_are_shown() {
  mkdir -p "$LOGS"
  write lens "a line of lens"
  demo 0 logs
  [ "$(cat "$OUTPUT")" = "a line of lens" ] || broken "something else than the one line"
  demo 1 logs order-service
  says "there are no logs yet"
  rm "$LOGS/lens.log"
}

# After "down", or a crash, nobody could read what went on before.
test_logs_stay_readable_when_nothing_runs() {
  local service
  mkdir -p "$LOGS"
  for service in "${SERVICES[@]}"; do
    write "$service" "a line of $service"
  done
  demo 0 logs
  for service in "${SERVICES[@]}"; do
    says "a line of $service"
  done
  demo 1 logs --trace
  says "the receiver, which knows the latest order, is not running"
}

# One would have to pick a service's lines out of those of all.
test_a_service_has_its_own_lines_only() {
  local service
  for service in "${SERVICES[@]}"; do
    demo 0 logs "$service"
    [ "$(cat "$OUTPUT")" = "a line of $service" ] || broken "other lines than those of $service"
  done
}

# The end of a long log, where the reason stands, would be missing, or all of it scroll by.
test_a_long_log_is_shown_from_its_end() {
  seq -f 'line %g of many' 1 2000 >>"$LOGS/fraud-service.log"
  demo 0 logs fraud-service
  [ "$(tail -n 1 "$OUTPUT")" = "line 2000 of many" ] || broken "the last line is not the last"
  ! shows "line 1000 of many" || broken "half of the log is shown"
}

# A typing mistake would look like a service without logs, and one would have to look its name up.
test_an_unknown_service_is_named_and_so_are_those_there_are() {
  local service arguments
  for arguments in orders '-f orders'; do
    # shellcheck disable=SC2086 # one or two
    demo 2 logs $arguments
    says "there is no service 'orders'"
    for service in "${SERVICES[@]}"; do
      says "$service"
    done
  done
  demo 2 logs order-service lens
  says "'logs' takes one service"
  demo 2 logs --tail
  says "'logs' has no option --tail"
}

# One would look at a log that stands still, or at other services' lines.
test_following_shows_what_is_written_later() {
  follow order-service
  appears "a line of order-service"
  write payment-service "not asked for"
  write order-service "written later"
  appears "written later"
  ! shows "not asked for" || broken "lines of another service"
  kill -TERM "$FOLLOWER"
  follower_has_ended
}

# An order's way through the services could not be watched.
test_following_all_services() {
  local service
  follow
  appears "a line of api-gateway"
  for service in "${SERVICES[@]}"; do
    write "$service" "later, of $service"
    appears "later, of $service"
  done
  kill -TERM "$FOLLOWER"
  follower_has_ended
}

# After "reset" and "up" in another terminal one would go on looking at a file that is gone.
test_following_goes_on_in_a_new_file() {
  follow lens
  appears "a line of lens"
  rm "$LOGS/lens.log"
  write lens "of the new file"
  appears "of the new file"
  kill -TERM "$FOLLOWER"
  follower_has_ended
}

# Ctrl-C, which goes to the whole group, or a kill, which goes to one process, would be ignored or
# leave a tail behind.
test_following_ends_when_told_to() {
  local whom
  for whom in INT:group INT:one TERM:group TERM:one; do
    follow order-service
    appears "written later"
    ! nothing_is_left || broken "it shows lines, but does not run"
    case $whom in
    *:group) kill -s "${whom%:*}" -- "-$FOLLOWER" ;;
    *:one) kill -s "${whom%:*}" "$FOLLOWER" ;;
    esac
    follower_has_ended
  done
}

run_tests "${BASH_SOURCE[0]}"
