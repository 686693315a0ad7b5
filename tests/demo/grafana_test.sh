#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# grafana_test.sh STAND_IN SOURCE_DIR
#
# "--grafana" with a docker that is not one: it writes down what it is asked, and for "compose up" it
# starts a stand-in for the gateway and one for Tempo. Each test is a function named test_...; what it
# says above is what would be broken.
set -euo pipefail

readonly STAND_IN=$1 SOURCE_DIR=$2
# shellcheck source=tests/demo/frame.sh
source "$(dirname "${BASH_SOURCE[0]}")/frame.sh"
export DEMO_PATIENCE=5
readonly FAKE=$WORK/fake ASKED=$WORK/asked TRACE=0af7651916cd43dd8448eb211c80319c
unset DOCKER_HOST DOCKER_SOCKET DOCKER_SOCKET_USER

make_docker() {
  mkdir -p "$FAKE"
  cp "$STAND_IN" "$FAKE/api-gateway"
  cp "$STAND_IN" "$FAKE/lens"
  cat >"$FAKE/docker" <<EOF
#!/bin/bash
[ "\$1" = context ] || echo "\${DOCKER_SOCKET_USER:-} docker \$*" >>"$ASKED"
case "\${DOCKER_IS:-well} \$*" in
"no-compose compose version") echo "docker: 'compose' is not a docker command." >&2; exit 1 ;;
"no-engine version "*) echo "Cannot connect to the Docker daemon at unix:///var/run/docker.sock." >&2; exit 1 ;;
"forbidden version "*) echo "permission denied while trying to connect to the Docker daemon socket" >&2; exit 1 ;;
"sick compose "*" up "*) exit 1 ;;
"well compose "*" up "*)
  PORT=\$GATEWAY_PORT "$FAKE/api-gateway" & echo \$! >>"$WORK/pids"
  "$FAKE/lens" & echo \$! >>"$WORK/pids"
  until curl -fs -o /dev/null "http://localhost:\$GATEWAY_PORT/health"; do sleep 0.02; done ;;
esac
EOF
  chmod +x "$FAKE/docker"
}

stop_containers() {
  local pid
  [ -f "$WORK/pids" ] || return 0
  while read -r pid; do
    kill "$pid" 2>/dev/null || true
  done <"$WORK/pids"
  rm "$WORK/pids"
}

trap 'stop_containers; clean_up' EXIT

# A system without docker: all tools but that one.
hide_docker() {
  mkdir -p "$WORK/tools"
  cp -rs /usr/bin/. "$WORK/tools" 2>/dev/null || true
  rm -f "$WORK/tools/docker"
}

asked() {
  grep -qxF -- "$1" "$ASKED" || {
    cat "$ASKED"
    broken "docker was not asked '$1'"
  }
}

# What it said, links in plain text.
decode_links() {
  local line
  while IFS= read -r line; do
    printf '%b\n' "${line//%/\\x}"
  done <"$OUTPUT" >"$OUTPUT.plain"
  mv "$OUTPUT.plain" "$OUTPUT"
}

# Somebody without Docker would get a shell's riddle, and not hear that there is another way.
test_no_docker_is_named() {
  hide_docker
  PATH=$WORK/tools demo 1 up --grafana
  says "there is no 'docker' on the PATH"
  says "Without Docker: ./demo up"
}

# The old docker-compose beside a docker without plugin is what many have.
test_no_compose_plugin_is_named() {
  DOCKER_IS=no-compose demo 1 up --grafana
  says "compose plugin"
  says "docker-compose, with a dash"
}

# An engine that sleeps would look like a fault of ours.
test_no_engine_is_named() {
  DOCKER_IS=no-engine demo 1 up --grafana
  says "Cannot connect to the Docker daemon"
  says "systemctl start docker"
}

# One would start an engine that runs.
test_no_permission_is_named() {
  DOCKER_IS=forbidden demo 1 up --grafana
  says "usermod -aG docker"
}

# The main job: containers, an order, its trace, and links that have the query filled in.
test_up_starts_containers_and_prints_links() {
  demo 0 up --grafana
  asked " docker compose -f $SOURCE_DIR/compose/compose.yaml up --build --detach --wait --wait-timeout 180"
  says "HTTP 200"
  says "is in Tempo"
  says "http://localhost:3000/d/mesh-at-a-glance"
  says "http://localhost:3000/d/one-orders-life"
  decode_links
  says "\"type\":\"tempo\",\"uid\":\"tempo\"},\"queryType\":\"traceql\",\"query\":\"$TRACE\"}],\"range\":{\"from\":\"now-1h\",\"to\":\"now\"}}}"
  says "\"expr\":\"{service=~\\\".+\\\"} | trace_id = \\\"$TRACE\\\"\""
  says '"query":"{ resource.service.name = \"order-service\" && status = error }"'
  says '"queryType":"serviceMap"'
  says 'span_name=\"POST /api/order\"'
  stop_containers
}

# Moved ports would be printed where they are not.
test_links_follow_the_ports() {
  GRAFANA_PORT=3999 demo 0 up --grafana
  says "http://localhost:3999/explore?schemaVersion=1"
  stop_containers
}

# The one that reads log lines could not open Docker's socket, or would be root to do so.
test_the_socket_is_opened_by_its_group() {
  # shellcheck disable=SC2317 # the script calls it
  stat() { printf '%s\n' 998; }
  export -f stat
  DOCKER_HOST=unix:///var/run/docker.sock demo 0 up --grafana
  asked "65534:998 docker compose -f $SOURCE_DIR/compose/compose.yaml up --build --detach --wait --wait-timeout 180"
  export -fn stat
  unset -f stat
  stop_containers
}

# Docker would say that a port is taken, and not that it is by our own services.
test_services_that_run_are_named() {
  mkdir -p "$DEMO_STATE_DIR/run"
  sleep 60 &
  BYSTANDERS+=($!)
  printf '%s %s\n' $! "$(cut -d ' ' -f 22 "/proc/$!/stat")" >"$DEMO_STATE_DIR/run/order-service.pid"
  demo 1 up --grafana
  says "order-service runs without a container"
  says "./demo down"
  rm "$DEMO_STATE_DIR/run/order-service.pid"
}

# One would be left alone with half a stack.
test_containers_that_fail_are_shown() {
  DOCKER_IS=sick demo 1 up --grafana
  asked " docker compose -f $SOURCE_DIR/compose/compose.yaml ps --all"
  says "did not all come up"
}

# Containers would go on, or data go that should stay.
test_down_and_reset_ask_for_what_they_say() {
  demo 0 down --grafana
  asked " docker compose -f $SOURCE_DIR/compose/compose.yaml down"
  demo 0 reset --grafana
  asked " docker compose -f $SOURCE_DIR/compose/compose.yaml down --volumes"
  demo 2 down --grafana now
  says "'now'"
}

choose_ports
make_docker
PATH=$FAKE:$PATH
run_tests "${BASH_SOURCE[0]}"
