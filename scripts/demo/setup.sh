# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What has to be installed, and installing it.

# Debian packages, each with what it is for: what it takes to build and run...
readonly PACKAGES=(
  build-essential      # gcc; g++, because public headers are checked as C++ too
  cmake                # the build
  ninja-build          # the build
  pkg-config           # finds the libraries below, and is what our own .pc files are tested with
  protobuf-compiler    # protoc
  libprotobuf-dev      # the well-known types: google/protobuf/*.proto
  libprotoc-dev        # google/protobuf/compiler/plugin.proto, which our own plugin speaks
  protobuf-c-compiler  # protoc-gen-c: messages as C structs
  libprotobuf-c-dev    # the run time of those messages
  libgrpc-dev          # gRPC C core and upb
  libjansson-dev       # the service configs of mesh's clients
  zlib1g-dev           # gzip for OTLP over HTTP
  libcurl4-openssl-dev # OTLP over HTTP; the HTTP client of tests and load
  libmicrohttpd-dev    # the gateway's and the viewer's HTTP server
  libsqlite3-dev       # the services' stores
  ca-certificates      # TLS to the package mirror
  curl                 # places the first order
)
# ...and what the tests take on top.
readonly TEST_PACKAGES=(
  libcmocka-dev  # the unit tests' frame
  shellcheck     # reads this script and its relatives
  python3-yaml   # the tests that read compose/, and Python itself
  docker-compose # says whether compose.yaml is one; needs no engine for that
)
# ...and what those with programs that others wrote take on top; Go, for most of these, is not Debian's,
# whose is too old.
readonly INTEROP_PACKAGES=(
  python3-venv # a Python with the official OpenTelemetry SDK
)

readonly OS_RELEASE=${DEMO_OS_RELEASE:-/etc/os-release}

check_system() {
  local ID='' VERSION_ID='' PRETTY_NAME='an unknown system'
  [ "$(uname -s)" = Linux ] || unsupported "$(uname -s)"
  # shellcheck source=/dev/null
  [ ! -r "$OS_RELEASE" ] || source "$OS_RELEASE"
  [ "$ID $VERSION_ID" = "debian 12" ] || unsupported "$PRETTY_NAME"
}

unsupported() {
  # shellcheck disable=SC2016 # for the reader's shell
  fail "this needs Debian 12 (bookworm), and this is $1." \
    "In a container:  docker run -it --rm -p 8000:8000 -p 3200:3200 -v \"\$PWD\":/meshwork -w /meshwork debian:12 ./demo up"
}

# missing_packages PACKAGES…: prints those that are not installed.
missing_packages() {
  local installed package
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)
  for package in "$@"; do
    grep -qx "installed $package" <<<"$installed" || printf '%s\n' "$package"
  done
}

# as_root COMMAND…
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

apt_failed() {
  grep -hE '^(E|Err|W): ?' "$LOG_DIR/setup.log" | sort -u | head -n 5 >&2 || true
  fail "installing packages failed: ${*}." \
    "Is there a network, and does the mirror in /etc/apt answer? All of apt's words: $LOG_DIR/setup.log"
}

# Writes what it reads to the log $1; a terminal sees the last line of it as it goes.
show_last_line() {
  local line
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$1"
    [ ! -t 1 ] || printf '\r\e[K    %.100s' "$line"
  done
  [ ! -t 1 ] || printf '\r\e[K'
}

# install_packages PACKAGES…: those of them that are missing.
install_packages() {
  local -a missing
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    fail "packages are missing, and installing them takes root." "As root: apt-get install ${missing[*]}"
  fi
  step "Installing ${#missing[@]} packages: ${missing[*]}"
  : >"$LOG_DIR/setup.log"
  as_root apt-get -q update >>"$LOG_DIR/setup.log" 2>&1 || apt_failed "apt-get update"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "${missing[@]}" \
    2>&1 | show_last_line "$LOG_DIR/setup.log" || apt_failed "${missing[@]}"
}

# set_up PACKAGES…
set_up() {
  mkdir -p "$LOG_DIR" "$RUN_DIR" "$DATA_ROOT" || fail "cannot write to $STATE_DIR."
  check_system
  install_packages "$@"
}
