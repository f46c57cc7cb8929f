#!/usr/bin/env bash
# Two member clusters from folders, real pods, the controller and HAProxy, on this machine's loopback.
#
#   deploy/quickstart.sh            starts everything, says what to try, and stops everything on Ctrl-C
#   deploy/quickstart.sh --check    takes the tour by itself and exits: 0 if every step of it was right
#
# It needs the .NET SDK 10 and installs HAProxy, curl and openssl where they are missing (Debian, Ubuntu). All it writes
# besides the build is in a directory of its own, which it removes. Environment:
#   QUICKSTART_HTTP_PORT (8080), QUICKSTART_HTTPS_PORT (8443), QUICKSTART_ADMIN_PORT (9070), QUICKSTART_POD_PORT (5678)
#   QUICKSTART_HAPROXY (haproxy)    which HAProxy (2.6 or newer) to run: a name on the PATH, or a path
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
root=$(dirname -- "$here")
# shellcheck source-path=SCRIPTDIR source=lib/apt.sh
. "$here/lib/apt.sh"
# shellcheck source-path=SCRIPTDIR source=lib/dotnet.sh
. "$here/lib/dotnet.sh"
# shellcheck source-path=SCRIPTDIR source=quickstart/processes.sh
. "$here/quickstart/processes.sh"
# shellcheck source-path=SCRIPTDIR source=quickstart/tls.sh
. "$here/quickstart/tls.sh"
# shellcheck source-path=SCRIPTDIR source=quickstart/tour.sh
. "$here/quickstart/tour.sh"

http_port=${QUICKSTART_HTTP_PORT:-8080}
https_port=${QUICKSTART_HTTPS_PORT:-8443}
admin_port=${QUICKSTART_ADMIN_PORT:-9070}
pod_port=${QUICKSTART_POD_PORT:-5678}
haproxy=${QUICKSTART_HAPROXY:-haproxy}
run=   # the directory of this run; empty before it exists and after it was removed
state= # HAProxy's, below it

die() {
    note "error: $*"
    exit 1
}

usage() { sed -nE '2,/^set /s/^# ?//p' "${BASH_SOURCE[0]}"; }

install_missing() {
    local missing=()
    command -v curl >/dev/null || missing+=(curl)
    command -v openssl >/dev/null || missing+=(openssl)
    if [ "${#missing[@]}" -gt 0 ]; then
        install_packages "${missing[@]}"
    fi
    command -v "$haproxy" >/dev/null && return
    [ "$haproxy" = haproxy ] || die "QUICKSTART_HAPROXY: there is no $haproxy"
    install_haproxy
}

# A distribution's HAProxy may be too old, and one that was installed before may be anything.
require_haproxy_version() {
    local full version
    full=$("$haproxy" -v 2>/dev/null | sed -nE '1s/^HA-?Proxy version ([^ ]+).*/\1/p') || true
    if ! [[ $full =~ ^([0-9]+)\.([0-9]+) ]]; then
        die "$(command -v "$haproxy") -v tells no version of HAProxy; QUICKSTART_HAPROXY may name another one"
    fi
    version=$((BASH_REMATCH[1] * 1000 + BASH_REMATCH[2]))
    if [ "$version" -lt 2006 ]; then
        die "HAProxy 2.6 or newer is needed, $(command -v "$haproxy") is $full: Debian 12, Ubuntu 24.04 and later have a newer one, or QUICKSTART_HAPROXY may name one"
    fi
}

# --- ports ----------------------------------------------------------------------------------------------------------

# in_use ADDRESS PORT: somebody accepts connections there.
in_use() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }

require_port() {
    local name=$1 port=$2 address
    shift 2
    if ! [[ $port =~ ^[1-9][0-9]{0,4}$ ]] || [ "$port" -gt 65535 ]; then
        die "$name=$port is not a port"
    fi
    for address in "$@"; do
        if in_use "$address" "$port"; then
            die "port $port is in use on $address; stop what listens there or choose another port: $name=$((port < 50000 ? port + 10000 : port - 10000)) $0"
        fi
    done
}

pod_addresses() { sed 's/.*@//' "$here/quickstart/pods.txt"; }

require_ports() {
    local addresses
    mapfile -t addresses < <(pod_addresses)
    require_port QUICKSTART_HTTP_PORT "$http_port" 127.0.0.1
    require_port QUICKSTART_HTTPS_PORT "$https_port" 127.0.0.1
    require_port QUICKSTART_ADMIN_PORT "$admin_port" 127.0.0.1
    require_port QUICKSTART_POD_PORT "$pod_port" "${addresses[@]}"
    if [ "$(printf '%s\n' "$http_port" "$https_port" "$admin_port" | sort -u | wc -l)" -ne 3 ]; then
        die "QUICKSTART_HTTP_PORT, QUICKSTART_HTTPS_PORT and QUICKSTART_ADMIN_PORT must differ"
    fi
}

# --- files ----------------------------------------------------------------------------------------------------------

# The names of unix sockets are short: at most 107 bytes, of which HAProxy needs some for itself.
make_run_directory() {
    local base=${TMPDIR:-/tmp}
    [ "${#base}" -le 30 ] || base=/tmp
    run=$(mktemp -d "${base%/}/mc-quickstart.XXXXXX")
    mkdir "$run/log" "$run/new" "$run/clusters"
    cp -R "$here/quickstart/clusters/." "$run/clusters/"
    find "$run/clusters" -name '*.yaml' -exec sed -i "s/\\b5678\\b/$pod_port/" {} +
    state=$run/haproxy
}

