# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Placing orders: the first one, after "up", and the one of "order".

# post_order PATH BODY CURL_ARGUMENTS…: sets ORDER_CODE, ORDER_ANSWER and ORDER_TRACE, the trace's id.
post_order() {
  local path=$1 body=$2 answer=$RUN_DIR/order.json headers=$RUN_DIR/order.headers
  shift 2
  ORDER_CODE=$(curl -sS -o "$answer" -D "$headers" -w '%{http_code}' --max-time 15 "$GATEWAY$path" \
    -H 'Content-Type: application/json' -d "$body" "$@") ||
    fail "the gateway at $GATEWAY did not answer." "Its log: ./demo logs api-gateway"
  ORDER_ANSWER=$(<"$answer")
  ORDER_TRACE=$(tr -d '\r' <"$headers" | sed -n 's/^[Xx]-[Tt]race-[Ii]d: *//p')
}

# The trace of an order is whole when the gateway's part of it is there, too.
trace_is_whole() {
  tree_has_settled "$1" && grep -q "api-gateway" "$RUN_DIR/tree"
}

# post_paid_order ITEM QUANTITY CURL_ARGUMENTS…: an order that takes every service.
post_paid_order() {
  local item=$1 quantity=$2
  shift 2
  post_order /api/order '{"user_id": "123", "items": [{"item_id": "'"$item"'", "quantity": '"$quantity"'}],
    "amount": "49.99", "payment_method": "credit_card", "shipping_address": "10 Main Street, CA"}' "$@"
}

show_trace_of_order() {
  [ -n "$ORDER_TRACE" ] || fail "the gateway's answer has no x-trace-id header." "Is tracing off (OTEL_SDK_DISABLED)?"
  step "Its trace, $ORDER_TRACE"
  rm -f "$RUN_DIR/tree"
  wait_until 10 trace_is_whole "$ORDER_TRACE" ||
    fail "the trace did not reach the receiver within 10 seconds." "Look at ./demo logs lens and ./demo logs api-gateway"
  sed 's/^/    /' "$RUN_DIR/tree"
}

# An order without a payment, of a product that the inventory alone has.
place_order() {
  post_order /orders '{"product_id": "demo-product", "quantity": 1}'
  case $ORDER_CODE in
  201) note "$ORDER_ANSWER" ;;
  # The demo product sells out after a hundred first orders.
  400 | 409 | 412) note "answered $ORDER_CODE: $ORDER_ANSWER" ;;
  *) fail "the order was answered $ORDER_CODE: $ORDER_ANSWER" "Its log: ./demo logs order-service" ;;
  esac
}

first_order() {
  step "Placing an order"
  place_order
  show_trace_of_order
}

# What a refusal means, for people, and what to do about it.
fail_with_refusal() {
  case $ORDER_CODE/$ORDER_ANSWER in
  400/*) fail "the order was refused: one of its fields is wrong." ;;
  402/*) fail "the order was refused: its payment was declined." "Stock and payment are as before; a next order may pass." ;;
  404/*UNKNOWN_ITEM*) fail "the order was refused: there is no item '$ITEM'." "What there is: curl $GATEWAY/inventory" ;;
  404/*) fail "this gateway does not serve /api/order." "Is it the one of this demo? ./demo status" ;;
  409/*) fail "the order was refused: there is too little of $ITEM." "What there is: curl $GATEWAY/inventory/$ITEM" ;;
  503/* | 504/*) fail "the order was given up: a service that it takes is down or slow." "Which one: ./demo status" ;;
  *) fail "the order was answered $ORDER_CODE, which should not happen." "What is known about it is above." ;;
  esac
}

# Sets DECLINED, ITEM and QUANTITY.
read_order_arguments() {
  local -a words=()
  while [ $# -gt 0 ]; do
    case $1 in
    --declined) DECLINED=(-H 'baggage: fraud.outcome=fraudulent') ;;
    -*) usage_error "'order' has no option $1" ;;
    *) words+=("$1") ;;
    esac
    shift
  done
  [ ${#words[@]} -le 2 ] || usage_error "'order' takes an item and a quantity"
  ITEM=${words[0]:-sku001} QUANTITY=${words[1]:-1}
  [[ $ITEM =~ ^[A-Za-z0-9._-]+$ ]] || usage_error "'$ITEM' is no id of an item"
  [[ $QUANTITY =~ ^[1-9][0-9]{0,6}$ ]] || usage_error "'$QUANTITY' is no quantity: that is a whole number from 1"
}

command_order() {
  local -a DECLINED=()
  local ITEM QUANTITY
  read_order_arguments "$@"
  service_runs api-gateway || fail "the gateway is not running." "./demo up starts it."
  service_runs lens || fail "the receiver, which has the trace, is not running." "./demo up starts it."
  step "Placing an order: $QUANTITY of $ITEM, for \$49.99"
  post_paid_order "$ITEM" "$QUANTITY" "${DECLINED[@]}"
  note "HTTP $ORDER_CODE" "$ORDER_ANSWER"
  show_trace_of_order
  step "What the services say about it"
  show_lines_of_trace "$ORDER_TRACE" "$LOG_DIR"/*.log | sed 's/^/    /'
  [[ $ORDER_CODE == 2* ]] || fail_with_refusal
  [ ${#DECLINED[@]} -eq 0 ] ||
    fail "the order was to be declined, but went through." "Does the fraud service take wishes (FRAUD_ALLOW_FORCED_OUTCOME=true)?"
}
