#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# script_test.sh STAND_IN SOURCE_DIR
#
# The demo script, with a stand-in for every service, a build that has nothing to do, and ports that
# are free. Each test is a function named test_...; what it says above is what would be broken.
set -euo pipefail

readonly STAND_IN=$1 SOURCE_DIR=$2
# shellcheck source=tests/demo/frame.sh
source "$(dirname "${BASH_SOURCE[0]}")/frame.sh"
export DEMO_PATIENCE=2

make_build() {
  local program
  make_idle_build
  mkdir -p "$DEMO_BUILD_DIR/bin"
  for program in lens {fraud,payment,warehouse,inventory,order}-service api-gateway; do
    cp "$STAND_IN" "$DEMO_BUILD_DIR/bin/$program"
  done
  # In life this speaks gRPC; the receiver's stand-in answers on its query port.
  # shellcheck disable=SC2016 # for the script that is written
  printf '#!/bin/bash\n[ "$1" != "127.0.0.1:$LENS_PORT" ] || set -- "127.0.0.1:$LENS_QUERY_PORT"\n%s\n' \
    'exec curl -fsS "http://$1/health"' >"$DEMO_BUILD_DIR/bin/mesh-health"
  chmod +x "$DEMO_BUILD_DIR/bin/mesh-health"
}

