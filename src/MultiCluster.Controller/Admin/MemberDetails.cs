using System.Collections.Immutable;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Records;
using MultiCluster.Model.Admin;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Admin;

/// <summary>A member as the admin API shows it, put together from all who know something of it.</summary>
internal static class MemberDetails
{
    /// <param name="registration">Null where this node does not read it.</param>
    /// <param name="traits">Null as long as nothing is known of it.</param>
    public static MemberDetailView Of(
        MemberName name,
        MemberRegistration? registration,
        MemberProtocol.MemberStatus? status,
        MemberTraits? traits,
        MemberOrders orders,
        MemberSessions sessions)
    {
        var state = traits?.State ?? registration?.State ?? MemberState.Active;
        var member = status is null ? new MemberView(name.Value, "", Complete: false, Reachable: false, 0, 0, 0, null, []) : AdminViews.Of(status);
        return new MemberDetailView(
            member,
            $"{state}",
            orders.State?.ToString(),
            registration is not null,
            traits?.IsRemoved == true,
            orders.IsLeaving,
            traits?.IsStale == true,
            status?.Behind?.TotalSeconds,
            status?.Held ?? [],
            registration?.View.IsHome == true,
            $"{registration?.View.Access.Mode ?? EndpointMode.PodIP}",
            traits?.Region ?? "",
            traits?.Zone ?? "",
            traits?.Labels.ToDictionary(static label => label.Key, static label => label.Value, StringComparer.Ordinal) ?? [],
            sessions.ByMember.GetValueOrDefault(name) ?? ImmutableDictionary<string, long>.Empty,
            sessions.SilentControllers,
            // Proxies elsewhere count only while there is a drain.
            state == MemberState.Active ? [] : sessions.SilentProxies,
            [.. status is null ? [] : Conditions(name, member, status, traits, registration?.CredentialProblem is not null)]);
    }

    private static IEnumerable<ConditionView> Conditions(
        MemberName name, MemberView member, MemberProtocol.MemberStatus status, MemberTraits? traits, bool hasCredentials)
    {
        yield return new ConditionView(
            name.Value, "Reachable", member.Reachable, member.Reachable ? "Reachable" : Reasons.Unreachable,
            member.Reachable ? $"{status.Source} answers" : string.Join("; ", member.Problems));
        yield return new ConditionView(
            name.Value, "Synced", member.Complete, member.Complete ? "Synced" : "Reading", member.Complete ? "all kinds have been listed" : "not all kinds have been listed yet");
        if (hasCredentials)
            yield return new ConditionView(
                name.Value, "CredentialsValid", status.CredentialProblem is null, status.CredentialProblem is null ? "Valid" : "Refused",
                status.CredentialProblem ?? "what there is of credentials is used");
        if (traits?.IsStale == true)
            yield return new ConditionView(
                name.Value, nameof(ConditionType.Stale), Status: true, status.Held.Count > 0 ? Reasons.MassShrink : Reasons.Unreachable,
                status.Held.Count > 0
                    ? $"looks like a loss and is held back: {string.Join("; ", status.Held)}; \"mcctl member approve {name}\" lets it go"
                    : "what is known may be out of date; it stays, and its endpoints are checked");
    }
}
