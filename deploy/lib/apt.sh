# shellcheck shell=bash
# Sourced by scripts: install Debian packages, as root or through sudo, and start no service by it.

# The service directories are not on every user's PATH, but haproxy lives there.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

note() { printf '%s\n' "$*" >&2; }

# as_root COMMAND...: runs it as root, or names the command that the user has to run.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
        sudo "$@"
    else
        return 126
    fi
}

apt_get_install() {
    as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l timeout 900 apt-get install -y -qq --no-install-recommends \
        -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 -o Acquire::Retries=3 -o Acquire::http::Timeout=30 "$@"
}

apt_get_update() {
    as_root timeout 600 apt-get update -qq -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 -o Acquire::http::Timeout=30
}

# Until the caller's subshell ends, packages may not start services (an administrator's own policy stays in force).
forbid_service_starts() {
    local policy=/usr/sbin/policy-rc.d
    [ ! -e "$policy" ] || return 0
    trap 'as_root rm -f /usr/sbin/policy-rc.d' EXIT
    trap 'exit 130' INT TERM
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
}

# install_packages NAME...: says what it installs; a stale or empty package index is refreshed once.
install_packages() {
    if ! command -v apt-get >/dev/null; then
        note "error: please install: $* (this machine has no apt-get)"
        return 1
    fi
    if ! as_root true; then
        note "error: installing needs root; run: apt-get update && apt-get install -y --no-install-recommends $*"
        return 1
    fi
    note "installing: $*"
    local log
    log=$(mktemp)
    # The subshell holds the exit trap of forbid_service_starts.
    if ! (
        forbid_service_starts
        apt_get_install "$@" || { apt_get_update && apt_get_install "$@"; }
    ) >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        note "error: could not install: $*"
        return 1
    fi
    rm -f "$log"
}

# The distribution's HAProxy, its binary only.
install_haproxy() {
    install_packages haproxy || return 1
    # We need the binary; a service with the package's sample configuration would hold ports after the next boot.
    if command -v systemctl >/dev/null; then
        as_root systemctl disable --quiet haproxy.service >/dev/null 2>&1 || true
        [ ! -d /run/systemd/system ] || as_root systemctl stop haproxy.service || true
    elif command -v update-rc.d >/dev/null; then
        as_root update-rc.d haproxy disable >/dev/null 2>&1 || true
    fi
}

# The distribution's PostgreSQL, its programs only: the package's own cluster is not started, now or at the next boot.
install_postgresql() {
    install_packages postgresql || return 1
    if command -v systemctl >/dev/null; then
        as_root systemctl disable --quiet postgresql.service >/dev/null 2>&1 || true
    elif command -v update-rc.d >/dev/null; then
        as_root update-rc.d postgresql disable >/dev/null 2>&1 || true
    fi
}
