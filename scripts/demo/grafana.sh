# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# up, down and reset with --grafana: the mesh in containers, with Tempo, Prometheus, Loki and Grafana.

readonly COMPOSE_FILE=$ROOT/compose/compose.yaml
readonly GRAFANA=http://localhost:${GRAFANA_PORT:-3000}
# For containers to be healthy, in seconds; fetching and building images comes before that.
readonly CONTAINER_PATIENCE=180
readonly WITHOUT_DOCKER="Without Docker: ./demo up runs the same services, and ./demo trace shows their traces."

compose() {
  docker compose -f "$COMPOSE_FILE" "$@"
}

# Fails naming what is missing: docker, its compose plugin, or an engine that answers.
check_docker() {
  local words
  command -v docker >/dev/null ||
    fail "--grafana needs Docker, and there is no 'docker' on the PATH." \
      "Install Docker Engine with its compose plugin: https://docs.docker.com/engine/install/" "$WITHOUT_DOCKER"
  docker compose version >/dev/null 2>&1 ||
    fail "--grafana needs Docker's compose plugin, and 'docker compose version' fails." \
      "Install it: https://docs.docker.com/compose/install/linux/ (docker-compose, with a dash, is its predecessor)." \
      "$WITHOUT_DOCKER"
  words=$(docker version --format '{{.Server.Version}}' 2>&1) || engine_does_not_answer "$words"
}

engine_does_not_answer() {
  local what_to_do="Start it: sudo systemctl start docker"
  [[ $1 != *'permission denied'* ]] ||
    what_to_do="This user may not speak to it. Use sudo, or join its group: sudo usermod -aG docker $(id -un)"
  fail "--grafana needs a Docker engine that answers. Docker says:" "$1" "$what_to_do" "$WITHOUT_DOCKER"
}

# The containers' ports are those of the services that run without containers.
check_no_services_run() {
  local service
  for service in "${SERVICES[@]}"; do
    ! service_runs "$service" ||
      fail "$service runs without a container and has the port that its container needs." "First: ./demo down"
  done
}

# Who may open Docker's socket, for the one container that asks it for log lines: a user without
# rights, in the socket's group. compose.yaml's default, its owner, where that cannot be seen from here.
choose_socket_user() {
  local host group
  host=${DOCKER_HOST:-$(docker context inspect --format '{{.Endpoints.docker.Host}}' 2>/dev/null || true)}
  case $host in
  unix:///run/user/*) export DOCKER_SOCKET=${DOCKER_SOCKET:-${host#unix://}} ;;
  unix:///var/run/docker.sock | unix:///run/docker.sock)
    group=$(stat -L -c %g "${host#unix://}" 2>/dev/null || true)
    [ "${group:-0}" = 0 ] || export DOCKER_SOCKET_USER=${DOCKER_SOCKET_USER:-65534:$group}
    ;;
  esac
}

containers_failed() {
  compose ps --all >&2 || true
  fail "the containers did not all come up; how they are is above." \
    "What one of them says: docker compose -f compose/compose.yaml logs SERVICE" \
    "A port that is taken can be moved: GATEWAY_PORT, GRAFANA_PORT and so on (docs/grafana.md)."
}

# percent_encode TEXT
percent_encode() {
  local LC_ALL=C text=$1 i c
  for ((i = 0; i < ${#text}; i++)); do
    c=${text:i:1}
    case $c in
    [A-Za-z0-9._~-]) printf '%s' "$c" ;;
    *) printf '%%%02X' "'$c" ;;
    esac
  done
}

# json_text TEXT: as a JSON string. What we ask has no control characters.
json_text() {
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

# explore_url DATA_SOURCE MEMBER VALUE…: Grafana's Explore with a query filled in, of the last hour.
# The data sources' uids are their types.
explore_url() {
  local source=$1 query
  shift
  query=$(printf '{"refId":"A","datasource":{"type":"%s","uid":"%s"}' "$source" "$source")
  while [ $# -gt 0 ]; do
    query+=$(printf ',"%s":%s' "$1" "$(json_text "$2")")
    shift 2
  done
  query=$(printf '{"a":{"datasource":"%s","queries":[%s}],"range":{"from":"now-1h","to":"now"}}}' "$source" "$query")
  printf '%s/explore?schemaVersion=1&orgId=1&panes=%s\n' "$GRAFANA" "$(percent_encode "$query")"
}

# look_at WHAT EXPLORE_ARGUMENTS…
look_at() {
  printf '  %s\n' "$1"
  shift
  printf '    %s\n' "$(explore_url "$@")"
}

# ORDER_TRACE is the trace of the first order.
where_to_look() {
  local failed='{ resource.service.name = "order-service" && status = error }'
  local slow='histogram_quantile(0.9, sum by (le) (rate(traces_spanmetrics_latency_bucket{service="api-gateway", span_name="POST /api/order"}[5m])))'
  cat <<EOF

${BOLD}It runs.${PLAIN}
    $GRAFANA/d/mesh-at-a-glance   rate, errors and latency, by service and by edge
    $GRAFANA/d/one-orders-life    what becomes of orders, and one of them with its log lines
    $GATEWAY                      the shop

${BOLD}In Explore${PLAIN}
EOF
  look_at "this order's trace" tempo queryType traceql query "$ORDER_TRACE"
  look_at "its log lines, of every service" loki queryType range expr "{service=~\".+\"} | trace_id = \"$ORDER_TRACE\""
  look_at "what failed in the order service" tempo queryType traceql tableType spans query "$failed"
  look_at "who calls whom" tempo queryType serviceMap
  look_at "the p90 of /api/order" prometheus queryType range expr "$slow"
  printf '\n    ./demo down --grafana   stops it; the data stays. ./demo reset --grafana forgets it.\n'
}

trace_is_in_tempo() {
  curl -fsS -o /dev/null --max-time 5 "$LENS/api/v2/traces/$1" 2>/dev/null
}

first_order_in_tempo() {
  step "Placing an order"
  post_paid_order sku001 1
  note "HTTP $ORDER_CODE" "$ORDER_ANSWER" # refused ones have a trace, too
  [ -n "$ORDER_TRACE" ] || fail "the gateway's answer has no x-trace-id header."
  step "Its trace, $ORDER_TRACE"
  wait_until "$PATIENCE" trace_is_in_tempo "$ORDER_TRACE" ||
    fail "the trace did not reach Tempo within $PATIENCE seconds." \
      "Look at: docker compose -f compose/compose.yaml logs tempo api-gateway"
  note "is in Tempo"
}

grafana_up() {
  no_arguments "up --grafana" "$@"
  take_lock
  check_docker
  check_no_services_run
  choose_socket_user
  mkdir -p "$RUN_DIR"
  step "Building and starting the containers; the first time takes some minutes"
  compose up --build --detach --wait --wait-timeout "$CONTAINER_PATIENCE" 9>&- || containers_failed
  first_order_in_tempo
  where_to_look
}

grafana_down() {
  no_arguments "down --grafana" "$@"
  take_lock
  check_docker
  step "Stopping the containers"
  compose down
}

grafana_reset() {
  no_arguments "reset --grafana" "$@"
  take_lock
  check_docker
  step "Removing the containers and their data"
  compose down --volumes
}
