using MultiCluster.Controller.Members;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;

namespace MultiCluster.Controller.Status;

/// <summary>What is written to a MemberCluster.</summary>
/// <param name="Generation">Of the object that was read.</param>
/// <param name="LastSync">When all kinds were last known to be up to date; moves on in steps while that is now; null if it was never so.</param>
public sealed record MemberClusterReport(long Generation, EquatableArray<StatusStatement> Conditions, DateTimeOffset? LastSync)
{
    private const string Reachable = "Reachable";
    private const string Synced = "Synced";
    private const string CredentialsValid = "CredentialsValid";

    /// <summary>So that a member that is well costs its API server a write now and then, not each minute.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(5);

    /// <param name="staleReason">Null while it is not stale.</param>
    /// <param name="before">What was reported before.</param>
    internal static MemberClusterReport Of(
        MemberProtocol.MemberStatus status, string? staleReason, long generation, MemberClusterReport? before, DateTimeOffset now) => new(
        generation,
        [ReachableOf(status), SyncedOf(status), CredentialsOf(status), StaleOf(status, staleReason)],
        LastSyncOf(status, before?.LastSync, now));

    private static StatusStatement ReachableOf(MemberProtocol.MemberStatus status)
    {
        if (status.Stale.Count > 0)
            return new StatusStatement(Reachable, false, Reasons.Unreachable, string.Join("; ", status.Stale.Select(static kind => $"{kind.Kind}: {kind.Reason}")));
        return status.LastEvent is null
            ? new StatusStatement(Reachable, null, Reasons.Pending, $"{status.Source} has not answered yet")
            : new StatusStatement(Reachable, true, Reachable, $"{status.Source} answers");
    }

    private static StatusStatement SyncedOf(MemberProtocol.MemberStatus status) => status.Complete
        ? new StatusStatement(Synced, true, Synced, "all kinds have been listed")
        : new StatusStatement(Synced, false, Reasons.Pending, "not all kinds have been listed yet");

    private static StatusStatement CredentialsOf(MemberProtocol.MemberStatus status)
    {
        if (status.CredentialProblem is { } problem)
            return new StatusStatement(CredentialsValid, false, Reasons.Refused, problem);
        return status.LastEvent is null
            ? new StatusStatement(CredentialsValid, null, Reasons.Pending, "they have not been used yet")
            : new StatusStatement(CredentialsValid, true, "Valid", "what there is of credentials is used");
    }

    private static StatusStatement StaleOf(MemberProtocol.MemberStatus status, string? reason)
    {
        if (reason is null)
            return new StatusStatement(nameof(ConditionType.Stale), false, Reasons.UpToDate, "what is known is up to date");
        var text = status.Held.Count > 0
            ? $"looks like a loss and is held back: {string.Join("; ", status.Held)}; \"mcctl member approve {status.Member}\" lets it go"
            : "what is known may be out of date; it stays, and its endpoints are checked";
        return new StatusStatement(nameof(ConditionType.Stale), true, reason, text);
    }

    private static DateTimeOffset? LastSyncOf(MemberProtocol.MemberStatus status, DateTimeOffset? before, DateTimeOffset now)
    {
        if (!status.Complete)
            return before;
        if (status.Behind is null)
            return before is { } known && now >= known && now - known < Step ? known : now;
        // While it lasts, its beginning is one moment, though two clocks measure it.
        var since = now - status.Behind.Value;
        return before is { } last && (since <= last || since - last < Step) ? last : since;
    }
}
