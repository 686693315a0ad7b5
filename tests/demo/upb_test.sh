#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# upb_test.sh SOURCE_DIR
#
# The upb headers, which configuring fetches once: the real CMakeLists.txt and the real script, in a
# tree of links, with an apt and a dpkg that are not theirs. There are no others on the PATH, and none
# of what else could reach a network. Each test is a function named test_...; what it says above is
# what would be broken.
set -euo pipefail

SOURCE_DIR=$1
# shellcheck source=tests/demo/frame.sh
source "$(dirname "${BASH_SOURCE[0]}")/frame.sh"
readonly TREE=$WORK/tree TOOLS=$WORK/tools SHIPPED=$WORK/shipped ASKED=$WORK/asked SOURCES=$WORK/sources
readonly UPB=$TREE/build/upb
export DEMO_BUILD_DIR=$TREE/build DEMO_OS_RELEASE=$WORK/os-release
export APT_IS=well VERSION=1.51.1-3
unset CMAKE_GENERATOR

# Where headers would be kept is a place of the tree, so it may not be the one that we are part of.
make_tree() {
  local entry
  mkdir -p "$TREE"
  for entry in "$SOURCE_DIR"/*; do
    [[ ${entry##*/} == build* ]] || ln -s "$entry" "$TREE/"
  done
  SOURCE_DIR=$TREE
  printf 'ID=debian\nVERSION_ID=12\n' >"$DEMO_OS_RELEASE"
}

# What the source package brings: the headers that are wanted, and what else lies around them. Each
# version's differ.
make_archive() {
  local root=$WORK/archive/grpc-1.51.1 file
  for file in third_party/upb/upb/{def.h,port_def.inc,def.c,util/required_fields.h} \
    src/core/ext/upb-generated/google/protobuf/descriptor.upb.{h,c}; do
    mkdir -p "$(dirname "$root/$file")"
    printf '/* of %s */\n' "$1" >"$root/$file"
  done
  mkdir -p "$SHIPPED"
  tar -czf "$SHIPPED/grpc_1.51.1.orig.tar.gz" -C "$WORK/archive" grpc-1.51.1
  touch "$SHIPPED/grpc_1.51.1.orig.tar.gz.asc"
}

make_system_sources() {
  cat >"$WORK/system.sources" <<'END'
Types: deb
URIs: http://deb.example.org/debian
Suites: bookworm
Components: main
Signed-By: /usr/share/keyrings/of-debian.gpg

Types: deb
URIs: http://somebody.example.org/else
Suites: stable
Components: main
END
}

# All tools of the system but those that install or download; then those of ours.
make_tools() {
  mkdir -p "$TOOLS"
  cp -rs /usr/bin/. "$TOOLS" 2>/dev/null || true
  ln -sf "$(command -v cmake)" "$(command -v ninja)" "$TOOLS/"
  rm -f "$TOOLS"/{apt,dpkg}* "$TOOLS"/{sudo,curl,wget,git,ssh}
  make_dpkg_query
  make_apt
  printf '#!/bin/bash\nexit 1\n' >"$TOOLS/apt-config"
  chmod +x "$TOOLS"/{apt-get,apt-config,dpkg-query}
}

# Says for one package its source's version, for many that they are installed.
make_dpkg_query() {
  cat >"$TOOLS/dpkg-query" <<'END'
#!/bin/bash
case "$*" in
*source:Version*" libgrpc-dev") [ -n "$VERSION" ] && printf 'installed %s' "$VERSION" ;;
*) shift 3 && printf 'installed %s\n' "$@" ;;
esac
END
}

# Writes down what it is asked and with which sources. APT_IS=offline: nothing can be reached.
# APT_IS=cheated: what was downloaded is there, and is not what was signed.
make_apt() {
  cat >"$TOOLS/apt-get" <<END
#!/bin/bash
echo "apt-get \$*" >>"$ASKED"
case "\$APT_IS \$* " in
*" indextargets "*) echo "$WORK/system.sources:1" ;;
"offline "*" update "*)
  for i in {1..3}; do
    echo "Err:\$i http://deb.example.org/debian bookworm-\$i InRelease"
    echo "W: Failed to fetch http://deb.example.org/debian/dists/\$i  Temporary failure resolving 'deb.example.org'"
  done ;;
"offline "*" source "*) echo "E: Unable to find a source package for grpc"; exit 100 ;;
*" update "*)
  for option; do
    [[ \$option != Dir::Etc::SourceParts=* ]] || cat "\${option#*=}"/* >"$SOURCES"
  done ;;
"well "*" source "*) cp "$SHIPPED"/* . ;;
"cheated "*" source "*)
  cp "$SHIPPED"/* .
  echo "E: Failed to fetch http://deb.example.org/grpc_1.51.1.orig.tar.gz  Hash Sum mismatch"
  exit 100 ;;
*) echo "E: this was not expected: \$*"; exit 100 ;;
esac
END
}

# configure EXPECTED FOLDER CMAKE_ARGUMENTS…: EXPECTED is 0, or 1 for a configure that stops.
configure() {
  local expected=$1 folder=$2 code=0
  shift 2
  : >"$ASKED"
  cmake -S "$TREE" -B "$folder" -G Ninja -DMESHWORK_TESTS=OFF "$@" >"$OUTPUT" 2>&1 || code=$?
  [ $code -eq "$expected" ] || broken "configuring gave $code, not $expected"
}

# asked WORDS: in one of the questions to apt.
asked() {
  grep -qF -- "$1" "$ASKED" || {
    cat "$ASKED"
    broken "apt was not asked '$1'"
  }
}

nothing_was_asked() {
  [ ! -s "$ASKED" ] || broken "apt was asked: $(cat "$ASKED")"
}

# headers_are_of VERSION: all that are wanted, no others.
headers_are_of() {
  local file
  [ "$(cat "$UPB/version")" = "$1" ] || broken "the headers say that they are of $(cat "$UPB/version")"
  for file in upb/def.h upb/port_def.inc google/protobuf/descriptor.upb.h; do
    grep -qxF "/* of $1 */" "$UPB/include/$file" || broken "$file is not that of $1"
  done
  [ "$(find "$UPB" -type f | wc -l)" -eq 4 ] || broken "there are other files: $(find "$UPB" -type f)"
}

