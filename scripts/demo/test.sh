# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# test: every tier, and the sanitizer builds of those that look at our own code.

JOBS=$(nproc)
readonly JOBS

# run_tests TITLE FOLDER TIERS CMAKE_ARGUMENTS…: configure, build, ctest. TIERS is a regular
# expression of labels; empty for all.
run_tests() {
  local title=$1 folder=$2 tiers=$3 began=$SECONDS log
  local -a labels=()
  shift 3
  log=$LOG_DIR/test-$(basename "$folder").log
  step "$title"
  configure "$folder" "$@"
  build "$folder"
  [ -z "$tiers" ] || labels=(-L "$tiers")
  if ctest --test-dir "$folder" -j "$JOBS" "${labels[@]}" --no-tests=error --output-on-failure >"$log" 2>&1; then
    note "$(grep 'tests passed' "$log") ($((SECONDS - began)) s)"
    return
  fi
  sed -n '/\*\*\*/,/^ *[0-9]*\/[0-9]* Test/p' "$log" | tail -n 60 >&2
  sed -n '/The following tests FAILED/,$p' "$log" >&2
  FAILED+=("$title")
}

command_test() {
  no_arguments test "$@"
  FAILED=()
  set_up "${PACKAGES[@]}" "${TEST_PACKAGES[@]}"
  run_tests "All tests" "$ROOT/build-test" '' -DCMAKE_BUILD_TYPE=RelWithDebInfo
  run_tests "Address and undefined behaviour sanitizers" "$ROOT/build-asan" '^(unit|loopback|fuzz)$' \
    -DCMAKE_BUILD_TYPE=Debug -DMESHWORK_SANITIZE=address,undefined
  run_tests "Thread sanitizer" "$ROOT/build-tsan" '^(unit|loopback)$' \
    -DCMAKE_BUILD_TYPE=Debug -DMESHWORK_SANITIZE=thread
  [ ${#FAILED[@]} -eq 0 ] || fail "tests failed in: ${FAILED[*]}" "All output: $LOG_DIR/test-*.log"
  step "${GREEN}Every test passed${PLAIN} in $SECONDS seconds"
}
