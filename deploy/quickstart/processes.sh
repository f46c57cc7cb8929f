# shellcheck shell=bash
# Sourced by quickstart.sh: starts its processes and stops them, each by the process id held.
# shellcheck disable=SC2154 # quickstart.sh sets the names used here

child=      # what the script waits for in the foreground
declare -A pods=()  # by cluster: plays its pods
controller=

now_ms() { local now=${EPOCHREALTIME/[^0-9]/}; printf '%s' "${now%???}"; }

# as_child COMMAND...: like a plain call, but a signal to the script is not kept waiting until the command ends.
as_child() {
    "$@" &
    child=$!
    local status=0
    wait "$child" || status=$?
    child=
    return "$status"
}

# alive PID: a zombie whose parent never asks for it is as good as gone.
alive() {
    local stat
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
    stat=${stat##*) }
    [ "${stat:0:1}" != Z ]
}

# await_end SECONDS PID...: all have ended.
await_end() {
    local deadline=$(($(now_ms) + $1 * 1000)) pid
    shift
    for pid in "$@"; do
        while alive "$pid"; do
            [ "$(now_ms)" -lt "$deadline" ] || return 1
            sleep 0.02
        done
    done
}

# stop SECONDS PID...: asks, and insists after that time.
stop() {
    local seconds=$1
    shift
    kill "$@" 2>/dev/null || true
    await_end "$seconds" "$@" && return
    kill -9 "$@" 2>/dev/null || true
    await_end 2 "$@" || note "error: process $* could not be stopped"
}

# stop_child SECONDS PID: one that this shell started.
stop_child() {
    [ -n "$2" ] || return 0
    stop "$1" "$2"
    { wait "$2"; } 2>/dev/null || true
}

# --- pods -----------------------------------------------------------------------------------------------------------

# start_pods CLUSTER: those of pods.txt, in one process.
start_pods() {
    local arguments last deadline
    mapfile -t arguments < <(sed -n "s/^$1\/.*/&:$pod_port/p" "$here/quickstart/pods.txt")
    dotnet "$(output_of deploy/quickstart/echo echo)" "${arguments[@]}" >>"$run/log/pods-$1.log" 2>&1 </dev/null &
    pods[$1]=$!
    printf '%s\n' "${pods[$1]}" >"$run/pods-$1.pid"
    last=${arguments[-1]#*@}
    deadline=$(($(now_ms) + 30000))
    until curl -s --noproxy '*' --max-time 2 -o /dev/null "http://$last/"; do
        if ! alive "${pods[$1]}" || [ "$(now_ms)" -ge "$deadline" ]; then
            tail -n 20 "$run/log/pods-$1.log" >&2
            die "the pods of $1 did not start"
        fi
        sleep 0.05
    done
}

# kill_pods CLUSTER: all at once, as when a cloud is lost.
kill_pods() {
    kill -9 "${pods[$1]}"
    { wait "${pods[$1]}"; } 2>/dev/null || true
    pods[$1]=
}

# --- controller -----------------------------------------------------------------------------------------------------

launch_controller() {
    dotnet "$(output_of src/MultiCluster.Host multicluster)" run --config "$run/quickstart.conf" \
        >>"$run/log/controller.log" 2>&1 </dev/null &
    controller=$!
    printf '%s\n' "$controller" >"$run/controller.pid"
}

is_ready() { curl -sf --noproxy '*' --max-time 2 -o /dev/null "http://127.0.0.1:$admin_port/readyz"; }

await_ready() {
    local deadline=$(($(now_ms) + 60000)) why=
    until is_ready; do
        if ! alive "$controller"; then
            why="the controller ended"
        elif [ "$(now_ms)" -ge "$deadline" ]; then
            why="the controller was not ready within 60 s"
        fi
        if [ -n "$why" ]; then
            tail -n 30 "$run/log/controller.log" >&2
            die "$why; its last words are above"
        fi
        sleep 0.02
    done
}

start_controller() {
    launch_controller
    await_ready
}

# Its exit code; 137 after kill -9.
await_controller_end() {
    local status=0
    { wait "$controller"; } 2>/dev/null || status=$?
    controller=
    return "$status"
}

# --- HAProxy --------------------------------------------------------------------------------------------------------

# HAProxy outlives the controller, so its process ids come from the state directory: the master and its workers.
haproxy_pids() {
    local master
    { read -r master <"$state/master.pid"; } 2>/dev/null || return 0
    # The id may have gone to another process since; ours has this run's directory on its command line.
    grep -qaF "$run/" "/proc/$master/cmdline" 2>/dev/null || return 0
    printf '%s %s\n' "$master" "$(cat "/proc/$master/task/$master/children" 2>/dev/null || true)"
}

stop_haproxy() {
    local pids
    read -ra pids < <(haproxy_pids) || true
    if [ "${#pids[@]}" -gt 0 ]; then
        stop 5 "${pids[@]}"
    fi
}

stop_everything() {
    trap '' INT TERM HUP
    [ -n "$run" ] || return 0
    stop_child 5 "$child"
    stop_load
    stop_child 10 "$controller"
    stop_haproxy
    local cluster
    for cluster in "${!pods[@]}"; do
        stop_child 5 "${pods[$cluster]}"
    done
    child='' controller='' pods=()
    rm -rf "$run"
    run=
}
