#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# shop_test.sh BUILD_DIR SOURCE_DIR
#
# The demo script with the real services, and what the README says to do with them. Each test is a
# function named test_...; what it says above is what would be broken.
set -euo pipefail

readonly PROGRAMS=$1/bin SOURCE_DIR=$2
# shellcheck source=tests/demo/frame.sh
source "$(dirname "${BASH_SOURCE[0]}")/frame.sh"

# ask CODE CURL_ARGUMENTS…: asks the gateway, keeps headers and body.
ask() {
  local expected=$1 path=$2 code
  shift 2
  code=$(curl -sS -i -o "$OUTPUT" -w '%{http_code}' --max-time 10 "http://localhost:$GATEWAY_PORT$path" "$@")
  [ "$code" = "$expected" ] || broken "'$path' answered $code, not $expected"
}

# The first thing anybody does with this would fail.
test_up_ends_with_the_trace_of_an_order() {
  demo 0 up
  says "shop.order.v1.OrderService/CreateOrder"
  says "persist_order"
  says "ORDER_STATUS_CONFIRMED"
  says "curl http://localhost:$GATEWAY_PORT/inventory/laptop-001"
  says "grpcurl -plaintext localhost:$ORDER_PORT list"
  demo 0 status
}

# What the README says to try would not work.
test_what_to_try_works() {
  ask 201 /orders -H 'Content-Type: application/json' -d '{"product_id": "laptop-001", "quantity": 2}'
  says "/orders/"
  LAPTOPS=$(sed -n 's/.*"order_id": *"\([^"]*\)".*/\1/p' "$OUTPUT")
  ask 200 /inventory/laptop-001
  says '"quantity":48'
  ask 200 /orders
  says "$LAPTOPS"
  ask 200 /health
  ask 200 /openapi.json
}

# Nobody could look at an order's way through the services.
test_trace_shows_the_latest_order() {
  demo 0 trace
  says "reserve_inventory"
}

# Who is quick would see half of a trace, or be told that there is none.
test_trace_waits_for_what_is_on_its_way() {
  ask 201 /orders -H 'Content-Type: application/json' -d '{"product_id": "demo-product", "quantity": 1}'
  demo 0 trace "$(tr -d '\r' <"$OUTPUT" | sed -n 's/^x-trace-id: //p')"
  says "  24 spans"
}

# One could not follow an order through the services' logs.
test_logs_of_the_latest_order() {
  demo 0 logs --trace
  says "service=api-gateway"
  says "service=order-service"
  says "service=inventory-service"
  says "rpc.method=shop.order.v1.OrderService/CreateOrder rpc.status=OK"
}

# The order that all services work on could not be seen.
test_order_goes_through_six_services() {
  demo 0 order
  says "HTTP 200"
  says '"status":"success"'
  says "shop.warehouse.v1.WarehouseService/Reserve"
  says "shop.fraud.v1.FraudService/Check"
  says 'msg="payment authorized"'
  says "service=warehouse-service"
  demo 0 trace
  says "POST /api/order"
}

