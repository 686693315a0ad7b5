#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# fetch-upb-headers.sh DESTINATION
#
# Debian's libgrpc-dev ships libupb without its headers; they are in the source package "grpc". This
# fetches that source package, at exactly the version that is installed, and keeps the headers:
#
#   DESTINATION/include/upb/...            the upb API
#   DESTINATION/include/google/...upb.h    generated messages whose tables libupb and libgrpc export
#   DESTINATION/version                    the source version they came from
#
# The download goes through apt with source lists and a lists directory of its own, made from the
# entries the system already uses: the same mirror, the same keys, the signature checked as always,
# and the system's own lists left as they are. Needs no root. Nothing is done when DESTINATION
# already holds the headers of the installed version.
set -euo pipefail

readonly WATCHED_PACKAGE=libgrpc-dev
work=

fail() {
  printf 'fetch-upb-headers: %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '  %s\n' "$@" >&2
  exit 1
}

clean_up() {
  [ -z "$work" ] || rm -rf -- "$work"
}

require_tools() {
  local tool
  for tool in apt-get apt-config dpkg-query tar awk; do
    command -v "$tool" >/dev/null ||
      fail "'$tool' is missing: the headers come from a Debian source package, through apt." \
        "On another system, pass -DMESHWORK_UPB_DIR=DIR where DIR/include/upb/upb.h belongs to your libupb."
  done
}

installed_source_version() {
  local status version
  status=$(dpkg-query -W -f '${db:Status-Status} ${source:Version}' "$WATCHED_PACKAGE" 2>/dev/null) || status=
  version=${status#installed }
  [ "$version" != "$status" ] ||
    fail "$WATCHED_PACKAGE is not installed." "Run: apt-get install $WATCHED_PACKAGE   (or ./demo up, which does it)"
  printf '%s\n' "$version"
}

# The apt entries that serve Debian itself, as FILE:N, apt's own numbering: the Nth stanza of a
# .sources file, the Nth line of a .list file. A mirror under another name gives every entry. Without
# lists (images are often shipped so) apt knows of none: then every entry of every file, as FILE:0.
system_entries() {
  local entries file
  # shellcheck disable=SC2016 # $(SOURCESENTRY) is apt's format, not the shell's
  entries=$(apt-get indextargets --format '$(SOURCESENTRY)' 'Identifier: Packages' 'Origin: Debian' | sort -u)
  # shellcheck disable=SC2016
  [ -n "$entries" ] ||
    entries=$(apt-get indextargets --format '$(SOURCESENTRY)' 'Identifier: Packages' | sort -u)
  if [ -n "$entries" ]; then
    printf '%s\n' "$entries"
    return
  fi
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
    [ ! -f "$file" ] || printf '%s:0\n' "$file"
  done
}

# Rewrites stanza N of a deb822 file, or every one when N is 0, as a deb-src stanza.
stanza_as_source() {
  awk -v RS='' -v wanted="$2" '
    { is_entry = ($0 ~ /(^|\n)[Tt]ypes:/) }
    is_entry { n++ }
    is_entry && (wanted == 0 || n == wanted) {
      sub(/(^|\n)[Tt]ypes:[^\n]*/, "\nTypes: deb-src")
      sub(/^\n/, "")
      print $0 "\n"
    }' "$1"
}

# Rewrites line N of a one-line-style list, or every one when N is 0, as a deb-src line.
line_as_source() {
  awk -v wanted="$2" '(wanted == 0 || NR == wanted) && sub(/^[ \t]*deb[ \t]/, "deb-src ")' "$1"
}

write_private_sources() {
  local entry file number
  mkdir -p "$work/sources"
  while read -r entry; do
    file=${entry%:*}
    number=${entry##*:}
    case $file in
    *.sources) stanza_as_source "$file" "$number" >>"$work/sources/system.sources" ;;
    *) line_as_source "$file" "$number" >>"$work/sources/system.list" ;;
    esac
  done
  [ -n "$(find "$work/sources" -type f -size +0)" ] ||
    fail "could not read the system's apt sources." "Look at /etc/apt/sources.list and /etc/apt/sources.list.d/."
}

# apt with everything it writes inside $work. The sandbox user could not read a private directory.
private_apt() {
  apt-get -q \
    -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$work/sources" \
    -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" \
    -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=2 \
    -o APT::Update::Post-Invoke-Success::= "$@"
}

download_source() {
  local version=$1
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/source"
  private_apt update >"$work/update.log" 2>&1 || true
  (cd "$work/source" && private_apt source --download-only --only-source "grpc=$version") >"$work/source.log" 2>&1 && return
  grep -hE '^(E|W|Err)' "$work/update.log" "$work/source.log" | sort -ru >&2 || true
  fail "could not download the source package grpc $version (apt's words are above)." \
    "It is needed once, for the headers of libupb. Check the network, a proxy (apt's Acquire::http::Proxy), and" \
    "that the mirror carries sources. If the mirror has moved on: apt-get update && apt-get install $WATCHED_PACKAGE" \
    "Or copy the folder from another machine and pass -DMESHWORK_UPB_DIR=DIR."
}

unpack_headers() {
  local archive root header
  archive=$(find "$work/source" -name 'grpc_*.orig.tar.*' ! -name '*.asc')
  [ -n "$archive" ] || fail "the source package grpc holds no upstream archive."
  mkdir -p "$work/tree" "$work/headers/include"
  tar -xf "$archive" -C "$work/tree" --strip-components=1 --wildcards \
    '*/third_party/upb/upb/*' '*/src/core/ext/upb-generated/google/*' ||
    fail "could not unpack the source package grpc (tar's words are above)." \
      "Is the disk full? If not, try again: it is downloaded anew."
  root=$work/tree
  (cd "$root/third_party/upb" && find upb -maxdepth 2 \( -name '*.h' -o -name '*.inc' \) \
    ! -path 'upb/bindings/*' ! -path 'upb/util/*' ! -path 'upb/fuzz/*' -exec cp --parents -t "$work/headers/include" {} +)
  (cd "$root/src/core/ext/upb-generated" && find google -name '*.upb.h' -exec cp --parents -t "$work/headers/include" {} +)
  for header in upb/def.h google/protobuf/descriptor.upb.h; do
    [ -f "$work/headers/include/$header" ] || fail "the source package grpc holds no $header where it is expected."
  done
}

# Two builds may do this at once; whichever comes second finds the work done.
install_headers() {
  rm -rf -- "$1"
  mv -T "$work/headers" "$1" 2>/dev/null || [ "$(cat "$1/version" 2>/dev/null)" = "$2" ] ||
    fail "could not put the headers into $1." "Check that the folder can be written to."
}

main() {
  [ $# -eq 1 ] || fail "usage: fetch-upb-headers.sh DESTINATION"
  local destination version
  require_tools
  version=$(installed_source_version)
  mkdir -p "$(dirname "$1")"
  destination=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
  [ "$(cat "$destination/version" 2>/dev/null)" != "$version" ] || return 0

  work=$(mktemp -d "$destination.XXXXXX")
  trap clean_up EXIT
  printf 'Fetching the upb headers from the Debian source package grpc %s\n' "$version"
  system_entries | write_private_sources
  download_source "$version"
  unpack_headers
  printf '%s\n' "$version" >"$work/headers/version"
  install_headers "$destination" "$version"
}

main "$@"
