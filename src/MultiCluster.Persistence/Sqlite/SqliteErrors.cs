using Microsoft.Data.Sqlite;

namespace MultiCluster.Persistence.Sqlite;

/// <summary>SQLite's result codes (sqlite.org/rescode.html) in our words.</summary>
internal static class SqliteErrors
{
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int TooBig = 18;
    private const int Constraint = 19;
    private const int Mismatch = 20;
    private const int NotADatabase = 26;

    public static PersistenceException Translate(string path, SqliteException e)
    {
        var (failure, advice) = e.SqliteErrorCode switch
        {
            Full => (PersistenceFailure.Full, "there is no room; make some on its disk"),
            Corrupt => (PersistenceFailure.Corrupt, "it is damaged; restore a backup, or move it away to start over from the members"),
            NotADatabase => (PersistenceFailure.Corrupt, "this is no SQLite database; name another file"),
            TooBig or Constraint or Mismatch => (PersistenceFailure.Rejected, "it refuses this data"),
            _ => (PersistenceFailure.Unavailable, "it can't be used now"),
        };
        return new PersistenceException(failure, $"SQLite database {path}: {advice} ({e.Message})", e);
    }

    public static PersistenceException TimedOut(string path, TimeSpan timeout) =>
        new(PersistenceFailure.Unavailable, $"SQLite database {path}: no answer within {timeout.TotalSeconds:0.0} s; is its disk slow, or another process busy?");
}
