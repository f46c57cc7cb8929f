#!/usr/bin/env bash
# Provides several HAProxy versions side by side for the tests.
#
#   tests/haproxy-versions.sh [DIR]      (DIR: default ${XDG_CACHE_HOME:-~/.cache}/multicluster/haproxy)
#
# The distribution's own HAProxy is installed with apt when missing; its service is not started. The others come from
# Debian's suites and are only unpacked, below DIR/<version>, with all the libraries of their suite; DIR/<version>/haproxy
# starts them. apt itself fetches them, with a state directory of its own, so that mirrors, proxies, credentials,
# signatures and checksums are treated as everywhere on this machine. A version that can't be had is reported as one
# line "skipped: haproxy 3.4 (reason)" and is no error.
#
# DIR/versions.txt gets one line per version, "<major.minor> <full version> <path>"; the first line is the
# distribution's own. MULTICLUSTER_DEBIAN_MIRROR names a mirror when apt's configuration has none (on Ubuntu).
set -euo pipefail

# shellcheck source-path=SCRIPTDIR source=../deploy/lib/apt.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../deploy/lib/apt.sh"
# shellcheck source-path=SCRIPTDIR source=../deploy/lib/debian-suite.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../deploy/lib/debian-suite.sh"

# 2.6 and 3.0 belong to stable suites; the other two suites move on, and then their version is skipped.
readonly wanted=(2.6:bookworm 3.0:trixie 3.2:sid 3.4:experimental)

full_version() { "$1" -v 2>/dev/null | sed -nE '1s/^HA-?Proxy version ([^ ]+).*/\1/p'; }
major_minor() { sed -nE 's/^([0-9]+:)?([0-9]+\.[0-9]+).*/\2/p' <<<"$1"; }
skip() { printf 'skipped: haproxy %s (%s)\n' "$1" "$2"; }
os_release() { sed -nE "s/^$1=\"?([^\"]*)\"?\$/\1/p" /etc/os-release 2>/dev/null || true; }

# --- a suite's, unpacked --------------------------------------------------------------------------------------------

# library_path ROOT: every directory with shared libraries, joined by colons.
library_path() {
    find "$1" -name '*.so.*' -printf '%h\n' | sort -u | grep -E '/lib(/[^/]+-linux-[^/]+)?$' | paste -sd:
}

# HAProxy's master starts itself again as argv[0]; hence the wrapper's own absolute path stands there.
write_wrapper() {
    local home=$1 loader
    loader=$(find "$home/root" -type f -name 'ld-linux*.so.*' | head -n 1)
    [ -n "$loader" ] || return 1
    printf '#!/bin/sh\nexec %q --argv0 %q --library-path %q %q "$@"\n' \
        "$loader" "$home/haproxy" "$(library_path "$home/root")" "$home/root/usr/sbin/haproxy" >"$home/haproxy.new"
    chmod 755 "$home/haproxy.new"
    # A library taken from the machine instead of the suite would make the version differ from machine to machine.
    if "$loader" --library-path "$(library_path "$home/root")" --list "$home/root/usr/sbin/haproxy" |
        grep '=>' | grep -vqF "=> $home/root/"; then
        return 1
    fi
    mv "$home/haproxy.new" "$home/haproxy"
}

