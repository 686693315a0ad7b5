# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Processes and ports. A pid file holds "PID START_TIME": a pid that the system gave to somebody else
# since has another start time, so we never signal a process that is not ours.

# The start time of a process in clock ticks since boot; nothing when there is no such process.
start_time() {
  local stat
  { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 0
  # The command, in parentheses, may hold anything: count fields from its end. It is field 2; we
  # want field 22.
  # shellcheck disable=SC2086
  set -- ${stat##*) }
  [ "$1" = Z ] || printf '%s\n' "${20}"
}

# The pid of SERVICE when it runs; nothing otherwise.
service_pid() {
  local pid started
  { read -r pid started <"$RUN_DIR/$1.pid"; } 2>/dev/null || return 0
  [ -n "$started" ] && [ "$(start_time "$pid")" = "$started" ] || return 0
  printf '%s\n' "$pid"
}

service_runs() {
  [ -n "$(service_pid "$1")" ]
}

service_is_gone() {
  ! service_runs "$1"
}

# launch SERVICE COMMAND…: in the background, in a session of its own, without our lock.
launch() {
  local service=$1 pid
  shift
  setsid "$@" >>"$LOG_DIR/$service.log" 2>&1 </dev/null 9>&- &
  pid=$!
  disown "$pid"
  printf '%s %s\n' "$pid" "$(start_time "$pid")" >"$RUN_DIR/$service.pid"
}

# stop_service SERVICE: SIGTERM, and SIGKILL for one that does not drain in time.
stop_service() {
  local service=$1 pid
  pid=$(service_pid "$service")
  if [ -n "$pid" ]; then
    kill -TERM "$pid" 2>/dev/null || true
    if ! wait_until 20 service_is_gone "$service"; then
      complain "$service (process $pid) did not stop within 20 seconds; killed." "Its last words: ./demo logs $service"
      kill -KILL "$pid" 2>/dev/null || true
    fi
  fi
  rm -f "$RUN_DIR/$service.pid"
}

# The inodes of sockets that listen on TCP port $1, any address, IPv4 and IPv6.
listening_inodes() {
  local port
  port=$(printf '%04X' "$1")
  awk -v port=":$port" '$4 == "0A" && substr($2, length($2) - 4) == port { print $10 }' \
    /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

port_is_taken() {
  [ -n "$(listening_inodes "$1")" ]
}

# Who listens on port $1, for people: "process 42 (python3 -m http.server)".
port_holder() {
  local inode link pid
  for inode in $(listening_inodes "$1"); do
    for link in /proc/[0-9]*/fd/*; do
      [ "$(readlink "$link" 2>/dev/null)" = "socket:[$inode]" ] || continue
      pid=${link#/proc/}
      pid=${pid%%/*}
      printf 'process %s (%s)\n' "$pid" "$(tr '\0' ' ' <"/proc/$pid/cmdline" | cut -c 1-80 | sed 's/ *$//')"
      return
    done
  done
  printf "a process of another user (as root, this names it)\n"
}
