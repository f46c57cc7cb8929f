namespace MultiCluster.HAProxy.Runtime.Statistics;

/// <summary>The numbers of <c>show stat</c> that are read. Counters come first, those of servers before all others, so that what is kept of a row is an array of its length.</summary>
public enum StatColumn
{
    Requests,
    TotalSessions,
    Responses1xx,
    Responses2xx,
    Responses3xx,
    Responses4xx,
    Responses5xx,
    ResponsesOther,
    ConnectionErrors,
    ResponseErrors,

    // Of servers no more than these are kept.
    BytesIn,
    BytesOut,
    Retries,
    Redispatches,
    ClientAborts,
    ServerAborts,
    DeniedRequests,

    // What follows is no counter, or of frontends, which keep their names.
    Sessions,
    Queue,
    Weight,
    RequestErrors,
    Connections,
    Type,
}

public static class StatColumns
{
    public const int OfServers = (int)StatColumn.BytesIn;

    public const int Counters = (int)StatColumn.Sessions;

    public const int All = (int)StatColumn.Type + 1;

    /// <summary>What a cell without a number reads as.</summary>
    public const long None = long.MinValue;

    private static readonly string[] Names =
    [
        "req_tot", "stot", "hrsp_1xx", "hrsp_2xx", "hrsp_3xx", "hrsp_4xx", "hrsp_5xx", "hrsp_other", "econ", "eresp",
        "bin", "bout", "wretr", "wredis", "cli_abrt", "srv_abrt", "dreq",
        "scur", "qcur", "weight", "ereq", "conn_tot", "type",
    ];

    /// <summary>As HAProxy calls it.</summary>
    public static string NameOf(StatColumn column) => Names[(int)column];

    /// <returns>-1 for one that is not read.</returns>
    internal static int Find(string name) => Array.IndexOf(Names, name);
}