# Who may read logs would learn who ordered, where to, and what was paid with; or the receiver would
# have other records than there are lines.
test_logs_have_all_services_and_nothing_private() {
  local trace service deadline
  ask 200 '/api/order' -H 'Content-Type: application/json' -H 'Authorization: Bearer private-1' \
    -d '{"user_id": "u-1", "items": [{"item_id": "sku001", "quantity": 1}], "amount": "49.99",
         "payment_method": "private-2", "shipping_address": "private-3"}'
  trace=$(tr -d '\r' <"$OUTPUT" | sed -n 's/^x-trace-id: //p')
  demo 0 logs --trace "$trace"
  for service in api-gateway order-service inventory-service warehouse-service payment-service fraud-service; do
    says " service=$service trace_id=$trace "
  done
  deadline=$((SECONDS + 10))
  until has_records "$trace"; do
    [ $SECONDS -lt $deadline ] || broken "the receiver has not the records of $trace"
    sleep 0.1
  done
  ! grep -l 'private-' "$DEMO_STATE_DIR"/logs/*.log >"$OUTPUT" || broken "private details in a log"
}

# True when the receiver has the six services' log records of a trace; they leave once a second.
has_records() {
  curl -fs -o "$OUTPUT" "http://localhost:$LENS_QUERY_PORT/api/traces/$1/logs" &&
    [ "$(grep -o '"stringValue":"[a-z]*-\(service\|gateway\)"' "$OUTPUT" | sort -u | wc -l)" -eq 6 ]
}

# Nobody could see an order fail, and what that does.
test_refused_orders_say_why() {
  demo 1 order --declined
  says "HTTP 402"
  says "release_inventory"
  says "its payment was declined"
  demo 1 order sku009
  says "HTTP 404"
  says "there is no item 'sku009'"
  demo 1 order sku002 31
  says "HTTP 409"
  says "too little of sku002"
}

# Load would need another tool, or send what always succeeds.
test_load_reports_rate_latency_and_outcomes() {
  demo 0 load --rate 50 --seconds 2
  says "100 of 100 answered"
  says "a second, 50 wanted"
  says "latency   p50"
  says "p90"
  says "p99"
  says "orders           HTTP 200: 60"
  says "to be declined   HTTP 402: 10"
  says "unknown item     HTTP 404: 5"
  says "too many         HTTP 409: 5"
  says "look-ups         HTTP 200: 20"
}

# Faults could be set where nobody asked for them, or nobody would know how to ask.
test_no_chaos_unless_asked_for() {
  demo 1 chaos list
  says "the services take no fault rules"
  says "CHAOS_MONKEY_ENABLED=true ./demo up"
  demo 1 chaos set order-service '* delay=1ms'
  says "order-service takes no fault rules"
  demo 1 chaos set api-gateway '* delay=1ms'
  says "api-gateway serves no gRPC"
}

# Orders would be gone after a night, or stock out of step with them.
test_orders_and_stock_survive_down() {
  demo 0 down
  demo 1 status
  demo 0 up
  ask 200 "/orders/$LAPTOPS"
  says '"quantity":2'
  ask 200 /inventory/laptop-001
  says '"quantity":48'
}

# Nobody could try what becomes of orders when a service fails; or rules would stay.
test_chaos() {
  demo 0 down
  CHAOS_MONKEY_ENABLED=true demo 0 up
  demo 0 chaos list
  says "shop.warehouse.v1.WarehouseService/Reserve client delay=uniform(0ms,1s) when=both id=chaos"
  demo 0 chaos set order-service 'shop.order.v1.OrderService/GetOrder abort=ABORTED message="as asked" id=mine'
  says "shop.order.v1.OrderService/GetOrder server abort=ABORTED"
  ask 409 "/orders/$LAPTOPS"
  says "as asked"
  demo 0 chaos list order-service
  says "id=mine  # struck 1"
  demo 1 chaos set order-service '* delay=soon'
  says "rule 1, character 9"
  demo 0 chaos remove order-service mine
  ask 200 "/orders/$LAPTOPS"
  local service
  for service in {order,inventory,warehouse,payment,fraud}-service; do
    demo 0 chaos set "$service" '* delay=1s'
    says "server delay=1s"
  done
  demo 0 chaos clear
  for service in {order,inventory,warehouse,payment,fraud}-service; do
    demo 0 chaos list "$service"
    [ ! -s "$OUTPUT" ] || broken "a rule is left in $service"
  done
}

# The demo could not be given again from the start.
test_reset_starts_afresh() {
  demo 0 reset
  demo 0 up
  ask 404 "/orders/$LAPTOPS"
  ask 200 /inventory/laptop-001
  says '"quantity":50'
}

export FRAUD_PERCENTAGE=0
choose_ports
export OTEL_LOGS_EXPORTER=otlp
make_idle_build
ln -s "$PROGRAMS" "$DEMO_BUILD_DIR/bin"
run_tests "${BASH_SOURCE[0]}"
