#!/usr/bin/env bash
# Runs every test of the solution, after installing what they need.
#
#   tests/run.sh [ARGUMENT OF "dotnet test"]...      e.g. tests/run.sh --filter FullyQualifiedName~Planner
#
# The last line is "N passed, N failed" (and ", N skipped" if any were); the exit code is 0 only if something ran and
# nothing failed. MULTICLUSTER_HAPROXY_DIR says where the unpacked HAProxy versions are kept.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source-path=SCRIPTDIR source=../deploy/lib/apt.sh
. "$here/../deploy/lib/apt.sh"
# shellcheck source-path=SCRIPTDIR source=../deploy/lib/dotnet.sh
. "$here/../deploy/lib/dotnet.sh"
solution=$here/../MultiCluster.sln

install_tools() {
    local entry missing=()
    for entry in ps:procps pkill:procps setsid:util-linux flock:util-linux setpriv:util-linux openssl:openssl promtool:prometheus; do
        command -v "${entry%%:*}" >/dev/null || missing+=("${entry#*:}")
    done
    if [ "${#missing[@]}" -gt 0 ]; then
        install_packages "${missing[@]}"
    fi
    compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || command -v postgres >/dev/null || install_postgresql
    # Not every distribution has it: then its tests are skipped, and said to be.
    command -v pebble >/dev/null || install_packages pebble || note "warning: without pebble the tests with an ACME server are skipped"
}

# from_results GREP_ARGUMENT...: no match is no error.
from_results() { find "$results" -name '*.trx' -exec grep "$@" {} + || true; }

# sum ATTRIBUTE: over the counters of all result files.
sum() {
    from_results -ho '<Counters [^>]*>' |
        sed -nE "s/.* $1=\"([0-9]+)\".*/\1/p" | awk '{ n += $1 } END { print n + 0 }'
}

print_skipped_tests() {
    from_results -h '<UnitTestResult .*outcome="NotExecuted"' |
        sed -nE 's/.* testName="([^"]*)".*/skipped: \1/p' | sort |
        sed -e 's/&quot;/"/g' -e "s/&apos;/'/g" -e 's/&lt;/</g' -e 's/&gt;/>/g' -e 's/&amp;/\&/g'
}

# With the beginning of what each has to say: of a long log often only the end is at hand.
print_failed_tests() {
    find "$results" -name '*.trx' -exec awk '
        /<UnitTestResult / { failed = /outcome="Failed"/; if (failed && match($0, /testName="[^"]*"/)) print "failed: " substr($0, RSTART + 10, RLENGTH - 11) }
        failed && /<Message>/ { left = 5 }
        left > 0 { print "    " substr($0, 1, 400); left-- }
        /<\/Message>/ { left = 0 }' {} + |
        sed -e 's/<\/*Message>//g' -e 's/&quot;/"/g' -e "s/&apos;/'/g" -e 's/&lt;/</g' -e 's/&gt;/>/g' -e 's/&#xD;//g' -e 's/&amp;/\&/g'
}

# close EXIT_CODE: the closing line, from the result files alone. A test host that died has written fewer results than
# it had tests; whatever else dotnet reports counts as one failure, so that the line never looks better than the run.
close() {
    local broken=$1 total executed passed failed line
    total=$(sum total) executed=$(sum executed) passed=$(sum passed)
    failed=$((executed - passed))
    print_skipped_tests
    print_failed_tests
    if [ "$broken" -ne 0 ] && [ "$failed" -eq 0 ]; then
        note "error: the build or a test host failed (see above); counted as one failure"
        failed=1
    elif [ "$executed" -eq 0 ]; then
        note "error: no test ran"
        broken=1
    fi
    line="$passed passed, $failed failed"
    [ "$total" -eq "$executed" ] || line+=", $((total - executed)) skipped"
    printf '%s\n' "$line"
    [ "$broken" -eq 0 ] && [ "$failed" -eq 0 ]
}

require_dotnet
install_tools
kubectl=$("$here/kubectl.sh") || note "warning: without kubectl the tests of deploy/kubernetes fail"
export MULTICLUSTER_KUBECTL=${kubectl:-}
haproxy_dir=${MULTICLUSTER_HAPROXY_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/multicluster/haproxy}
"$here/haproxy-versions.sh" "$haproxy_dir"
export MULTICLUSTER_HAPROXY_VERSIONS=$haproxy_dir/versions.txt

results=$(mktemp -d)
compiler=multicluster-tests-$$ # the name of this build's compiler

stop_compiler() { pkill -f -- "-pipename:$compiler\$" || true; }

trap 'stop_compiler; jobs -p | xargs -r kill 2>/dev/null || true; rm -rf "$results"' EXIT
trap 'exit 130' INT TERM

# A compiler that stays for the whole build, whatever the environment says, makes the analyzers' code ready once and not
# once for each project. It is this build's own, and ends with it.
build() {
    local status=0
    dotnet build "$solution" -c Release -nodeReuse:false --nologo -v quiet \
        -p:UseSharedCompilation=true -p:SharedCompilationId="$compiler" || status=$?
    stop_compiler
    return "$status"
}

# The assembly that takes longest comes first.
list_assemblies() {
    local project name
    for project in "$here"/*.EndToEnd.Tests/*.csproj "$here"/*.Tests/*.csproj; do
        name=$(basename "$project" .csproj)
        printf '%s\n' "$(dirname "$project")/bin/Release/net10.0/$name.dll"
    done | awk '!seen[$0]++'
}

# Most end-to-end tests wait much, for checks, leases and programs that start, and leave enough of two cores for one other assembly at a time, or for
# those of controller clusters, which come one after the other and wait most.
run_tests() {
    local assemblies beside status=0
    local options=(--nologo --results-directory "$results" --blame-hang-timeout 10m --blame-hang-dump-type none)
    mapfile -t assemblies < <(list_assemblies)
    if [ "$#" -gt 0 ]; then
        dotnet test "${assemblies[@]}" "${options[@]}" --logger 'trx;LogFilePrefix=tests' "$@" -- RunConfiguration.MaxCpuCount=2
        return
    fi
    {
        local failed=0
        dotnet test "${assemblies[@]:1}" "${options[@]}" --logger 'trx;LogFilePrefix=tests' -- RunConfiguration.MaxCpuCount=1 || failed=$?
        dotnet test "${assemblies[0]}" "${options[@]}" --logger 'trx;LogFilePrefix=clusters' --filter 'FullyQualifiedName~.EndToEnd.Tests.Cluster.' || failed=$?
        exit "$failed"
    } &
    beside=$!
    dotnet test "${assemblies[0]}" "${options[@]}" --logger 'trx;LogFilePrefix=end-to-end' --filter 'FullyQualifiedName!~.EndToEnd.Tests.Cluster.' || status=$?
    wait "$beside" || status=$?
    return "$status"
}

status=0
build || status=$?
if [ "$status" -eq 0 ]; then
    run_tests "$@" || status=$?
fi
close "$status"
