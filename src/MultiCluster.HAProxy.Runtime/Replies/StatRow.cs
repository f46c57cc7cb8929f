namespace MultiCluster.HAProxy.Runtime.Replies;

/// <summary>The columns of <c>show stat</c> that we read; empty ones are zero.</summary>
/// <param name="Service"><c>FRONTEND</c>, <c>BACKEND</c> or the server's name.</param>
/// <param name="LastChange">Seconds since the last change of <paramref name="Status"/>.</param>
public sealed record StatRow(
    string Proxy,
    string Service,
    string Status,
    long Queued,
    long Sessions,
    long TotalSessions,
    long BytesIn,
    long BytesOut,
    long ConnectErrors,
    long ResponseErrors,
    long Retries,
    long Redispatches,
    long FailedChecks,
    long Responses2xx,
    long Responses3xx,
    long Responses4xx,
    long Responses5xx,
    long IdleConnections,
    long LastChange);
