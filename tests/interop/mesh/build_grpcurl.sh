#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# build_grpcurl.sh FOLDER
#
# Puts the pinned grpcurl into FOLDER, obtained once a machine by tests/interop/install. Exits 77, which
# ctest shows as skipped, where it is not to be had; the tests that need grpcurl are skipped as well.
set -euo pipefail

readonly FOLDER=$1

program=$("${BASH_SOURCE[0]%/*}/../install" --where grpcurl)
rm -rf -- "$FOLDER"
mkdir -p "$FOLDER"
cp -- "$program" "$FOLDER/"
