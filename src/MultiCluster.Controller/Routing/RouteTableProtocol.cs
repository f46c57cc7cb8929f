using System.Collections.Immutable;
using MultiCluster.Federation.Routing;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.Routing;

/// <summary>What the route table takes and tells.</summary>
public static class RouteTableProtocol
{
    // Commands

    /// <summary>The sender gets a <see cref="Snapshot"/> and every <see cref="Changed"/> after it.</summary>
    public sealed record Subscribe;

    /// <summary>The sender, who owns the ingress here, gets EntityProtocol.ConflictsChanged now and after every change.</summary>
    public sealed record WatchConflicts(ObjectKey Ingress);

    /// <summary>The sender gets EntityProtocol.MembersChanged now and after every change.</summary>
    public sealed record WatchMembers;

    // Events, to subscribers

    public sealed record Snapshot(RoutingDelta Table, Readiness Readiness);

    public sealed record Changed(RoutingDelta Delta);

    public sealed record ReadinessChanged(Readiness Readiness);

    // Queries

    public sealed record GetRoutes;

    public sealed record GetIngressNames;

    /// <summary>Answered with <see cref="IngressRows"/>.</summary>
    public sealed record GetIngressRows(ImmutableArray<ObjectKey> Ingresses);

    /// <summary>Answered with <see cref="HostHolders"/>.</summary>
    public sealed record GetHostHolders(ImmutableArray<string> Hosts);

    /// <summary>Answered with <see cref="Members"/>.</summary>
    public sealed record GetMembers;

    /// <summary>Answered with <see cref="Routing.Readiness"/>.</summary>
    public sealed record GetReadiness;

    /// <summary>Answered with <see cref="Explained"/>.</summary>
    public sealed record Explain(string Host, string Path);

    // Replies

    /// <param name="Endpoints">Of the backends of all routes that match, and of their alternatives.</param>
    public sealed record Explained(RouteExplanation Explanation, ImmutableDictionary<BackendKey, int> Endpoints);

    public sealed record Routes(RoutingDelta Table);

    public sealed record Members(ImmutableSortedDictionary<MemberName, MemberTraits> Traits);

    /// <param name="Rows">Without those of which nothing is published.</param>
    /// <param name="Members">What is published of each.</param>
    public sealed record IngressRows(ImmutableDictionary<ObjectKey, Fragment.Ingress> Rows, ImmutableSortedDictionary<MemberName, MemberTraits> Members);

    /// <param name="Spaces">Of each host, the namespaces whose it is; null: not all who may have hosts have been heard yet.</param>
    public sealed record HostHolders(IReadOnlyDictionary<string, IReadOnlySet<string>>? Spaces);

    public sealed record IngressNames(ImmutableArray<ObjectKey> Keys);
}

/// <summary>Whether the table holds all members.</summary>
/// <param name="Missing">Members that have not been read whole yet.</param>
/// <param name="GaveUpWaiting">They took longer than the start may wait.</param>
public sealed record Readiness(ImmutableArray<MemberName> Missing, bool GaveUpWaiting)
{
    /// <summary>Stands among the members that are missing until a controller has said which ones are.</summary>
    public static readonly MemberName NoController = new("(no controller reached)");

    /// <summary>Stands there while the controller knows less than this proxy held before.</summary>
    public static readonly MemberName ControllerBehind = new("(controller is behind)");

    /// <summary>Stands there until every feed has told which members there are.</summary>
    public static readonly MemberName UnknownMembers = new("(members of the home cluster)");

    /// <summary>No member, and anybody's absence.</summary>
    public static bool IsStandIn(MemberName member) => member == NoController || member == ControllerBehind || member == UnknownMembers;

    /// <summary>
    /// What the members that are missing had before is in the table all the same, from the database or from other controllers: it may be old,
    /// and it is not a part.
    /// </summary>
    public bool RemembersMissing { get; init; }

    /// <summary>Only members are missing: of all others everything is known.</summary>
    public bool KnowsTheOthers => !Missing.Contains(NoController) && !Missing.Contains(ControllerBehind);

    /// <summary>Absence in the table means absence in every member.</summary>
    public bool IsComplete => Missing.IsEmpty;

    /// <summary>What is known may be programmed; without <see cref="IsComplete"/> nothing may be removed.</summary>
    public bool MayStart => IsComplete || GaveUpWaiting;
}
