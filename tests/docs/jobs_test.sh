#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# jobs_test.sh JOBS
#
# What docs/adding-spans.md says the sample program prints. If this failed, a reader who types it
# would see something else.
set -euo pipefail

readonly JOBS=$1
WORK=$(mktemp -d)
readonly WORK
trap 'rm -rf -- "$WORK"' EXIT

fail() {
  printf 'FAILED: %s\n' "$1"
  cat "$WORK"/*
  exit 1
}

OTEL_TRACES_EXPORTER=console "$JOBS" >"$WORK/spans" 2>"$WORK/counters" || fail "it exits with $?"
[ "$(wc -l <"$WORK/spans")" = 7 ] || fail "seven spans"
[ "$(grep -c ' root PRODUCER "submit" ' "$WORK/spans")" = 2 ] || fail "a trace per job"
[ "$(grep -c ' CONSUMER "work" .* job.tenant="blue" events=\["done"\]$' "$WORK/spans")" = 2 ] || fail "baggage"
[ "$(grep -c ' INTERNAL "read" .* ERROR .*error.type=' "$WORK/spans")" = 1 ] || fail "the broken job"
# Each of the first six lines is of one of two traces: the context went through the headers.
[ "$(head -6 "$WORK/spans" | cut -d ' ' -f 2 | sort -u | wc -l)" = 2 ] || fail "two traces"
grep -qx '7 spans started, 7 exported, 0 dropped' "$WORK/counters" || fail "the counters"

# Nobody listens: the program does its work, ends in time, and says what was lost and why.
started=$SECONDS
OTEL_EXPORTER_OTLP_ENDPOINT=unix:$WORK/nobody "$JOBS" >"$WORK/spans" 2>"$WORK/counters" || fail "without a collector it exits with $?"
[ $((SECONDS - started)) -lt 30 ] || fail "without a collector it takes its time"
grep -qx 'jobs: not all spans have left' "$WORK/counters" || fail "a flush that cannot have succeeded"
grep -qx '7 spans started, 0 exported, 7 dropped' "$WORK/counters" || fail "what was lost"

OTEL_SDK_DISABLED=true "$JOBS" >"$WORK/spans" 2>"$WORK/counters" || fail "disabled it exits with $?"
grep -qx '0 spans started, 0 exported, 0 dropped' "$WORK/counters" || fail "disabled, it records"