nothing_runs() {
  local exe
  for exe in /proc/[0-9]*/exe; do
    [[ $(readlink "$exe" 2>/dev/null) != "$DEMO_BUILD_DIR"/* ]] || broken "a service is still running"
  done
}

# What cannot be done would be done anyhow, or fail without a word about what there is.
test_wrong_usage_is_named() {
  demo 2
  says "usage: ./demo COMMAND"
  demo 2 dance
  says "no command 'dance'"
  demo 2 up now
  says "'now'"
  demo 2 load --rate fast
  says "'fast'"
  demo 2 order 'two words'
  says "'two words' is no id"
  demo 2 order sku001 0
  says "'0' is no quantity"
  demo 2 order --free
  says "no option --free"
  demo 2 logs nobody
  says "nobody"
  demo 2 chaos
  says "list, set, remove or clear"
  demo 2 chaos set order-service
  says "one rule, in quotes"
  demo 2 chaos list nobody
  says "there is no service 'nobody'"
  demo 0 --help
  says "usage: ./demo COMMAND"
}

# One would not learn why there is no order.
test_order_needs_the_shop() {
  demo 1 order
  says "the gateway is not running"
}

# Scripts that stop "just in case" would fail; those that look would think all is well.
test_nothing_to_stop_is_fine_and_status_says_down() {
  demo 0 down
  says "nothing was running"
  demo 1 status
  says "down"
  demo 1 chaos list
  says "nothing is running"
  demo 1 chaos clear order-service
  says "order-service is not running"
}

# The main job: everything starts, an order is placed, its trace is shown.
test_up_starts_all_and_shows_a_trace() {
  demo 0 up
  says "api-gateway SERVING on port $GATEWAY_PORT"
  says "api-gateway  POST /orders"
  says "curl -i http://localhost:$GATEWAY_PORT/orders"
  says "http://localhost:$LENS_QUERY_PORT/api/traces"
  demo 0 status
  says "order-service"
}

# One would have to copy ids out of logs.
test_trace_shows_the_latest_order_or_the_one_named() {
  demo 0 trace
  says "api-gateway  POST /orders"
  demo 0 trace 0af7651916cd43dd8448eb211c80319c
  demo 2 trace ../../etc/passwd
  says "no trace id"
}

# One would have to search six files, and sort what is found.
test_logs_of_a_trace_are_merged_by_time() {
  local trace=0af7651916cd43dd8448eb211c80319c
  printf 'time=2026-11-20T10:00:00.%06dZ level=info service=%s trace_id=%s span_id=1 msg=%s\n' \
    2 order-service $trace second 1 order-service 1$trace other >>"$DEMO_STATE_DIR/logs/order-service.log"
  printf '{"time":"2026-11-20T10:00:00.000003Z","level":"info","trace_id":"%s","msg":"third"}\n' \
    $trace >>"$DEMO_STATE_DIR/logs/inventory-service.log"
  printf 'time=2026-11-20T10:00:00.000001Z level=info trace_id=%s msg="the first"\n' \
    $trace >>"$DEMO_STATE_DIR/logs/api-gateway.log"
  demo 0 logs --trace ${trace^^}
  [ "$(cut -d ' ' -f 1 "$OUTPUT" | tr '\n' ' ')" = "api-gateway order-service inventory-service " ] || broken "other lines, or not by time"
  says 'msg="the first"'
  demo 0 logs --trace
  says 'msg="the first"'
  demo 0 logs --trace order-service
  [ "$(wc -l <"$OUTPUT")" -eq 1 ] || broken "lines of other services"
  demo 0 logs order-service --trace $trace
  says "msg=second"
}

# One would look for a mistake in the services.
test_logs_of_no_trace_say_so() {
  demo 1 logs --trace 00000000000000000000000000000001
  says "no line of trace 00000000000000000000000000000001"
  demo 2 logs --trace xyz
  says "'xyz' is no trace id"
  demo 2 logs -f --trace
  says "does not go with -f"
}

# An order's answer, trace and log lines would have to be put together by hand.
test_order_shows_answer_trace_and_lines() {
  printf 'time=2026-11-20T10:00:00Z trace_id=0af7651916cd43dd8448eb211c80319c msg=paid\n' >>"$DEMO_STATE_DIR/logs/payment-service.log"
  demo 0 order
  says "Placing an order: 1 of sku001"
  says "HTTP 200"
  says '"status":"the stand-in'"'"'s"'
  says "api-gateway  POST /orders"
  says "msg=paid"
  demo 1 order --declined laptop-001 3
  says "Placing an order: 3 of laptop-001"
  says "FRAUD_ALLOW_FORCED_OUTCOME"
}

# A second up would start everything twice, or take its time.
test_second_up_is_quick_and_changes_nothing() {
  local began pids
  pids=$(cat "$DEMO_STATE_DIR"/run/*.pid)
  began=$(date +%s%N)
  demo 0 up
  [ $(($(date +%s%N) - began)) -lt 3000000000 ] || broken "it took three seconds or more"
  says "order-service was running"
  [ "$pids" = "$(cat "$DEMO_STATE_DIR"/run/*.pid)" ] || broken "the processes are others"
}

# What runs would not be what was built last.
test_up_restarts_what_was_built_anew() {
  cp "$STAND_IN" "$DEMO_BUILD_DIR/bin/order-service.new"
  mv "$DEMO_BUILD_DIR/bin/order-service.new" "$DEMO_BUILD_DIR/bin/order-service"
  demo 0 up
  says "order-service runs an older build"
  says "inventory-service was running"
}

# After a crash one would have to stop and start everything.
test_up_starts_what_has_died() {
  kill -KILL "$(cut -d ' ' -f 1 "$DEMO_STATE_DIR/run/order-service.pid")"
  demo 1 status
  demo 0 up
  says "order-service SERVING"
  says "api-gateway was running"
}

# Orders would be gone after a night.
test_down_stops_all_and_keeps_the_data() {
  touch "$DEMO_STATE_DIR/data/order-service/orders.db"
  demo 0 down
  nothing_runs
  [ -f "$DEMO_STATE_DIR/data/order-service/orders.db" ] || broken "the data is gone"
}

# Somebody would have to find out what holds a port, and stop half of a mesh by hand.
test_taken_port_names_its_holder() {
  PORT=$ORDER_PORT "$STAND_IN" &
  BYSTANDERS+=($!)
  until curl -fs -o /dev/null "http://localhost:$ORDER_PORT/health"; do sleep 0.02; done
  demo 1 up
  says "port $ORDER_PORT, which order-service needs, is taken by process $!"
  says "ORDER_PORT="
  nothing_runs
  kill $!
  wait $! || true
}

# A refusal would look like an order, or not say what to do.
test_refused_order_says_why() {
  STAND_IN_REFUSES=api-gateway demo 0 up
  printf 'time=2026-11-20T10:00:00Z trace_id=0af7651916cd43dd8448eb211c80319c msg=refused\n' >>"$DEMO_STATE_DIR/logs/order-service.log"
  demo 1 order sku002 31
  says "HTTP 409"
  says "too little of sku002"
  demo 0 down
}

# A service that ends would leave the others behind, and nobody would know why.
test_dying_service_is_named_and_nothing_stays() {
  STAND_IN_DIES=order-service demo 1 up
  says "order-service ended instead of serving"
  says "the stand-in's last words"
  nothing_runs
}

# up would wait forever.
test_service_that_never_serves_is_named() {
  STAND_IN_SULKS=inventory-service demo 1 up
  says "inventory-service did not say SERVING"
  nothing_runs
}

# A compiler's error would scroll by and old programs be started.
test_failed_build_shows_its_error() {
  printf 'rule r\n  command = echo "x.c:1: error: no semicolon"; false\nbuild x: r\n' >"$DEMO_BUILD_DIR/build.ninja"
  demo 1 up
  says "error: no semicolon"
  says "the build in build failed"
  nothing_runs
  make_build
}

# Elsewhere, apt would fail with a riddle.
test_unsupported_system_is_named() {
  printf 'ID=plan9\nVERSION_ID=4\nPRETTY_NAME="Plan 9"\n' >"$WORK/os-release"
  DEMO_OS_RELEASE=$WORK/os-release demo 1 up
  says "this is Plan 9"
}

# Without a network, apt's riddles would be all there is, or the build would begin without its packages.
test_missing_network_is_named() {
  local tool
  mkdir -p "$WORK/offline"
  printf '#!/bin/sh\nexit 1\n' >"$WORK/offline/dpkg-query"
  printf '#!/bin/sh\nexec "$@"\n' >"$WORK/offline/sudo"
  printf '#!/bin/sh\necho "E: Temporary failure resolving deb.example.org"; exit 100\n' >"$WORK/offline/apt-get"
  for tool in dpkg-query sudo apt-get; do
    chmod +x "$WORK/offline/$tool"
  done
  PATH=$WORK/offline:$PATH demo 1 up
  says "E: Temporary failure resolving deb.example.org"
  says "Is there a network"
  nothing_runs
}

# A failed test would go by unseen, or somebody would look for its name in a long log.
test_a_failed_test_is_named_and_fails() {
  local tool
  mkdir -p "$WORK/testing"
  printf '#!/bin/sh\nshift 3\nprintf "installed %%s\\n" "$@"\n' >"$WORK/testing/dpkg-query"
  printf '#!/bin/sh\necho "nothing is missing"; exit 100\n' >"$WORK/testing/apt-get"
  printf '#!/bin/sh\n' >"$WORK/testing/cmake"
  printf '#!/bin/sh\n' >"$WORK/testing/ninja"
  cat >"$WORK/testing/ctest" <<'END'
#!/bin/sh
case "$2 $FAILS" in
*/build-asan\ yes)
  printf '1/1 Test  #1: unit/one ....***Failed    0.01 sec\nit went wrong here\n'
  printf 'The following tests FAILED:\n\t1 - unit/one (Failed)\n'
  exit 8
  ;;
esac
echo "100% tests passed, 0 tests failed out of 1"
END
  for tool in dpkg-query apt-get cmake ninja ctest; do
    chmod +x "$WORK/testing/$tool"
  done
  PATH=$WORK/testing:$PATH demo 0 test
  says "Every test passed"
  FAILS=yes PATH=$WORK/testing:$PATH demo 1 test
  says "it went wrong here"
  says "unit/one"
  says "tests failed in: Address and undefined behaviour sanitizers"
  grep -q 'demo test' "$SOURCE_DIR/.ci/run" || broken "CI does not run it"
}

# A process that has an old pid of ours would be killed.
test_somebody_elses_process_is_left_alone() {
  sleep 60 &
  BYSTANDERS+=($!)
  printf '%s 1\n' $! >"$DEMO_STATE_DIR/run/order-service.pid"
  demo 0 down
  kill -0 $! || broken "it killed a process that is not ours"
}

# Two at once would start everything twice.
test_two_at_once_take_turns() {
  exec 8>"$DEMO_STATE_DIR/lock"
  flock 8
  demo 1 up
  says "another ./demo is at work"
  exec 8>&-
}

# Old stock would be left after a reset.
test_reset_forgets_everything() {
  demo 0 reset
  [ ! -e "$DEMO_STATE_DIR/data" ] || broken "data is left"
}

choose_ports
make_build
run_tests "${BASH_SOURCE[0]}"
