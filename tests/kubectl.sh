#!/usr/bin/env bash
# Provides a kubectl that renders what deploy/kubernetes holds, and prints its path: this machine's own, or Debian 13's, which is only unpacked below DIR
# (Debian 12's is too old for components).
#
#   tests/kubectl.sh [DIR]      (DIR: default ${XDG_CACHE_HOME:-~/.cache}/multicluster/kubectl)
set -euo pipefail

# shellcheck source-path=SCRIPTDIR source=../deploy/lib/apt.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../deploy/lib/apt.sh"
# shellcheck source-path=SCRIPTDIR source=../deploy/lib/debian-suite.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../deploy/lib/debian-suite.sh"

readonly newer=trixie
readonly oldest=27 # of 1.x: kustomize 5

# new_enough KUBECTL
new_enough() {
    local minor
    minor=$("$1" version --client -o json 2>/dev/null | sed -nE 's/^ *"gitVersion": "v1\.([0-9]+).*/\1/p' | head -n 1)
    [ "${minor:-0}" -ge "$oldest" ]
}

own=$(command -v kubectl || true)
if [ -n "$own" ] && new_enough "$own"; then
    printf '%s\n' "$own"
    exit 0
fi

dir=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/multicluster/kubectl}
mkdir -p "$dir"
dir=$(cd -- "$dir" && pwd -P)
exec 9>"$dir/.lock"
flock -w 900 9 || { note "error: another run holds $dir/.lock"; exit 1; }
if ! new_enough "$dir/kubectl"; then
    [ -e "$keyring" ] || install_packages debian-archive-keyring
    work=$(mktemp -d "$dir/.work.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    trap 'exit 130' INT TERM
    note "fetching: kubectl from Debian $newer"
    mapfile -t mirrors < <(debian_mirrors)
    for mirror in ${mirrors[@]+"${mirrors[@]}"}; do
        private_apt_configuration "$work" "$mirror" "$newer"
        # One package, by its name: it needs nothing but the C library.
        if timeout 600 apt-get -c "$work/apt.conf" update -qq >"$work/log" 2>&1 &&
            (cd "$work" && timeout 900 apt-get -c "$work/apt.conf" download -qq kubectl >>"$work/log" 2>&1); then
            dpkg-deb -x "$work"/kubectl_*.deb "$work/root"
            install -m 755 "$work/root/usr/bin/kubectl" "$dir/kubectl"
            break
        fi
        note "$(last_error "$work/log" "no answer from the mirror for suite $newer")"
    done
fi
new_enough "$dir/kubectl" || { note "error: no kubectl of 1.$oldest or newer could be had"; exit 1; }
printf '%s\n' "$dir/kubectl"
