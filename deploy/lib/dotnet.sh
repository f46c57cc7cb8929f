# shellcheck shell=bash
# Sourced by scripts: the .NET SDK that builds this repository.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

require_dotnet() {
    if ! command -v dotnet >/dev/null || ! dotnet --list-sdks | grep -E '^1[0-9]\.' >/dev/null; then
        printf '%s\n' "error: the .NET SDK 10 is needed: https://dotnet.microsoft.com/download/dotnet/10.0" >&2
        return 1
    fi
}
