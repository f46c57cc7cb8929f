#!/usr/bin/env bash
# Runs one benchmark and prints its figures as one JSON line; what people may want to know besides goes to standard error.
#
#   tests/bench.sh NAME [--haproxy 2.6|3.0|…] [--routes N] …      NAME: propagation, swap, endpoints, dataplane,
#                                                                      cluster-propagation, takeover, surge, coldstart, members, actors, policies,
#                                                                      scrape, log
#
# members [--members 2,10,50,100] [--swaps 400] [--endpoints 2000]: many members in one process, each an API server of its own. How soon a changed
# pod of a quiet member is served, while nothing else changes (p50_ms, p99_ms, at 10 members) and while one other member makes 1,000 changes a
# second (rate_per_s: those it really made; ratio: the p99 before ÷ the p99 then); memory per endpoint, of the largest number of members with so
# many endpoints each; and all members lost for some seconds and back in one moment (reconnect_seconds, rss_mib before, rss_peak_mib), every host
# asked throughout. About four minutes.
#
# policies [--routes 1000] [--rounds 5] [--seconds 1] [--filters 1]: CPU that a request takes in HAProxy's worker under each policy alone and under six together,
# among so many routes of which each policy has an equal part, beside a configuration with one route that has the same written by hand (ratio: that
# one's CPU ÷ ours, of the six, ratios and cpu_us: of each; rate_per_s: requests under the six). Two policies are expressions as paths, one and ten of
# a host, so that what the expressions of other hosts cost would show. With filters the operator has switched the firewall and limit-rate on, for
# which all pay. External auth is asked on an address of the machine's own, and left out where it has none.
#
# scrape [--routes 10000] [--swaps 300]: /metrics of a process whose HAProxy has so many backends with three servers each (seconds: one scrape, alone; standard
# error has its size and what it allocates), and how soon a replaced pod is served while somebody scrapes each second (p50_ms, p99_ms; ratio: the p99
# without scrapes ÷ the p99 with them).
#
# log [--rounds 5] [--seconds 3]: CPU that a request takes without an access log, with HAProxy's own and with ours (cpu_us: HAProxy's worker and our process together,
# which standard error has apart; rate_per_s: requests with ours).
#
# Versions of HAProxy other than the distribution's own come from tests/haproxy-versions.sh.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
project=$here/MultiCluster.Benchmarks
built=$project/bin/Release/net10.0
versions=${MULTICLUSTER_HAPROXY_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/multicluster/haproxy}/versions.txt
if [ -z "${MULTICLUSTER_HAPROXY_VERSIONS:-}" ] && [ -s "$versions" ]; then
    export MULTICLUSTER_HAPROXY_VERSIONS=$versions
fi

if { [ "${1:-}" = dataplane ] || [ "${1:-}" = policies ] || [ "${1:-}" = log ]; } && ! { command -v wrk && command -v taskset; } >/dev/null; then
    # shellcheck source-path=SCRIPTDIR source=../deploy/lib/apt.sh
    . "$here/../deploy/lib/apt.sh"
    install_packages wrk util-linux
fi

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
if [ -z "${MULTICLUSTER_BENCH_BUILT:-}" ]; then
    # The analyzers are CI's business and take longer than the compiler.
    dotnet build "$project" -c Release -p:RunAnalyzers=false --nologo -v quiet >&2
    dotnet publish "$here/../src/MultiCluster.Host" -c Release --use-current-runtime -p:RunAnalyzers=false --nologo -v quiet -o "$built/product" >&2
fi
exec dotnet "$built/multicluster-bench.dll" "$@"
