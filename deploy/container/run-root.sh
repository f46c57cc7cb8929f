#!/usr/bin/env bash
# Runs the target "all" as an image would, without a container engine: what publish.sh lays out and this machine's HAProxy, in a root directory that is
# read-only, as user 65532 without capabilities, in namespaces of its own for users, mounts and processes. Only the network is the machine's.
#
#   deploy/container/run-root.sh build ROOT [OPTION OF "dotnet publish"]...
#   deploy/container/run-root.sh run ROOT CONFIG STATE TMP ARGUMENT...     CONFIG (a directory, read-only) is /etc/multicluster, STATE
#                                                                         /var/lib/multicluster and TMP /tmp
#
# Needs no root where users may make user namespaces. The process that it becomes stays until the first one in the root ends, and takes that with it.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
readonly user=65532

# copy FILE...: programs and libraries, with the libraries that they need, under their own names.
copy() {
    local file
    for file in "$@"; do
        { printf '%s\n' "$file"; ldd "$file" 2>/dev/null | grep -oE '/[^ ]+' || true; } | while read -r found; do
            [ -e "$root$found" ] || { mkdir -p "$root$(dirname "$found")" && cp -L "$found" "$root$found"; }
        done
    done
}

runtime() { dirname "$(readlink -f "$(command -v dotnet)")"; }

# The part of the image that is not ours.
build() {
    local name
    mkdir -p "$root"
    "$here/publish.sh" all "$root" "$@"
    for name in haproxy sh setsid sleep rm touch; do
        copy "$(command -v "$name")"
    done
    [ -e "$root/bin/sh" ] || { mkdir -p "$root/bin" && ln -s "$(command -v sh)" "$root/bin/sh"; }
    # The runtime itself is mounted; here is what it needs.
    find "$(runtime)/shared" "$root/opt" -name '*.so' | while read -r name; do
        ldd "$name" 2>/dev/null || true # of another architecture
    done | grep -oE '=> /[^ ]+' | cut -c 4- | grep -v "^$(runtime)" | sort -u | while read -r name; do
        copy "$name"
    done
    mkdir -p "$root/proc" "$root/dev" "$root/tmp" "$root/usr/share/dotnet" "$root/etc"
    touch "$root/dev/null" "$root/dev/urandom" "$root/etc/hosts" "$root/etc/resolv.conf"
}

# Inside: root of a user namespace, who is nobody outside of it.
mount_all() {
    local config=$2 state=$3 tmp=$4 file
    mount --make-rprivate /
    mount --bind "$root" "$root"
    mount -o remount,bind,ro "$root"
    bind "$(runtime)" /usr/share/dotnet
    bind "$config" /etc/multicluster
    for file in /etc/hosts /etc/resolv.conf; do
        bind "$file" "$file"
    done
    mount --bind "$state" "$root/var/lib/multicluster"
    mount --bind "$tmp" "$root/tmp"
    for file in /dev/null /dev/urandom; do
        mount --bind "$file" "$root$file"
    done
    mount -t proc proc "$root/proc"
}

# bind FROM TO: to be read only.
bind() {
    mount --bind "$1" "$root$2"
    mount -o remount,bind,ro "$root$2"
}

command=${1:-} root=$(realpath -m -- "${2:?a root directory}")
shift 2
case $command in
    build) build "$@" ;;
    run) exec unshare --user --map-root-user --mount --pid --fork --kill-child -- "${BASH_SOURCE[0]}" inside "$root" "$@" ;;
    inside)
        mount_all "$root" "$@"
        shift 3
        exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin DOTNET_ROOT=/usr/share/dotnet DOTNET_EnableDiagnostics=0 \
            unshare --user --map-user="$user" --map-group="$user" --root="$root" --wd=/ -- "$@"
        ;;
    *)
        sed -nE '2,/^set /s/^# ?//p' "${BASH_SOURCE[0]}" >&2
        exit 2
        ;;
esac
