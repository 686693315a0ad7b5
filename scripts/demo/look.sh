# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Looking at what runs: traces, status, logs, load.

# fetch_tree TRACE_ID FILE
fetch_tree() {
  curl -fsS --max-time 5 -o "$2" "$LENS/api/traces/$1/tree" 2>/dev/null
}

# tree_has_settled TRACE_ID: its tree is in $RUN_DIR/tree, and a moment has brought no more. Spans arrive
# batch by batch, one process after the other.
tree_has_settled() {
  local tree=$RUN_DIR/tree
  fetch_tree "$1" "$tree.new" || return 1
  ! cmp -s "$tree" "$tree.new" || return 0
  mv "$tree.new" "$tree"
  sleep 0.25
  return 1
}

# The id of the trace of the latest order; nothing when there is none. The list is one JSON object,
# a trace's part of it begins with its id.
latest_order_trace() {
  curl -fsS --max-time 5 "$LENS/api/traces?service=order-service&limit=1000" |
    sed 's/{"traceID"/\n&/g' | grep -E -m 1 '"POST /(orders|api/order)"' | sed 's/^{"traceID": *"\([0-9a-f]*\)".*/\1/' || true
}

what_to_try() {
  cat <<EOF

${BOLD}It runs.${PLAIN}
    $GATEWAY                 the shop
    $GATEWAY/openapi.json    what it can do
    $LENS/api/traces      the traces

${BOLD}Try${PLAIN}
    curl -i $GATEWAY/orders -H 'Content-Type: application/json' -d '{"product_id": "laptop-001", "quantity": 2}'
    curl $GATEWAY/inventory/laptop-001
    curl $GATEWAY/orders
    grpcurl -plaintext localhost:$ORDER_PORT list
    grpcurl -plaintext -d '{"product_id": "phone-001"}' localhost:$INVENTORY_PORT shop.inventory.v1.InventoryService/GetItem
    ./demo order        ./demo order --declined       ./demo trace          ./demo logs --trace
    ./demo load --rate 200        ./demo logs -f        ./demo down
EOF
}

need_trace_id() {
  [[ $1 =~ ^[0-9a-fA-F]{32}$ ]] || usage_error "'$1' is no trace id: that is 32 hexadecimal digits"
}

# Sets TRACE to the latest order's, or says why there is none.
find_latest_trace() {
  service_runs lens || fail "the receiver, which knows the latest order, is not running." "./demo up starts it."
  TRACE=$(latest_order_trace)
  [ -n "$TRACE" ] || fail "there is no trace of an order yet." "Place one; ./demo up shows how."
}

command_trace() {
  [ $# -le 1 ] || usage_error "'trace' takes one trace id"
  local id=${1:-} TRACE
  if [ -n "$id" ]; then
    need_trace_id "$id"
    service_runs lens || fail "the receiver is not running." "./demo up starts it."
  else
    find_latest_trace
    id=$TRACE
  fi
  rm -f "$RUN_DIR/tree"
  wait_until 2 tree_has_settled "$id" || [ -e "$RUN_DIR/tree" ] ||
    fail "the receiver has no trace $id." "It keeps the latest ones only."
  cat "$RUN_DIR/tree"
}

# Resident memory of a process, as "12.3 MB".
memory_of() {
  awk '/^VmRSS:/ { printf "%.1f MB", $2 / 1024 }' "/proc/$1/status" 2>/dev/null
}

# One line, and non-zero when the service is not well.
service_status() {
  local service=$1 pid health result=0
  pid=$(service_pid "$service")
  if [ -z "$pid" ]; then
    printf '%-18s %sdown%s\n' "$service" "$DIM" "$PLAIN"
    return 1
  fi
  if is_serving "$service"; then
    health=${GREEN}SERVING$PLAIN
  else
    health="${RED}NOT SERVING$PLAIN" result=1
  fi
  printf '%-18s %s  port %s  pid %s  %s\n' "$service" "$health" "$(health_port "$service")" "$pid" "$(memory_of "$pid")"
  return $result
}

# Exits 0 when all is well, 1 otherwise.
command_status() {
  no_arguments status "$@"
  local service result=0
  for service in "${SERVICES[@]}"; do
    service_status "$service" || result=1
  done
  return $result
}

# The lines of a trace, logfmt or JSON, behind the name of the service, in the order of time.
lines_of_trace() {
  local id=$1 file
  shift
  for file; do
    [ ! -f "$file" ] || grep -E "(trace_id=|\"trace_id\":\")$id\\b" "$file" | sed "s/^/$(basename "$file" .log) /" || true
  done | sed -E 's/^[^ ]+ (time=|\{"time":")([^ "]+)/\2 &/' | sort -s -k 1,1 |
    while read -r _ service line; do printf '%-18s %s\n' "$service" "$line"; done
}

show_lines_of_trace() {
  local id=${1,,} lines
  shift
  lines=$(lines_of_trace "$id" "$@")
  [ -n "$lines" ] || fail "no line of trace $id in $LOG_DIR." \
    "The gateway's answers name theirs in the header x-trace-id; ./demo logs --trace shows the latest order's."
  printf '%s\n' "$lines"
}

# Sets what the arguments ask for: SERVICE, FOLLOW, and TRACE ("latest" with no id).
read_logs_arguments() {
  while [ $# -gt 0 ]; do
    case $1 in
    -f) FOLLOW=(-F) ;;
    --trace)
      TRACE=latest
      if [ -n "${2:-}" ] && [[ $2 != -* ]] && ! is_service "$2"; then
        need_trace_id "$2"
        TRACE=$2
        shift
      fi
      ;;
    -*) usage_error "'logs' has no option $1" ;;
    *)
      [ -z "$SERVICE" ] || usage_error "'logs' takes one service"
      is_service "$1" || usage_error "there is no service '$1': they are ${SERVICES[*]}"
      SERVICE=$1
      ;;
    esac
    shift
  done
  [ -z "$TRACE" ] || [ ${#FOLLOW[@]} -eq 0 ] ||
    usage_error "a trace's lines are sorted by time: --trace does not go with -f"
}

command_logs() {
  local -a FOLLOW=() files=()
  local SERVICE='' TRACE='' name
  read_logs_arguments "$@"
  for name in ${SERVICE:-"${SERVICES[@]}"}; do
    [ ! -f "$LOG_DIR/$name.log" ] || files+=("$LOG_DIR/$name.log")
  done
  [ ${#files[@]} -gt 0 ] || fail "there are no logs yet." "./demo up makes some."
  if [ -n "$TRACE" ]; then
    [ "$TRACE" != latest ] || find_latest_trace
    show_lines_of_trace "$TRACE" "${files[@]}"
    return
  fi
  exec tail -n 30 "${FOLLOW[@]}" "${files[@]}"
}

command_load() {
  local rate=100 seconds=10
  while [ $# -gt 0 ]; do
    case $1 in
    --rate) need_number "$@" && rate=$2 ;;
    --seconds) need_number "$@" && seconds=$2 ;;
    *) usage_error "'load' has no option $1" ;;
    esac
    shift 2
  done
  service_runs api-gateway || fail "the gateway is not running." "./demo up starts it."
  exec "$BUILD_DIR/bin/mesh-load" --rate "$rate" --seconds "$seconds" "$GATEWAY"
}
