using System.Net.Sockets;
using Npgsql;

namespace MultiCluster.Persistence.PostgreSql;

/// <summary>SQLSTATE codes (postgresql.org/docs/current/errcodes-appendix.html) in our words.</summary>
internal static class PostgreSqlErrors
{
    public static bool IsFromDatabase(Exception e) => e is NpgsqlException or SocketException or IOException or TimeoutException;

    public static PersistenceException Translate(PostgreSqlOptions options, Exception e)
    {
        var (failure, advice) = e is PostgresException refused ? Judge(refused.SqlState) : (PersistenceFailure.Unavailable, "no answer, or not in time");
        return new PersistenceException(failure, $"{options}: {advice} ({Describe(e)})", e);
    }

    private static (PersistenceFailure Failure, string Advice) Judge(string state) => state switch
    {
        PostgresErrorCodes.DiskFull => (PersistenceFailure.Full, "there is no room; make some on its disk"),
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => (PersistenceFailure.Corrupt, "it is damaged; restore a backup"),
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            (PersistenceFailure.Unavailable, "it does not let us in; check user and password"),
        PostgresErrorCodes.InvalidCatalogName => (PersistenceFailure.Unavailable, "it does not exist; create it"),
        PostgresErrorCodes.InsufficientPrivilege => (PersistenceFailure.Unavailable, "the user may not do this; make it the owner of the database"),
        PostgresErrorCodes.ReadOnlySqlTransaction => (PersistenceFailure.Unavailable, "it is read-only; name the primary"),
        // Data exceptions, integrity constraints, program limits.
        ['2', '2', ..] or ['2', '3', ..] or ['5', '4', ..] => (PersistenceFailure.Rejected, "it refuses this data"),
        _ => (PersistenceFailure.Unavailable, "it can't be used now"),
    };

    private static string Describe(Exception e) => e is PostgresException refused ? $"{refused.SqlState} {refused.MessageText}" : e.Message;
}
