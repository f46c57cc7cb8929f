# shellcheck shell=bash
# Sourced by quickstart.sh: the tour that --check takes. A step's milliseconds run from the change, which is the rename of a
# file, until the first right answer; they hold the start of the process that asks (curl: about 8 ms, mcctl: about 150 ms).
# shellcheck disable=SC2154 # quickstart.sh sets the names used here

readonly step_seconds=10

load=       # asks all the time while the controller is killed
began=      # ms; when the change of this step was made
steps=0
got=        # the last answer, for the report of a failure

begin() { began=$(now_ms); }

# put FILE: standard input becomes the file's content at once, as kubectl's or a careful editor's.
put() {
    local new=$run/new/${1##*/}
    cat >"$new"
    begin
    mv -f "$new" "$1"
}

ok() {
    steps=$((steps + 1))
    printf 'ok %6d ms  %s\n' "$(($(now_ms) - began))" "$1"
}

failed() {
    printf 'FAILED %2d s  %s\n' $((($(now_ms) - began) / 1000)) "$1"
    note "the last answer was: ${got:-none}"
    note "--- controller's log"
    tail -n 30 "$run/log/controller.log" >&2 || true
    note "--- mcctl member list"
    "$mcctl" member list >&2 || true
    exit 1
}

# step NAME COMMAND...: until the command is content, for at most step_seconds.
step() {
    local name=$1 deadline=$(($(now_ms) + step_seconds * 1000))
    shift
    [ -n "$began" ] || begin
    until "$@"; do
        [ "$(now_ms)" -lt "$deadline" ] || failed "$name"
    done
    ok "$name"
    began=
}

# --- questions ------------------------------------------------------------------------------------------------------

# get HOST PATH: answers in "got", each followed by its status; a PATH with a [1-9] is asked for so many times on one connection.
get() {
    got=$(curl -s --noproxy '*' --max-time 5 -H "Host: $1" -w '%{http_code}\n' "http://127.0.0.1:$http_port$2") || true
}

# count WORD: in how many lines of the last answers it stands.
count() { grep -cF -- "$1" <<<"$got" || true; }

names() { [[ $got == *"\"member\":\"${1%/*}\""*"\"pod\":\"${1#*/}\""* ]]; }

# from HOST PATH MEMBER/POD: that pod answers.
from() {
    get "$1" "$2"
    [[ $got == *$'\n200' ]] && names "$3"
}

# from_service HOST PATH NAME: a pod of that Service answers, in any member.
from_service() {
    get "$1" "$2"
    [[ $got == *"\"pod\":\"$3-"*$'\n200' ]]
}

status_is() {
    get "$1" "$2"
    [[ $got == "$3" || $got == *$'\n'"$3" ]]
}

# balanced HOST POD...: of 24 requests each of these pods gets some, no other gets any, and none fails.
balanced() {
    local host=$1 pod sum=0 n
    shift
    get "$host" '/?[1-24]'
    for pod in "$@"; do
        n=$(grep -cE "\"member\":\"${pod%/*}\".*\"pod\":\"${pod#*/}\"" <<<"$got" || true)
        [ "$n" -gt 0 ] || return 1
        sum=$((sum + n))
    done
    [ "$sum" -eq 24 ] && [ "$(grep -cx 200 <<<"$got")" -eq 24 ]
}

# shared_by HOST POD: that pod is among those that answer.
shared_by() {
    get "$1" '/?[1-6]'
    grep -qE "\"member\":\"${2%/*}\".*\"pod\":\"${2#*/}\"" <<<"$got"
}

over_tls() {
    got=$(curl -sS --noproxy '*' --max-time 5 --cacert "$run/secure.crt" --resolve "secure.example:$https_port:127.0.0.1" \
        "https://secure.example:$https_port/" 2>&1) && [[ $got == *'"pod":"shop-'* ]]
}

# serves_certificate SNI FILE: by its fingerprint, asked with openssl.
serves_certificate() {
    local wanted
    wanted=$(openssl x509 -in "$2" -noout -fingerprint -sha256)
    got=$(openssl s_client -connect "127.0.0.1:$https_port" -servername "$1" </dev/null 2>/dev/null |
        openssl x509 -noout -fingerprint -sha256 2>&1) || return 1
    [ "$got" = "$wanted" ]
}

serves_another_certificate() {
    ! serves_certificate "$@" && [[ $got == *Fingerprint=* ]]
}

# mcctl_says WORDS ARGUMENT...: its output holds all of the words, which a "*" separates.
mcctl_says() {
    local pattern=$1
    shift
    got=$("$mcctl" "$@" 2>&1) || true
    # shellcheck disable=SC2053 # a pattern
    [[ $got == *$pattern* ]]
}

mcctl_silent_on() { ! mcctl_says "$@"; }

only_reports() {
    mcctl_says "reports.example*shop/reports" routes --host reports.example && [[ $got != *shop.example* ]]
}

# proxy_number FIELD: of "mcctl proxy list -o json".
proxy_number() {
    "$mcctl" proxy list -o json | sed -nE "s/^ *\"$1\": ([0-9]+),?\$/\\1/p"
}

# reloads: as HAProxy's master counts them since it started, whoever asked for them.
reloads() { proxy_number masterReloads; }

untouched() {
    got="worker $(proxy_number workerPid), $(reloads) reloads"
    [ "$got" = "worker $worker, 0 reloads" ]
}

# --- steps ----------------------------------------------------------------------------------------------------------

tour_routes() {
    step "pods of both clusters answer for shop.example" balanced shop.example aws/shop-1 aws/shop-2 gcp/shop-1 gcp/shop-2
    step "prefix /cart takes /cart/1" from_service shop.example /cart/1 cart
    step "prefix /cart leaves /cartoon alone" from_service shop.example /cartoon shop
    step "exact /cart/version beats the prefix" from_service shop.example /cart/version shop
    step "exact /cart/version leaves /cart/version/1 alone" from_service shop.example /cart/version/1 cart
    step "a host of aws only" from reports.example / aws/reports-1
    step "a host of gcp only" from search.example / gcp/search-1
    step "wildcard host *.tenants.example" from acme.tenants.example / gcp/tenants-1
    step "the wildcard stands for one label only" status_is a.b.tenants.example / 404
    step "an unknown host gets 404" status_is nobody.example / 404
}

tour_endpoints() {
    local file=$run/clusters/gcp/shop-pods.yaml
    put "$file" < <(
        cat "$file"
        printf -- '- addresses: ["127.20.0.13"]\n  targetRef: {kind: Pod, namespace: shop, name: shop-3}\n'
    )
    step "an endpoint added in gcp is live" shared_by shop.example gcp/shop-3
    step "... and all five share the requests" balanced shop.example aws/shop-1 aws/shop-2 gcp/shop-1 gcp/shop-2 gcp/shop-3
    file=$run/clusters/aws/shop-pods.yaml
    put "$file" < <(sed '/^- addresses: .*127\.10\.0\.12/,/name: shop-2/d' "$file")
    step "an endpoint removed in aws is gone" balanced shop.example aws/shop-1 gcp/shop-1 gcp/shop-2 gcp/shop-3
    put "$file" < <(sed 's/ready: true/ready: false/' "$file")
    step "one that is not ready gets nothing" balanced shop.example gcp/shop-1 gcp/shop-2 gcp/shop-3
    put "$file" < <(sed 's/ready: false/ready: true/' "$file")
    step "ready again, it gets requests" balanced shop.example aws/shop-1 gcp/shop-1 gcp/shop-2 gcp/shop-3
}

tour_hosts() {
    local file=$run/clusters/aws/new.yaml
    step "new.example is not served yet" status_is new.example / 404
    put "$file" < <(sed -e 's/reports\.example/new.example/' -e 's/name: reports$/name: new/' -e 's/reports-aws/new-aws/' \
        "$run/clusters/aws/reports.yaml")
    step "a new host (Ingress, Service, pods in one file) is live" from new.example / aws/reports-1
    begin
    rm "$file"
    step "its file removed, it is gone" status_is new.example / 404
}

tour_tls() {
    make_certificate secure.example "$run/secure"
    step "HTTPS before: the default certificate" serves_another_certificate secure.example "$run/secure.crt"
    put "$run/clusters/aws/secure.yaml" < <(tls_manifests secure.example "$run/secure")
    step "a TLS certificate (Secret and Ingress) is live" over_tls
    step "HTTPS with SNI secure.example serves just that one" serves_certificate secure.example "$run/secure.crt"
    step "HTTPS with another SNI does not" serves_another_certificate shop.example "$run/secure.crt"
    make_certificate secure.example "$run/renewed"
    put "$run/clusters/aws/secure.yaml" < <(tls_manifests secure.example "$run/renewed")
    step "a renewed certificate is live" serves_certificate secure.example "$run/renewed.crt"
}

tour_mistakes() {
    local file=$run/clusters/gcp/shop.yaml
    cp "$file" "$run/shop.good"
    put "$file" < <(sed 's/^  rules:/ rules: [/' "$file")
    step "a broken file is seen in: mcctl member list" mcctl_says "gcp*shop.yaml" member list
    step "... and changes nothing" balanced shop.example aws/shop-1 gcp/shop-1 gcp/shop-2 gcp/shop-3
    put "$file" <"$run/shop.good"
    step "mended, the problem is gone" mcctl_silent_on shop.yaml member list
}

tour_explain() {
    step "mcctl explain: the route of /cart/1" mcctl_says "Route*shop/cart" explain http://shop.example/cart/1
    step "mcctl explain: no route" mcctl_says NoRoute explain http://nobody.example/
    step "mcctl ingress list: the shop of both clusters" mcctl_says "shop*OK*aws,gcp" ingress list
    step "mcctl routes --host: those of one host" only_reports
    step "mcctl explain: from an address, with a header" mcctl_says "Route*shop/cart" explain http://shop.example/cart/1 --from 192.0.2.7 --header "X-Team: shop"
    step "mcctl ingress history: what was decided, and why" mcctl_says "claims shop.example/*seen, Ingress shop/" ingress history shop/shop
    step "/metrics: requests of a pod by its names" counted_by_name
    step "access log: requests of a pod by its names" logged_by_name
}

# The line comes after the answer.
logged_by_name() {
    got=$(tail -n 20 "$run/log/access.log")
    [[ $got == *'"ingress":"shop/shop","service":"shop/'*'"pod":"shop-1'* ]]
}

counted_by_name() {
    got=$(curl -s --noproxy '*' --max-time 5 "http://127.0.0.1:$admin_port/metrics" | grep '^multicluster_endpoint_requests_total') || true
    [[ $got == *'namespace="shop",service="shop"'*'pod="shop-1'* ]]
}

# shared_as PERCENT: of 500 requests aws gets so many percent, within 5 points, and none fails.
shared_as() {
    local aws
    get shop.example '/?[1-500]'
    aws=$(count '"member":"aws"')
    local failed=$((500 - $(grep -cx 200 <<<"$got" || true)))
    got="$aws of 500 from aws, $failed failed"
    [ "$failed" -eq 0 ] && [ "$aws" -ge $((($1 - 5) * 5)) ] && [ "$aws" -le $((($1 + 5) * 5)) ]
}

tour_traffic() {
    put "$run/clusters/aws/shop.yaml" < <(sed '0,/^  namespace: shop$/s//&\
  annotations: {multicluster-ingress.github.io\/cluster-weights: "aws=80,gcp=20"}/' "$run/clusters/aws/shop.yaml")
    step "weights 80 and 20: of 500 requests aws gets 80 %, with one pod of four" shared_as 80
    begin
    "$mcctl" member drain aws >"$run/drain.txt" 2>&1 || failed "mcctl member drain aws"
    step "aws drained: gcp gets all, none fails" shared_as 0
    "$mcctl" member undrain aws >"$run/undrain.txt" 2>&1 || failed "mcctl member undrain aws"
    step "taken back: 80 and 20 again" shared_as 80
    begin
    kill_pods aws
    step "all pods of aws lost: checks leave them out, gcp gets all, none fails" shared_as 0
    start_pods aws
    step "aws is back: 80 and 20 again" shared_as 80
}

start_load() {
    (while [ ! -e "$run/load.stop" ]; do
        curl -s --noproxy '*' --max-time 5 -o /dev/null -H 'Host: shop.example' -w '%{http_code}\n' \
            "http://127.0.0.1:$http_port/" || true
    done >"$run/load.txt") &
    load=$!
}

stop_load() {
    [ -n "$load" ] || return 0
    : >"$run/load.stop"
    wait "$load" || true
    load=
}

load_was_served() {
    got="$(grep -cx 200 "$run/load.txt" || true) answered, $(grep -cvx 200 "$run/load.txt" || true) failed"
    [[ $got != 0\ * && $got == *", 0 failed" ]]
}

tour_kill() {
    local file=$run/clusters/gcp/shop-pods.yaml
    start_load
    kill -9 "$controller"
    await_controller_end || true
    step "controller killed with -9: HAProxy goes on" balanced shop.example aws/shop-1 gcp/shop-1 gcp/shop-2 gcp/shop-3
    put "$file" < <(sed '/^- addresses: .*127\.20\.0\.13/,/name: shop-3/d' "$file")
    begin
    launch_controller
    await_ready
    step "the next controller is ready (with its start)" is_ready
    step "it adopted HAProxy" mcctl_says '"adopted": true' proxy list -o json
    step "what changed meanwhile is live" balanced shop.example aws/shop-1 gcp/shop-1 gcp/shop-2
    stop_load
    begin
    load_was_served || failed "all requests during the kill and the restart were served"
    ok "all requests during the kill and the restart were served: $got"
    began=
    step "still the same worker, no reload" untouched
}

nothing_left() {
    local port
    got=
    for port in "$http_port" "$https_port" "$admin_port"; do
        ! in_use 127.0.0.1 "$port" || got+="port $port is still in use; "
    done
    ! alive "$1" || got+="worker $1 still runs; "
    [ ! -e "$2" ] || got+="$2 is still there"
    [ -z "$got" ]
}

take_tour() {
    local started worker directory=$run
    started=$(now_ms)
    begin
    start_controller
    step "controller and HAProxy serve (with their start)" is_ready
    worker=$(proxy_number workerPid)
    tour_routes
    tour_endpoints
    tour_hosts
    tour_tls
    tour_mistakes
    tour_explain
    tour_traffic
    step "no reload, and the worker is the one of the start" untouched
    tour_kill
    begin
    stop_everything
    step "everything is stopped and removed" nothing_left "$worker" "$directory"
    printf 'The tour is complete: %d steps, all right, in %d s.\n' "$steps" $((($(now_ms) - started) / 1000))
}
