namespace MultiCluster.Persistence.Tests.PostgreSql;

internal static class PostgreSqlServer
{
    public static string? WhyMissing => "later";
}
