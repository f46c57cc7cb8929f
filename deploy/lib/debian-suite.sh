# shellcheck shell=bash
# Sourced by scripts: packages of another suite of Debian, fetched by an apt of their own and unpacked, not installed.

readonly keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# Archives in apt's configuration that may carry all of Debian's suites; apt reads both of its source formats for us.
debian_mirrors() {
    if [ -n "${MULTICLUSTER_DEBIAN_MIRROR:-}" ]; then
        printf '%s\n' "$MULTICLUSTER_DEBIAN_MIRROR"
        return
    fi
    # shellcheck disable=SC2016 # apt fills these in
    apt-get indextargets --no-release-info --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 2>/dev/null |
        awk '$3 == "main" && $2 ~ /^(bookworm|trixie|forky|duke|sid|oldstable|stable|testing|unstable)$/ && !seen[$1]++ { print $1 }'
}

# private_apt_configuration WORK MIRROR SUITE: an apt that knows one suite only and thinks that nothing is installed.
private_apt_configuration() {
    local work=$1 mirror=$2 suite=$3 suites=$3 tool
    [ "$suite" != experimental ] || suites="sid experimental" # experimental holds no libraries of its own
    mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial"
    # What only the package's maintainer scripts and its service need is not worth downloading.
    for tool in adduser passwd init-system-helpers sysvinit-utils lsb-base systemd systemd-sysusers debconf perl-base; do
        printf 'Package: %s\nStatus: install ok installed\nVersion: 9999\nArchitecture: %s\nMaintainer: none\nDescription: not needed\n\n' \
            "$tool" "$(dpkg --print-architecture)"
    done >"$work/state/status"
    printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nTargets: Packages\nSigned-By: %s\n' \
        "$mirror" "$suites" "$keyring" >"$work/suite.sources"
    cat >"$work/apt.conf" <<CONF
#clear APT::Update;
#clear APT::Default-Release;
#clear DPkg;
APT::Get::AllowUnauthenticated "false";
APT::Architectures { "$(dpkg --print-architecture)"; };
APT::Get::List-Cleanup "false";
APT::Sandbox::User "";
APT::Update::Error-Mode "any";
Acquire::AllowInsecureRepositories "false";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::http::Timeout "30";
Acquire::https::Timeout "30";
Debug::NoLocking "true";
Dir::Cache "$work/cache";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::Etc::SourceList "$work/suite.sources";
Dir::Etc::SourceParts "/dev/null";
Dir::State "$work/state";
Dir::State::status "$work/state/status";
CONF
}

# last_error LOG FALLBACK: apt's own words, on one line.
last_error() {
    local line
    line=$(sed -nE 's/^(E|W): (.*)/\2/p' "$1" | head -n 1 | tr -s ' \t' ' ')
    printf '%s' "${line:-$2}"
}