# quoted TEXT: as a string of JSON, and so of HOCON.
quoted() {
    local text=${1//\\/\\\\}
    printf '"%s"' "${text//\"/\\\"}"
}

write_configuration() {
    cat >"$run/quickstart.conf" <<CONF
include $(quoted "$root/hocon/quickstart.conf")
members.aws.manifests = $(quoted "$run/clusters/aws")
members.gcp.manifests = $(quoted "$run/clusters/gcp")
haproxy {
  binary = $(quoted "$haproxy")
  state-directory = $(quoted "$state")
  listen.http = ["127.0.0.1:$http_port"]
  listen.https = ["127.0.0.1:$https_port"]
  log-receiver.output = $(quoted "file:$run/log/access.log")
}
admin.listen = "127.0.0.1:$admin_port"
CONF
}

output_of() { printf '%s/bin/Release/net10.0/%s.dll' "$root/$1" "$2"; }

build() {
    local began=$SECONDS log=$run/log/build.log
    note "building, which takes a minute the first time ..."
    # No compiler or build server stays behind; analyzers, which take longer than the compiler, are for who changes the code.
    if ! as_child dotnet build "$here/quickstart/quickstart.slnf" -c Release --nologo -v quiet -nodeReuse:false \
        -p:UseSharedCompilation=false -p:RunAnalyzers=false >"$log" 2>&1; then
        grep -E 'error|warning' "$log" | sort -u | tail -n 20 >&2 || tail -n 20 "$log" >&2
        die "the build failed"
    fi
    note "built in $((SECONDS - began)) s"
}

write_mcctl() {
    mcctl=$run/mcctl
    # shellcheck disable=SC2016 # for that script, not for this one
    printf '#!/bin/sh\nMCCTL_SERVER=${MCCTL_SERVER:-http://127.0.0.1:%s} exec dotnet %q "$@"\n' \
        "$admin_port" "$(output_of src/MultiCluster.Cli mcctl)" >"$mcctl"
    chmod 755 "$mcctl"
}

# --- by hand --------------------------------------------------------------------------------------------------------

print_what_to_try() {
    local http=http://127.0.0.1:$http_port https=$https_port
    cat <<TEXT

Two clusters, aws and gcp, are one ingress now. Ask it, several times; pods of both answer:
  curl -H 'Host: shop.example' $http/
  curl -H 'Host: shop.example' $http/cart/1
  curl -H 'Host: reports.example' $http/                 (only in aws)
  curl -H 'Host: acme.tenants.example' $http/            (a wildcard, only in gcp)
  curl --cacert $run/secure.crt --resolve secure.example:$https:127.0.0.1 https://secure.example:$https/

Edit a file and ask again; HAProxy is never reloaded:
  $run/clusters/gcp/shop-pods.yaml     add the pod shop-3, or take one away
  $run/clusters/aws/shop.yaml          another path, another host, another Service
  $run/clusters/aws/                   a file of your own, or a broken one

Steer traffic (README, "Two clouds, 80 to 20"): add to the metadata of $run/clusters/aws/shop.yaml
    annotations: {multicluster-ingress.github.io/cluster-weights: "aws=80,gcp=20"}
  $run/mcctl backend show shop/shop
  $run/mcctl member drain aws
  $run/mcctl member undrain aws
  kill -9 \$(cat $run/pods-aws.pid)          lose all pods of aws

Look inside:
  $run/mcctl member list
  $run/mcctl routes
  $run/mcctl ingress show shop/shop
  $run/mcctl explain http://shop.example/cart/1
  $run/mcctl proxy list
  $run/mcctl backend history shop/shop       what became of its endpoints, and why
  $run/mcctl diff --from 10m                 what changed in the last ten minutes

Metrics for Prometheus, by the names of namespaces, Services and pods: http://127.0.0.1:$admin_port/metrics
  requests a second of each pod:  sum by (namespace, service, member, pod) (rate(multicluster_endpoint_requests_total[1m]))
  the same without Prometheus:    curl -s http://127.0.0.1:$admin_port/metrics | grep '^multicluster_endpoint_requests_total'

Each request, as a line of JSON: $run/log/access.log

Kill the controller; HAProxy goes on serving, and the next controller, started at once, adopts it:
  kill -9 \$(cat $run/controller.pid)

Logs are in $run/log. Ctrl-C stops everything and removes $run.
TEXT
}

stay() {
    local status
    while :; do
        status=0
        await_controller_end || status=$?
        [ "$status" -eq 137 ] || break
        note "the controller was killed; starting another one"
        start_controller
        note "it serves again: $mcctl proxy list"
    done
    tail -n 30 "$run/log/controller.log" >&2
    die "the controller ended with exit code $status"
}

# --- all together ---------------------------------------------------------------------------------------------------

check=false
case ${1:-} in
    "") ;;
    --check) check=true ;;
    -h | --help)
        usage
        exit 0
        ;;
    *)
        note "error: unknown argument $1"
        usage >&2
        exit 2
        ;;
esac

require_dotnet
install_missing
require_haproxy_version
require_ports
trap 'set +e; stop_everything' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
make_run_directory
build
write_mcctl
write_configuration
start_pods aws
start_pods gcp
if "$check"; then
    take_tour
else
    make_certificate secure.example "$run/secure"
    tls_manifests secure.example "$run/secure" >"$run/clusters/aws/secure.yaml"
    start_controller
    print_what_to_try
    stay
fi
