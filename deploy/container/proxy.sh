#!/bin/sh
# The first process of containers with HAProxy: multicluster-proxy run --config FILE
#
# HAProxy outlives the agent, so the container must, too: an agent that ends while HAProxy serves is started again, and adopts it. Asked to stop
# (SIGTERM), the agent goes first; then HAProxy closes its listeners and finishes what is under way, for as long as the container is let.
# MULTICLUSTER_STATE says where haproxy.state-directory is, when it is not the default.
set -u

state=${MULTICLUSTER_STATE:-/var/lib/multicluster/haproxy}
agent=
stopping=

haproxy_runs() { { read -r master <"$state/master.pid" && kill -0 "$master"; } 2>/dev/null; }

stop() {
    stopping=yes
    [ -z "$agent" ] || kill -TERM "$agent" 2>/dev/null
}

trap stop TERM INT
# What a container before this one left in the volume: none of its processes is here.
rm -f "$state/master.pid"

while [ -z "$stopping" ]; do
    multicluster "$@" &
    agent=$!
    # Who asked before there was somebody to ask.
    [ -z "$stopping" ] || kill -TERM "$agent"
    # A signal cuts "wait" short.
    while :; do
        wait "$agent"
        code=$?
        kill -0 "$agent" 2>/dev/null || break
    done
    agent=
    [ -z "$stopping" ] || break
    haproxy_runs || exit "$code"
    echo "the agent ended with $code; HAProxy serves on, and the agent is started again" >&2
    sleep 1
done

if haproxy_runs; then
    kill -USR1 "$master"
    while haproxy_runs; do
        sleep 0.1
    done
fi
exit 0
