using Npgsql;

namespace MultiCluster.Persistence.PostgreSql;

/// <summary>What every session is set to, whatever the server's defaults.</summary>
internal static class PostgreSqlSources
{
    private const int LeasePoolSize = 4;

    public static NpgsqlDataSource Create(PostgreSqlOptions options, bool leases)
    {
        var timeout = leases ? options.LeaseTimeout : options.CommandTimeout;
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        settings.ApplicationName ??= "multicluster";
        settings.Timeout = Seconds(timeout);
        // The server gives up first and says so; only one that doesn't answer at all is left behind, without asking it to cancel.
        settings.CommandTimeout = Seconds(timeout) + 1;
        settings.CancellationTimeout = -1;
        settings.Options = $"{settings.Options} {SessionOptions(timeout)}".TrimStart();
        if (leases)
            (settings.MinPoolSize, settings.MaxPoolSize) = (0, LeasePoolSize);
        var builder = new NpgsqlDataSourceBuilder(settings.ToString());
        // Of several hosts the one that takes writes: a read from a standby would not see the last commits.
        return settings.Host?.Contains(',', StringComparison.Ordinal) == true
            ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary)
            : builder.Build();
    }

    public static string Milliseconds(TimeSpan time) => $"{Math.Max(1, (long)time.TotalMilliseconds)}";

    public static int Seconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds));

    /// <summary>
    /// A lock is not held for a client that is gone (client_connection_check_interval while a statement runs, keepalives when its host is gone) or asleep
    /// (idle_in_transaction_session_timeout).
    /// </summary>
    private static string SessionOptions(TimeSpan timeout) => string.Join(' ',
        $"-c statement_timeout={Milliseconds(timeout)}",
        $"-c lock_timeout={Milliseconds(timeout)}",
        $"-c idle_in_transaction_session_timeout={Milliseconds(timeout)}",
        "-c client_connection_check_interval=1000",
        "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3",
        "-c default_transaction_isolation=read\\ committed",
        "-c synchronous_commit=on");
}
