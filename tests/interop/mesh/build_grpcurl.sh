#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# build_grpcurl.sh FOLDER
#
# Puts the pinned grpcurl into FOLDER, built with Go, once. Exits 77, which ctest shows as skipped,
# where there is no Go or no way to its modules; the tests that need grpcurl are skipped as well.
set -euo pipefail

readonly VERSION=v1.9.3 FOLDER=$1
readonly PROGRAM=$FOLDER/grpcurl-$VERSION

skip() {
  printf 'SKIPPED: %s\n' "$1"
  exit 77
}

if [ -x "$PROGRAM" ]; then
  printf 'there already: %s\n' "$PROGRAM"
  exit 0
fi
command -v go >/dev/null || skip "grpcurl is built with Go, and there is no go in the PATH (https://go.dev/dl)"

mkdir -p "$FOLDER"
work=$(mktemp -d "$FOLDER/build.XXXXXX")
trap 'rm -rf -- "$work"' EXIT
if ! GOBIN=$work GOFLAGS="${GOFLAGS:-} -modcacherw" go install \
  "github.com/fullstorydev/grpcurl/cmd/grpcurl@$VERSION" >"$work/log" 2>&1; then
  tail -n 20 "$work/log"
  skip "go could not build grpcurl $VERSION; what it said is above"
fi
mv -- "$work/grpcurl" "$PROGRAM"
printf 'built: %s\n' "$PROGRAM"
