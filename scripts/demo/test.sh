# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# test: every tier, and the sanitizer builds of those that look at our own code.

JOBS=$(nproc)
readonly JOBS

# The last lines of every failed test in a log of ctest, and then their names.
show_failures() {
  awk -v most=40 '
    function flush() {
      for (i = (n > most ? n - most + 1 : 1); i <= n; i++) print kept[i]
      n = 0
    }
    /^ *[0-9]+\/[0-9]+ Test +#/ || /% tests passed/ { flush(); failed = 0 }
    /\*\*\*/ { failed = 1; print "--- " $0 }
    /The following tests FAILED/ { failed = 1 }
    failed && !/\*\*\*/ { kept[++n] = $0 }
    END { flush() }' "$1" >&2
}

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
  show_failures "$log"
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
