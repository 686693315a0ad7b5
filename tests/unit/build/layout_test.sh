#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# layout_test.sh SOURCE_DIR
#
# What a machine can check of how the sources look: the licence line on top, the layout of
# .clang-format (where clang-format is installed). If this failed, the next change to the file would
# be hidden among changes of layout. Golden files are what a generator made, and left alone.
set -euo pipefail
cd "$1"

sources() {
  find . -path './build*' -prune -o -path './.*' -prune -o -path '*/golden/*' -prune -o -type f "$@" -print
}

result=0
while IFS= read -r file; do
  head -n 3 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0' || {
    printf '%s has no SPDX-License-Identifier line on top\n' "$file"
    result=1
  }
done < <(sources \( -name '*.[ch]' -o -name '*.sh' -o -name '*.proto' -o -name '*.cmake' -o -name CMakeLists.txt \))

if command -v clang-format >/dev/null; then
  sources -name '*.[ch]' | xargs clang-format --dry-run -Werror || result=1
fi
exit $result
