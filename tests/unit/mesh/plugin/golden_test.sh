#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What protoc-gen-mesh-c makes of golden/*.proto is what golden/*.mesh.{h,c} say, and what it says
# about errors/*.proto is what errors/*.txt say.
#
#   golden_test.sh PROTOC PLUGIN            compares
#   golden_test.sh PROTOC PLUGIN --refresh  writes the expected files anew; look at the diff
#
# A line "// mesh-c_opt: …" in a .proto gives the plugin's options.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
protoc=$1
plugin=$2
refresh=${3:-}
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
failed=0

# run_plugin FOLDER NAME: exit code and messages are protoc's.
run_plugin() {
  options=$(sed -n 's|^// mesh-c_opt: *||p' "$here/$1/$2.proto")
  "$protoc" --proto_path="$here/$1" --proto_path=/usr/include --plugin=protoc-gen-mesh-c="$plugin" \
    ${options:+--mesh-c_opt="$options"} --mesh-c_out="$made" "$2.proto"
}

# expect FOLDER FILE: the file just made is the one expected.
expect() {
  if [ "$refresh" = --refresh ]; then
    cp "$made/$2" "$here/$1/$2"
  elif ! diff -u "$here/$1/$2" "$made/$2"; then
    echo "$1/$2 is not as expected; the lines with + are new" >&2
    failed=1
  fi
}

for proto in "$here"/golden/*.proto; do
  name=$(basename "$proto" .proto)
  run_plugin golden "$name"
  expect golden "$name.mesh.h"
  expect golden "$name.mesh.c"
done

for proto in "$here"/errors/*.proto; do
  name=$(basename "$proto" .proto)
  if run_plugin errors "$name" >"$made/$name.txt" 2>&1; then
    echo "errors/$name.proto was taken" >&2
    failed=1
  fi
  expect errors "$name.txt"
done

exit $failed
