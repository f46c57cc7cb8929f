#!/usr/bin/env bash
# Lays out what an image of ours has above its base, as the Dockerfile and run-root.sh use it.
#
#   deploy/container/publish.sh TARGET ROOT [OPTION OF "dotnet publish"]...
#
# TARGET: controller, proxy, all (both) or cli. ROOT becomes the image's root directory, in which there are then
#   /opt/multicluster, /opt/mcctl       programs that need the .NET runtime, with links in /usr/local/bin
#   /usr/local/bin/multicluster-proxy   the first process of targets with HAProxy (proxy.sh)
#   /etc/multicluster, /var/lib/multicluster     empty: where volumes go
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
source=$here/../../src

if [ "$#" -lt 2 ]; then
    sed -nE '2,/^set /s/^# ?//p' "${BASH_SOURCE[0]}" >&2
    exit 2
fi
target=$1 root=$2
options=("${@:3}")

# publish PROJECT PROGRAM
publish() {
    dotnet publish "$source/$1" -c Release --nologo -v quiet -nodeReuse:false -p:UseSharedCompilation=false -p:RunAnalyzers=false \
        -o "$root/opt/$2" ${options[@]+"${options[@]}"}
    find "$root/opt/$2" -name '*.pdb' -delete
    ln -sfn "/opt/$2/$2" "$root/usr/local/bin/$2"
}

mkdir -p "$root/usr/local/bin"
case $target in
    cli) ;;
    controller | proxy | all)
        publish MultiCluster.Host multicluster
        mkdir -p "$root/etc/multicluster" "$root/var/lib/multicluster"
        ;;
    *)
        printf 'error: no target is called %s; there are controller, proxy, all and cli\n' "$target" >&2
        exit 2
        ;;
esac
case $target in
    proxy | all) install -m 755 "$here/proxy.sh" "$root/usr/local/bin/multicluster-proxy" ;;
esac
publish MultiCluster.Cli mcctl
