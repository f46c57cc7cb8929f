using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace MultiCluster.TestKit.PostgreSql;

/// <summary>
/// A private server on a unix socket, run by a user who is not root. A shell holds it and obeys lines on its input; when that ends, also because
/// the tests were killed, the server is stopped and its files are removed.
/// </summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    // $1: folder of the programs, $2: fsync. ICU collation: ids must not depend on it.
    private const string Script =
        """
        set -u
        folder=$(mktemp -d "${TMPDIR:-/tmp}/mc-postgresql-XXXXXX") || exit 1
        server=
        start() {
            "$1/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c fsync="$2" -c max_connections=200 \
                -c log_min_messages=warning </dev/null >>"$folder/log" 2>&1 &
            server=$!
            until "$1/pg_isready" -q -h "$folder"; do
                kill -0 "$server" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
                sleep 0.05
            done
        }
        stop() { [ -z "$server" ] || { kill "-$1" "$server" 2>/dev/null; wait "$server"; }; server=; }
        trap 'stop INT; rm -rf "$folder"' EXIT
        trap 'exit 0' INT TERM HUP
        "$1/initdb" -D "$folder/data" -A trust -U multicluster -E UTF8 --locale=C.UTF-8 --locale-provider=icu --icu-locale=en --no-sync \
            >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
        start "$@"
        echo "$folder"
        while read -r command; do
            case $command in
                crash) stop QUIT ;;
                stop) stop INT ;;
                start) start "$@" ;;
                *) exit 0 ;;
            esac
            echo "$command"
        done
        """;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly Lock Gate = new();
    private static Task<PostgreSqlServer>? _shared;

    private readonly Process _shell;

    private PostgreSqlServer(Process shell, string socketFolder)
    {
        _shell = shell;
        SocketFolder = socketFolder;
    }

    /// <summary>For all tests that leave it running; ends with the test process.</summary>
    public static Task<PostgreSqlServer> SharedAsync()
    {
        lock (Gate)
            return _shared ??= StartAsync(fsync: false);
    }

    public string SocketFolder { get; }

    /// <summary>Where it listens, for who goes between it and its clients.</summary>
    public EndPoint Socket => new UnixDomainSocketEndPoint(Path.Combine(SocketFolder, ".s.PGSQL.5432"));

    public string ConnectionString(string database) => $"Host={SocketFolder};Username=multicluster;Database={database}";

    /// <param name="fsync">Off for speed: no test here cuts the power.</param>
    public static async Task<PostgreSqlServer> StartAsync(bool fsync = false)
    {
        var programs = PostgreSqlPrograms.Folder ?? throw new InvalidOperationException(PostgreSqlPrograms.WhyMissing);
        // PostgreSQL refuses to run as root; the Debian package comes with a user.
        string[] asUser = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : ["env"];
        var start = new ProcessStartInfo(asUser[0], [.. asUser[1..], "sh", "-c", Script, "sh", programs, fsync ? "on" : "off"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        var shell = Process.Start(start)!;
        var folder = await shell.StandardOutput.ReadLineAsync().WaitAsync(Deadline);
        return folder is null
            ? throw new InvalidOperationException("PostgreSQL did not start; its log is on the error output.")
            : new PostgreSqlServer(shell, folder);
    }

    /// <summary>As kill -9 would, but without its leftovers in shared memory.</summary>
    public Task CrashAsync() => TellAsync("crash");

    public Task StopAsync() => TellAsync("stop");

    public Task StartAgainAsync() => TellAsync("start");

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync().WaitAsync(Deadline);
        _shell.Dispose();
    }

    private async Task TellAsync(string command)
    {
        await _shell.StandardInput.WriteLineAsync(command);
        await _shell.StandardInput.FlushAsync();
        var answer = await _shell.StandardOutput.ReadLineAsync().WaitAsync(Deadline);
        if (answer != command)
            throw new InvalidOperationException($"told to {command}, PostgreSQL's keeper answered: {answer ?? "nothing; its log is on the error output"}");
    }
}
