#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# install_test.sh BUILD_DIR CONSUMER_DIR SAMPLE_DIR
#
# Installs the build into a folder of its own and builds a program against it that knows nothing of
# this tree: through find_package, shared and static, and through pkg-config. If this failed, what we
# install could not be used.
set -euo pipefail

readonly BUILD_DIR=$1 CONSUMER_DIR=$2 SAMPLE_DIR=$3
WORK=$(mktemp -d)
readonly WORK PREFIX=$WORK/prefix
trap 'rm -rf -- "$WORK"' EXIT

# quietly COMMAND…: what it says is shown only when it fails.
quietly() {
  "$@" >"$WORK/log" 2>&1 || {
    cat "$WORK/log"
    printf 'FAILED: %s\n' "$*"
    exit 1
  }
}

with_cmake() {
  quietly cmake -S "$CONSUMER_DIR" -B "$WORK/build" -G Ninja -DCMAKE_PREFIX_PATH="$PREFIX" -DCMAKE_C_COMPILER="${CC:-cc}"
  quietly ninja -C "$WORK/build"
  local program
  for program in "$WORK"/build/use_*; do
    quietly "$program"
    printf 'ok %s through find_package\n' "${program##*/}"
  done
}

# What the pages tell a reader to do: the sample, with nothing but what is installed.
with_samples() {
  quietly cmake -S "$SAMPLE_DIR" -B "$WORK/sample" -G Ninja -DCMAKE_PREFIX_PATH="$PREFIX" -DCMAKE_C_COMPILER="${CC:-cc}"
  quietly ninja -C "$WORK/sample"
  quietly "$WORK/sample/ballot-test"
  printf 'ok the sample service\n'
}

# The .pc files say where they are themselves, so a moved prefix works as well.
with_pkg_config() {
  local -a flags
  local library_dir
  library_dir=$(dirname "$(find "$PREFIX" -name otlp.pc)")
  export PKG_CONFIG_PATH=$library_dir
  read -ra flags <<<"$(pkg-config --cflags --libs otlp)"
  quietly "${CC:-cc}" -std=c11 "$CONSUMER_DIR/use_otlp.c" -o "$WORK/use_otlp" "${flags[@]}"
  quietly env LD_LIBRARY_PATH="$library_dir/.." "$WORK/use_otlp"
  printf 'ok use_otlp through pkg-config\n'
}

# Only the library's own names may be seen from outside, and none of its inner ones.
only_public_names() {
  local library name strangers
  for library in "$PREFIX"/lib*/lib*.so; do
    name=$(basename "$library" .so)
    name=${name#lib}
    strangers=$(nm -D --defined-only "$library" | awk -v wanted="^${name}_[^_]" '$3 !~ wanted { print $3 }')
    [ -z "$strangers" ] || {
      printf 'FAILED: %s exports %s\n' "$library" "$strangers"
      exit 1
    }
  done
}

quietly cmake --install "$BUILD_DIR" --prefix "$PREFIX"
with_cmake
with_samples
with_pkg_config
only_public_names
