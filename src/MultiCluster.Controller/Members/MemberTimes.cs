namespace MultiCluster.Controller.Members;

public sealed record MemberTimes
{
    /// <summary>A member that could not be read for so long is stale.</summary>
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>One that has been read for so long is not stale any more.</summary>
    public TimeSpan FreshAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a member whose registration was deleted drains before all it had goes.</summary>
    public TimeSpan RemovalGrace { get; init; } = TimeSpan.FromSeconds(30);
}
