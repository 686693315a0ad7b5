# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Configure and build, with progress that fits a terminal and a log alike.

# Reads ninja's lines, writes them to the log $1, and shows how far it is.
show_progress() {
  local log=$1 line done_count total percent shown=-10
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$log"
    [[ $line =~ ^\[([1-9][0-9]*)/([0-9]+)\] ]] || continue
    done_count=${BASH_REMATCH[1]} total=${BASH_REMATCH[2]}
    percent=$((100 * done_count / total))
    if [ -t 1 ]; then
      printf '\r\e[K    [%d/%d] %.80s' "$done_count" "$total" "${line#*] }"
    elif [ $percent -ge $((shown + 10)) ]; then
      shown=$percent
      note "[$done_count/$total]"
    fi
  done
  [ ! -t 1 ] || printf '\r\e[K'
}

# A build folder that was copied here with the tree would go on building where it came from.
forget_foreign_build() {
  local cache=$1/CMakeCache.txt
  [ -f "$cache" ] || return 0
  grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$ROOT" "$cache" && return
  rm -rf -- "$cache" "$1/CMakeFiles" "$1/build.ninja"
}

# configure FOLDER CMAKE_ARGUMENTS…: once; after that ninja itself knows when to do it again.
configure() {
  local folder=$1 log=$LOG_DIR/configure-$(basename "$1").log
  shift
  forget_foreign_build "$folder"
  [ ! -f "$folder/build.ninja" ] || return 0
  step "Configuring $(basename "$folder")"
  local -a launcher=()
  ! command -v ccache >/dev/null || launcher=(-DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  cmake -S "$ROOT" -B "$folder" -G Ninja "${launcher[@]}" "$@" >"$log" 2>&1 && return
  rm -f "$folder/CMakeCache.txt"
  grep -vE '^--|^$' "$log" | tail -n 20 >&2
  fail "configuring the build failed; the reason is above." "All of it: $log"
}

# build FOLDER [NINJA_TARGETS…]
build() {
  local folder=$1 log=$LOG_DIR/build-$(basename "$1").log
  shift
  : >"$log"
  ninja -C "$folder" "$@" 2>&1 | show_progress "$log" && return
  grep -A 25 -m 1 '^FAILED:\|error:\|^CMake Error\|ninja: error' "$log" >&2 || tail -n 20 "$log" >&2
  fail "the build in $(basename "$folder") failed; its first error is above." "All of it: $log"
}

# A build folder that a developer configured otherwise becomes a Release.
build_release() {
  if [ -f "$BUILD_DIR/build.ninja" ] && ! grep -q '^CMAKE_BUILD_TYPE:[A-Z]*=Release$' "$BUILD_DIR/CMakeCache.txt"; then
    note "$(basename "$BUILD_DIR") held another kind of build; configuring it as Release"
    rm -f "$BUILD_DIR/build.ninja"
  fi
  configure "$BUILD_DIR" -DCMAKE_BUILD_TYPE=Release -DMESHWORK_TESTS=OFF -DMESHWORK_WERROR=OFF
  step "Building"
  build "$BUILD_DIR"
}

# What the containers' images are made with, a layer each: what has to be installed, then the programs.
command_set-up() {
  no_arguments set-up "$@"
  take_lock
  set_up "${PACKAGES[@]}"
}

command_build() {
  no_arguments build "$@"
  take_lock
  set_up "${PACKAGES[@]}"
  build_release
}
