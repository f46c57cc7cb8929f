#!/usr/bin/env bash
# Installs a published multicluster and its unit on this machine; starts nothing.
#
#   deploy/systemd/install.sh controller|proxy PUBLISHED_DIRECTORY
#
# PUBLISHED_DIRECTORY is what "dotnet publish src/MultiCluster.Host" made. DESTDIR (for packages and tests) goes before every path that is written; with
# it no user is made and systemd is not told.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

[ "$#" -eq 2 ] || die "usage: install.sh controller|proxy PUBLISHED_DIRECTORY"
role=$1 published=$2 root=${DESTDIR:-}
case $role in controller | proxy) ;; *) die "'$role' is neither controller nor proxy" ;; esac
[ -x "$published/multicluster" ] || die "$published/multicluster is no program: dotnet publish src/MultiCluster.Host -c Release --use-current-runtime -o $published"
[ -n "$root" ] || [ "$(id -u)" -eq 0 ] || die "run it as root, or set DESTDIR"

install -D -m 0644 "$here/multicluster.sysusers" "$root/usr/lib/sysusers.d/multicluster.conf"
install -D -m 0644 "$here/multicluster-$role.service" "$root/etc/systemd/system/multicluster-$role.service"
install -d -m 0755 "$root/opt"
# Beside it, then in its place: a program that runs keeps its files.
next=$(mktemp -d "$root/opt/multicluster.XXXXXX")
cp -R "$published/." "$next"
chmod -R u=rwX,go=rX "$next"
old=
if [ -e "$root/opt/multicluster" ]; then
    old=$(mktemp -d "$root/opt/multicluster.old.XXXXXX")
    mv -T "$root/opt/multicluster" "$old"
fi
mv -T "$next" "$root/opt/multicluster"
[ -z "$old" ] || rm -rf -- "$old"

[ -n "$root" ] || systemd-sysusers /usr/lib/sysusers.d/multicluster.conf
if [ ! -d "$root/etc/multicluster" ]; then
    install -d -m 0750 "$root/etc/multicluster"
    [ -n "$root" ] || chgrp multicluster "$root/etc/multicluster"
fi
# Passwords for ${?NAME} of the configuration, such as MULTICLUSTER_POSTGRESQL=...; systemd reads it as root.
[ -e "$root/etc/multicluster/$role.env" ] || install -m 0600 /dev/null "$root/etc/multicluster/$role.env"
[ -n "$root" ] || systemctl daemon-reload
printf 'Write /etc/multicluster/%s.conf, then: systemctl enable --now multicluster-%s\n' "$role" "$role"
