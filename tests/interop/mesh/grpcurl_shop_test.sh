#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# grpcurl_shop_test.sh GRPCURL_FOLDER BIN_FOLDER
#
# The real grpcurl and every program of the shop that serves gRPC: it lists and describes all they
# have, asks for their health, and buys something, with nothing but reflection to tell it how. A
# sentence above each case says what would be broken if it failed. Exits 77 (skipped) without
# grpcurl.
set -euo pipefail

readonly GRPCURL_FOLDER=$1 BIN=$2
# shellcheck source=tests/interop/mesh/grpcurl.sh
. "${BASH_SOURCE[0]%/*}/grpcurl.sh"

readonly LISTENING='s/.* msg=listening .* port=\([0-9]*\)$/\1/p'
readonly INVENTORY=shop.inventory.v1.InventoryService ORDER=shop.order.v1.OrderService
readonly WAREHOUSE=shop.warehouse.v1.WarehouseService PAYMENT=shop.payment.v1.PaymentService
readonly FRAUD=shop.fraud.v1.FraudService
readonly TRACES=opentelemetry.proto.collector.trace.v1.TraceService

# start_program NAME [VARIABLE=VALUE…]: on a free port, with a folder for its data.
start_program() {
  local name=$1
  shift
  mkdir "$WORK/$name"
  start "$name" env OTEL_SDK_DISABLED=true LISTEN_ADDRESS=127.0.0.1:0 LENS_QUERY_PORT=0 \
    DATA_DIR="$WORK/$name" "$@" "$BIN/$name"
}

start_program lens
start_program fraud-service
fraud=127.0.0.1:$(port_of fraud-service "$LISTENING")
start_program payment-service FRAUD_SERVICE_URL="http://$fraud"
payment=127.0.0.1:$(port_of payment-service "$LISTENING")
start_program warehouse-service
warehouse=127.0.0.1:$(port_of warehouse-service "$LISTENING")
start_program inventory-service
inventory=127.0.0.1:$(port_of inventory-service "$LISTENING")
start_program order-service INVENTORY_SERVICE_URL="http://$inventory"
order=127.0.0.1:$(port_of order-service "$LISTENING")
lens=127.0.0.1:$(port_of lens "$LISTENING")

# all_is_described ADDRESS SERVICE: every service and method, and a template of what each method
# takes.
all_is_described() {
  local address=$1 service method request
  call 0 "$address" list
  says "$2" grpc.health.v1.Health grpc.reflection.v1.ServerReflection \
    grpc.reflection.v1alpha.ServerReflection
  while read -r service; do
    while read -r method; do
      call 0 "$address" describe "$method"
      request=$(sed -n 's/^rpc [A-Za-z]* ( \(stream \)\?\.\([A-Za-z0-9_.]*\) ).*/\2/p' "$WORK/out")
      [ -n "$request" ] || fail "the request of $method is missing in"
      call 0 -msg-template "$address" describe "$request"
      says "Message template:"
    done < <("$GRPCURL" -plaintext "$address" list "$service")
  done < <("$GRPCURL" -plaintext "$address" list)
}

# A user could not find out what a service takes.
everything_is_described() {
  all_is_described "$inventory" "$INVENTORY"
  all_is_described "$order" "$ORDER"
  all_is_described "$warehouse" "$WAREHOUSE"
  all_is_described "$payment" "$PAYMENT"
  all_is_described "$fraud" "$FRAUD"
  all_is_described "$lens" "$TRACES"
}

# The HTTP rules would be lost on those who only have reflection.
options_are_described() {
  call 0 "$order" describe "$ORDER.CreateOrder"
  says 'option (.google.api.http) = {' 'post: "/orders"'
}

# Probes would not know the services.
health_knows_every_service() {
  local address service
  while read -r address service; do
    call 0 -d "{\"service\": \"$service\"}" "$address" grpc.health.v1.Health/Check
    says '"status": "SERVING"'
  done <<END
$inventory $INVENTORY
$order $ORDER
$warehouse $WAREHOUSE
$payment $PAYMENT
$fraud $FRAUD
$lens $TRACES
$lens
END
}

# What a user types by hand would not reach the shop, or its answer not come back.
an_order_is_placed() {
  call 0 -d '{"product_id": "laptop-001"}' "$inventory" "$INVENTORY/GetItem"
  says '"productId": "laptop-001"' '"quantity": 50'
  call 0 -d '{"product_id": "laptop-001", "quantity": 2}' "$order" "$ORDER/CreateOrder"
  says '"productId": "laptop-001"' '"quantity": 2'
  id=$(sed -n 's/.*"orderId": "\([^"]*\)".*/\1/p' "$WORK/out")
  call 0 -d "{\"order_id\": \"$id\"}" "$order" "$ORDER/GetOrder"
  says "\"orderId\": \"$id\""
  call 0 -d '{"product_id": "laptop-001"}' "$inventory" "$INVENTORY/GetItem"
  says '"quantity": 48'
}

# A mistake would not be explained.
mistakes_are_explained() {
  call "$CODE_NOT_FOUND" -d '{"product_id": "no-such-thing"}' "$inventory" "$INVENTORY/GetItem"
  call "$CODE_INVALID_ARGUMENT" -format-error -d '{"product_id": "laptop-001", "quantity": 0}' \
    "$order" "$ORDER/CreateOrder"
  says '"@type": "type.googleapis.com/google.rpc.BadRequest"' '"field": "quantity"'
}

# Spans that others send by hand would be lost.
the_receiver_takes_spans() {
  call 0 -d '{"resource_spans": []}' "$lens" "$TRACES/Export"
}

# A program would not stop when it is told to.
all_stop() {
  stop order-service
  stop inventory-service
  stop warehouse-service
  stop payment-service
  stop fraud-service
  stop lens
}

run_cases everything_is_described options_are_described health_knows_every_service \
  an_order_is_placed mistakes_are_explained the_receiver_takes_spans all_stop
