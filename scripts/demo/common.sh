# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What every part of the demo uses: where things are, and how it speaks.

# The folders can be moved, for the script's own tests.
STATE_DIR=${DEMO_STATE_DIR:-$ROOT/.demo}
BUILD_DIR=${DEMO_BUILD_DIR:-$ROOT/build}
readonly STATE_DIR BUILD_DIR
# How long a service may take to serve, in seconds.
readonly PATIENCE=${DEMO_PATIENCE:-20}
readonly LOG_DIR=$STATE_DIR/logs RUN_DIR=$STATE_DIR/run DATA_ROOT=$STATE_DIR/data

if [ -t 1 ]; then
  readonly BOLD=$'\e[1m' DIM=$'\e[2m' RED=$'\e[31m' GREEN=$'\e[32m' PLAIN=$'\e[0m'
else
  readonly BOLD='' DIM='' RED='' GREEN='' PLAIN=''
fi

# step TEXT: what is being done now.
step() {
  printf '%s==>%s %s\n' "$BOLD" "$PLAIN" "$*"
}

# note TEXT…: a detail of the step.
note() {
  printf '    %s\n' "$@"
}

# complain WHAT [WHAT_TO_DO…]: one message that names the culprit, then what to do about it.
complain() {
  printf '%smeshwork: %s%s\n' "$RED" "$1" "$PLAIN" >&2
  shift
  [ $# -eq 0 ] || printf '  %s\n' "$@" >&2
}

# fail WHAT [WHAT_TO_DO…]
fail() {
  complain "$@"
  exit 1
}

usage_error() {
  complain "$1" "./demo --help says what there is."
  exit 2
}

# no_arguments COMMAND ARGUMENTS…
no_arguments() {
  [ $# -eq 1 ] || usage_error "'$1' takes no arguments, but was given '$2'"
}

# need_value OPTION ARGUMENTS…: the option is the first argument and its value the second.
need_number() {
  [[ ${2:-} =~ ^[1-9][0-9]{0,6}$ ]] || usage_error "$1 needs a whole number from 1, not '${2:-nothing}'"
}

# Only one demo command that changes things at a time. The descriptor is not for the services: they
# are started with it closed.
take_lock() {
  mkdir -p "$STATE_DIR"
  exec 9>"$STATE_DIR/lock"
  flock --nonblock 9 || fail "another ./demo is at work in $STATE_DIR." "Wait for it, or stop it."
}

# wait_until SECONDS COMMAND…: polls; non-zero when the time is over.
wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt "$deadline" ] || return 1
    sleep 0.05
  done
}
