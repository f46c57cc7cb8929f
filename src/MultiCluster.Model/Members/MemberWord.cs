using MultiCluster.Model.Collections;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Model.Members;

/// <summary>What the watcher of a member says of the member itself.</summary>
/// <param name="Labels">As its MemberCluster or the configuration say.</param>
/// <param name="State">As its MemberCluster or the configuration say; operators may order another.</param>
/// <param name="IsStale">It can't be read, or something that looks like a loss is held back.</param>
/// <param name="StaleReason">For people; empty unless it is stale.</param>
/// <param name="Held">What is held back until the member or an operator confirms it; for people.</param>
public sealed record MemberWord(
    MemberName Member, EquatableMap Labels, MemberState State, bool IsStale, string StaleReason, EquatableArray<string> Held);
