# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# test: every tier, and the sanitizer builds of those that look at our own code; the tier that takes
# programs that others wrote runs with those that are in its cache, unless it is told to get them.

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

# show_skipped LOG FOLDER: the tests that ctest skipped, and where to read why.
show_skipped() {
  local -a names
  mapfile -t names < <(sed -n 's|^ *[0-9]*/[0-9]* Test *#[0-9]*: \([^ ]*\) .*\*\*\*Skipped.*|\1|p' "$1")
  [ ${#names[@]} -eq 0 ] || note "${#names[@]} skipped: ${names[*]}" "$2/Testing/Temporary/LastTest.log says why"
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
    show_skipped "$log" "$folder"
    return
  fi
  show_failures "$log"
  FAILED+=("$title")
}

# The programs that the interop tier takes and the cache has not. Where one is not to be had its tests
# are skipped.
get_others_programs() {
  step "Programs that others wrote"
  set_up "${PACKAGES[@]}" "${TEST_PACKAGES[@]}" "${INTEROP_PACKAGES[@]}"
  "$ROOT/tests/interop/install" || [ $? -eq 77 ] || fail "tests/interop/install failed; the reason is above."
}

test_interop() {
  get_others_programs
  run_tests "Together with programs that others wrote" "$ROOT/build-test" '^interop$' \
    -DCMAKE_BUILD_TYPE=RelWithDebInfo
}

test_everything() {
  set_up "${PACKAGES[@]}" "${TEST_PACKAGES[@]}"
  run_tests "All tests" "$ROOT/build-test" '' -DCMAKE_BUILD_TYPE=RelWithDebInfo
  run_tests "Address and undefined behaviour sanitizers" "$ROOT/build-asan" '^(unit|loopback|fuzz)$' \
    -DCMAKE_BUILD_TYPE=Debug -DMESHWORK_SANITIZE=address,undefined
  run_tests "Thread sanitizer" "$ROOT/build-tsan" '^(unit|loopback)$' \
    -DCMAKE_BUILD_TYPE=Debug -DMESHWORK_SANITIZE=thread
}

command_test() {
  FAILED=()
  case ${1:-} in
  --interop)
    shift
    no_arguments "test --interop" "$@"
    test_interop
    ;;
  --all)
    shift
    no_arguments "test --all" "$@"
    get_others_programs
    test_everything
    ;;
  *)
    no_arguments test "$@"
    test_everything
    ;;
  esac
  [ ${#FAILED[@]} -eq 0 ] || fail "tests failed in: ${FAILED[*]}" "All output: $LOG_DIR/test-*.log"
  step "${GREEN}Every test passed${PLAIN} in $SECONDS seconds"
}
