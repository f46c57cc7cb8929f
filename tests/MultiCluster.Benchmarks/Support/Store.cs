using System.Diagnostics;

namespace MultiCluster.Benchmarks.Support;

/// <summary>The database of controllers: a SQLite file, or a private PostgreSQL on a unix socket.</summary>
internal sealed class Store : IDisposable
{
    private readonly ChildProcess? _server;

    private Store(string configuration, ChildProcess? server)
    {
        Configuration = configuration;
        _server = server;
    }

    /// <summary>Lines for a configuration file.</summary>
    public string Configuration { get; }

    /// <param name="kind">sqlite or postgresql.</param>
    public static async Task<Store> StartAsync(string kind, string folder, CancellationToken cancellationToken) => kind switch
    {
        "sqlite" => new Store($"persistence.sqlite.file = \"{Path.Combine(folder, "shared.db")}\"", null),
        "postgresql" => await PostgreSqlAsync(folder, cancellationToken),
        _ => throw new BenchException($"--store {kind}: sqlite or postgresql was expected"),
    };

    public void Dispose() => _server?.Dispose();

    private static async Task<Store> PostgreSqlAsync(string folder, CancellationToken cancellationToken)
    {
        var binaries = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).LastOrDefault()
            : null;
        if (binaries is null)
            throw new BenchException("there is no PostgreSQL on this machine: apt-get install postgresql");
        var data = Path.Combine(folder, "pg");
        // The server refuses to run as root; the folder then belongs to the user that its package made.
        string[] user = Environment.UserName == "root" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
        Directory.CreateDirectory(data);
        if (user.Length > 0)
        {
            await RunAsync(["chmod", "a+x", folder], cancellationToken);
            await RunAsync(["chown", "postgres", data], cancellationToken);
        }

        await RunAsync([.. user, Path.Combine(binaries, "bin", "initdb"), "-D", data, "-U", "bench", "-A", "trust", "--no-sync"], cancellationToken);
        string[] serve = [.. user, Path.Combine(binaries, "bin", "postgres"), "-D", data, "-k", data, "-c", "listen_addresses="];
        var server = ChildProcess.Start(serve[0], serve[1..], Path.Combine(folder, "pg.log"));
        await server.WhenAsync(() => Task.FromResult(File.Exists(Path.Combine(data, ".s.PGSQL.5432"))), "the database's socket", cancellationToken);
        return new Store(
            $"persistence {{ store = postgresql, postgresql.connection = \"Host={data};Username=bench;Database=postgres\" }}", server);
    }

    private static async Task RunAsync(string[] command, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync(cancellationToken) + await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
            throw new BenchException($"{string.Join(' ', command)}: {said}");
    }
}