# What is fetched lies beside the headers until it is complete.
no_scraps() {
  [ -z "$(find "$TREE/build" -maxdepth 1 -name 'upb.*')" ] || broken "something is left of a fetch"
}

no_headers() {
  [ ! -e "$UPB" ] || broken "there are headers"
  no_scraps
}

# Without a network one would have to guess what is missing, why, and what can be done.
test_a_failed_fetch_is_named() {
  APT_IS=offline demo 1 build
  says "E: Unable to find a source package for grpc"
  says "fetch-upb-headers: could not download the source package grpc $VERSION (apt's words are above)"
  says "Check the network"
  says "pass -DMESHWORK_UPB_DIR=DIR"
  says "meshwork: configuring the build failed; the reason is above."
  [ "$(grep -c '^fetch-upb-headers:' "$OUTPUT")" -eq 1 ] || broken "it says so more than once"
  no_headers
}

# A download that somebody changed on its way would be compiled and run.
test_a_wrong_checksum_is_refused() {
  APT_IS=cheated configure 1 "$TREE/build"
  says "Hash Sum mismatch"
  says "could not download the source package grpc $VERSION"
  no_headers
  APT_IS=cheated configure 1 "$TREE/build"
  asked "source --download-only"
}

# Those who have no libgrpc-dev would read of a download that failed.
test_a_missing_libgrpc_is_named() {
  VERSION='' configure 1 "$TREE/build"
  says "fetch-upb-headers: libgrpc-dev is not installed."
  says "apt-get install libgrpc-dev"
  nothing_was_asked
  no_headers
}

# A source package that is made in another way would leave a build that fails in many places.
test_a_package_without_the_headers_is_named() {
  rm "$WORK/archive/grpc-1.51.1/third_party/upb/upb/def.h"
  tar -czf "$SHIPPED/grpc_1.51.1.orig.tar.gz" -C "$WORK/archive" grpc-1.51.1
  configure 1 "$TREE/build"
  says "fetch-upb-headers: the source package grpc holds no upb/def.h where it is expected"
  no_headers
  make_archive "$VERSION"
}

# A download that broke off, or a full disk, would be tar's riddle.
test_an_archive_that_is_cut_off_is_named() {
  truncate -s 100 "$SHIPPED/grpc_1.51.1.orig.tar.gz"
  configure 1 "$TREE/build"
  says "fetch-upb-headers: could not unpack the source package grpc"
  no_headers
  make_archive "$VERSION"
}

# Nobody could build; also not after a fetch that failed, as it did above.
test_configuring_fetches_the_headers() {
  configure 0 "$TREE/build"
  asked "source --download-only --only-source grpc=$VERSION"
  headers_are_of "$VERSION"
  no_scraps
}

# The download would come from elsewhere, or go unchecked, or the system's lists be overwritten.
test_the_mirror_and_its_keys_are_the_systems() {
  cat >"$OUTPUT" <<'END'
Types: deb-src
URIs: http://deb.example.org/debian
Suites: bookworm
Components: main
Signed-By: /usr/share/keyrings/of-debian.gpg

END
  diff "$OUTPUT" "$SOURCES" || broken "these are not the sources of the system's Debian"
  [ "$(grep -c "Dir::Etc::SourceList=/dev/null .*Dir::State::Lists=$UPB\.[^/]*/lists " "$ASKED")" -eq 2 ] ||
    broken "update and source do not both have lists of their own: $(cat "$ASKED")"
  ! grep -iE 'unauthenticated|insecure|trusted|force|verify|check' "$ASKED" || broken "apt was told to be less careful"
}

# Every build folder, and every change of a CMakeLists.txt, would download all of gRPC.
test_a_second_configure_fetches_nothing() {
  local folder
  for folder in "$TREE/build" "$TREE/build-second"; do
    APT_IS=offline configure 0 "$folder"
    nothing_was_asked
  done
  headers_are_of "$VERSION"
}

# After an upgrade the headers would be others than the library's; without a network there would be none
# to go back to.
test_another_version_is_fetched() {
  local before=$VERSION
  export VERSION=1.51.1-4
  make_archive "$VERSION"
  APT_IS=offline configure 1 "$TREE/build"
  says "could not download the source package grpc 1.51.1-4"
  headers_are_of "$before"
  no_scraps
  configure 0 "$TREE/build"
  asked "--only-source grpc=1.51.1-4"
  headers_are_of "$VERSION"
}

# Who has no apt would not hear of another way; or that way would not be one.
test_without_apt_headers_can_be_given() {
  mv "$UPB" "$WORK/given"
  rm "$WORK/given/version" "$TOOLS/apt-get"
  configure 1 "$TREE/build"
  says "fetch-upb-headers: 'apt-get' is missing"
  says "pass -DMESHWORK_UPB_DIR=DIR"
  no_headers
  configure 0 "$TREE/build" -DMESHWORK_UPB_DIR="$WORK/given"
  no_headers
}

make_tree
make_archive "$VERSION"
make_system_sources
make_tools
PATH=$TOOLS
hash -r
run_tests "${BASH_SOURCE[0]}"
