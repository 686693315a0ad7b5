#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# snippets_test.sh SOURCE_DIR
#
# Every code block in README.md and docs/*.md that stands behind a line
#
#   <!-- from docs/samples/ballot/main.c -->
#
# is in that file, line for line. If this failed, a page would show code that is not compiled.
set -euo pipefail
cd "$1"

# Prints each quoted block's file on a line, then the block, then a line with \f alone.
blocks() {
  awk '
    /^<!-- from .* -->$/ { from = $3; next }
    from != "" && /^```/ && !inside { inside = 1; print from; next }
    inside && /^```/ { inside = 0; from = ""; print "\f"; next }
    inside { print }
  ' "$1"
}

checked=0
failed=0
for page in README.md docs/*.md; do
  [ -f "$page" ] || continue
  from=
  block=
  while IFS= read -r line; do
    if [ -z "$from" ]; then
      from=$line
      block=
    elif [ "$line" = $'\f' ]; then
      checked=$((checked + 1))
      content=$(cat "$from")
      if [[ $'\n'$content$'\n' != *$'\n'"$block"* ]]; then
        printf 'FAILED: %s quotes what is not in %s:\n%s\n' "$page" "$from" "$block"
        failed=1
      fi
      from=
    else
      block+=$line$'\n'
    fi
  done < <(blocks "$page")
done
printf '%d quotations checked\n' "$checked"
[ "$checked" -gt 0 ] && [ "$failed" = 0 ]
