namespace MultiCluster.Actors;

public static class Status
{
    /// <summary>As a reply to an ask, <paramref name="Cause"/> is thrown to who asked.</summary>
    public sealed record Failure(Exception Cause);
}
