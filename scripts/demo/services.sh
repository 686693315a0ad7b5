# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The services: one table, and what follows from it. Order of start: each after what it calls.

readonly SERVICES=(lens fraud-service payment-service warehouse-service inventory-service order-service api-gateway)

readonly GATEWAY_PORT=${GATEWAY_PORT:-8000} ORDER_PORT=${ORDER_PORT:-8001} INVENTORY_PORT=${INVENTORY_PORT:-8002}
readonly WAREHOUSE_PORT=${WAREHOUSE_PORT:-8003} PAYMENT_PORT=${PAYMENT_PORT:-8004} FRAUD_PORT=${FRAUD_PORT:-8005}
readonly LENS_PORT=${LENS_PORT:-4317} LENS_QUERY_PORT=${LENS_QUERY_PORT:-3200}
readonly GATEWAY=http://localhost:$GATEWAY_PORT LENS=http://localhost:$LENS_QUERY_PORT

# Which variable moves which port of which service; the first port of each answers health checks.
readonly PORTS=(
  "lens LENS_PORT $LENS_PORT"
  "lens LENS_QUERY_PORT $LENS_QUERY_PORT"
  "fraud-service FRAUD_PORT $FRAUD_PORT"
  "payment-service PAYMENT_PORT $PAYMENT_PORT"
  "warehouse-service WAREHOUSE_PORT $WAREHOUSE_PORT"
  "inventory-service INVENTORY_PORT $INVENTORY_PORT"
  "order-service ORDER_PORT $ORDER_PORT"
  "api-gateway GATEWAY_PORT $GATEWAY_PORT"
)

# What the services are told beyond what the user told them; for "up" only, so that tests run as from
# a plain shell. Finished spans leave after a fifth of a second instead of five, so that a trace is
# there when its order is. Whether a payment is declined can be asked for, to see it happen. By address: "localhost" takes a resolver, and an /etc/hosts that small
# containers do not have.
export_environment() {
  export OTEL_BSP_SCHEDULE_DELAY=${OTEL_BSP_SCHEDULE_DELAY:-200}
  export OTEL_EXPORTER_OTLP_ENDPOINT=${OTEL_EXPORTER_OTLP_ENDPOINT:-http://127.0.0.1:$LENS_PORT}
  export ORDER_SERVICE_URL=${ORDER_SERVICE_URL:-http://127.0.0.1:$ORDER_PORT}
  export INVENTORY_SERVICE_URL=${INVENTORY_SERVICE_URL:-http://127.0.0.1:$INVENTORY_PORT}
  export WAREHOUSE_SERVICE_URL=${WAREHOUSE_SERVICE_URL:-http://127.0.0.1:$WAREHOUSE_PORT}
  export PAYMENT_SERVICE_URL=${PAYMENT_SERVICE_URL:-http://127.0.0.1:$PAYMENT_PORT}
  export FRAUD_SERVICE_URL=${FRAUD_SERVICE_URL:-http://127.0.0.1:$FRAUD_PORT}
  export FRAUD_ALLOW_FORCED_OUTCOME=${FRAUD_ALLOW_FORCED_OUTCOME:-true}
}

is_service() {
  local service
  for service in "${SERVICES[@]}"; do
    [ "$service" != "$1" ] || return 0
  done
  return 1
}

# The port of SERVICE that answers health checks.
health_port() {
  local service variable port
  while read -r service variable port; do
    [ "$service" = "$1" ] || continue
    printf '%s\n' "$port"
    return
  done < <(printf '%s\n' "${PORTS[@]}")
}

# Quiet; true when SERVICE says SERVING. What it said is in $RUN_DIR/health.
is_serving() {
  case $1 in
  api-gateway) curl -sS --fail-with-body --max-time 2 "$GATEWAY/health" ;;
  *) "$BUILD_DIR/bin/mesh-health" "127.0.0.1:$(health_port "$1")" ;;
  esac >"$RUN_DIR/health" 2>&1
}

# start_service SERVICE: with its port and a folder for its data; export_environment said the rest.
start_service() {
  local service=$1 data=$DATA_ROOT/$1
  mkdir -p "$data"
  launch "$service" env PORT="$(health_port "$service")" LENS_QUERY_PORT="$LENS_QUERY_PORT" DATA_DIR="$data" \
    "$BUILD_DIR/bin/$service"
}

# Fails naming the port, its holder and the variable that moves it.
check_port() {
  local service=$1 variable=$2 port=$3
  port_is_taken "$port" || return 0
  fail "port $port, which $service needs, is taken by $(port_holder "$port")." \
    "Stop that, or choose another port:  $variable=$((port + 10000)) ./demo up"
}

check_ports() {
  local service variable port
  while read -r service variable port; do
    [[ $port =~ ^[0-9]{1,5}$ ]] || fail "$variable is '$port', which is no port number."
    service_runs "$service" || check_port "$service" "$variable" "$port"
  done < <(printf '%s\n' "${PORTS[@]}")
}