# fetch_suite VERSION SUITE MIRROR WORK: fills DIR/VERSION; on failure the reason is in the variable "reason".
fetch_suite() {
    local version=$1 suite=$2 mirror=$3 work=$4 log=$4/log offered deb home=$dir/$1
    private_apt_configuration "$work" "$mirror" "$suite"
    if ! timeout 600 apt-get -c "$work/apt.conf" update -qq >"$log" 2>&1; then
        reason=$(last_error "$log" "no answer from the mirror for suite $suite")
        return 1
    fi
    offered=$(apt-cache -c "$work/apt.conf" madison haproxy 2>/dev/null |
        awk -F'|' -v suite=" $suite/main " 'index($3, suite) { gsub(/ /, "", $2); print $2; exit }')
    if [ "$(major_minor "$offered")" != "$version" ]; then
        reason="suite $suite has ${offered:-no haproxy for this architecture}"
        mkdir -p "$home" && printf '%s\n' "$reason" >"$home/skipped"
        return 1
    fi
    rm -f "$work"/cache/archives/*.deb
    if ! timeout 900 apt-get -c "$work/apt.conf" install -y -qq --download-only --no-install-recommends "haproxy=$offered" >"$log" 2>&1; then
        reason=$(last_error "$log" "the packages of suite $suite could not be fetched")
        return 1
    fi
    rm -rf "$home"
    mkdir -p "$home/root"
    for deb in "$work"/cache/archives/*.deb; do
        dpkg-deb -x "$deb" "$home/root"
    done
    rm -rf "$home/root/usr/share"
    if ! write_wrapper "$home" || [ "$(major_minor "$(full_version "$home/haproxy")")" != "$version" ]; then
        reason="the unpacked binary of suite $suite does not run here"
        rm -rf "$home"
        return 1
    fi
}

# provide VERSION SUITE WORK: from the cache or from the first mirror that has it.
provide() {
    local version=$1 suite=$2 work=$3 mirror home=$dir/$1 mirrors reason=
    [ "$(major_minor "$(full_version "$home/haproxy" || true)")" != "$version" ] || return 0
    if [ -n "$(find "$home/skipped" -mmin -1440 2>/dev/null)" ]; then
        skip "$version" "$(cat "$home/skipped"), asked within a day"
        return 0
    fi
    if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
        skip "$version" "this machine has no apt"
        return 0
    fi
    mapfile -t mirrors < <(debian_mirrors)
    if [ "${#mirrors[@]}" -eq 0 ]; then
        skip "$version" "no Debian mirror in apt's configuration; MULTICLUSTER_DEBIAN_MIRROR may name one"
        return 0
    fi
    if [ ! -e "$keyring" ]; then
        install_packages debian-archive-keyring || { skip "$version" "no $keyring to check signatures with"; return 0; }
    fi
    note "fetching: haproxy $version from Debian $suite"
    for mirror in "${mirrors[@]}"; do
        if fetch_suite "$version" "$suite" "$mirror" "$work"; then
            return 0
        fi
    done
    skip "$version" "$reason"
}

# --- all together ---------------------------------------------------------------------------------------------------

dir=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/multicluster/haproxy}
mkdir -p "$dir"
dir=$(cd -- "$dir" && pwd -P)
exec 9>"$dir/.lock"
flock -w 1800 9 || { note "error: another run holds $dir/.lock"; exit 1; }
work=$(mktemp -d "$dir/.work.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

command -v haproxy >/dev/null || install_haproxy || true

own_version=
: >"$work/versions.txt"
add_line() { printf '%s %s %s\n' "$1" "$(full_version "$2")" "$2" >>"$work/versions.txt"; }
if own=$(command -v haproxy); then
    own_version=$(major_minor "$(full_version "$own")")
    [ -n "$own_version" ] || { note "error: $own -v does not tell a version"; exit 1; }
    add_line "$own_version" "$own"
fi

for entry in "${wanted[@]}"; do
    version=${entry%%:*}
    [ "$version" != "$own_version" ] || continue
    provide "$version" "${entry#*:}" "$work"
    [ ! -x "$dir/$version/haproxy" ] || add_line "$version" "$dir/$version/haproxy"
done

if [ ! -s "$work/versions.txt" ]; then
    note "error: no HAProxy could be had"
    exit 1
fi
if [ "$(os_release VERSION_CODENAME)" = bookworm ] && ! grep -q '^2\.6 ' "$work/versions.txt"; then
    note "error: HAProxy 2.6, the version of this distribution, could not be had"
    exit 1
fi
mv "$work/versions.txt" "$dir/versions.txt"
printf '%-8s %s\n' version path
while read -r version full path; do
    printf '%-8s %s (%s)\n' "$version" "$path" "$full"
done <"$dir/versions.txt"
