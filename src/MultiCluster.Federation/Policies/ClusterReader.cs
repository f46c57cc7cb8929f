using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Federation.Policies;

/// <summary>What a policy says of each member: the first entry of a member counts, others and those of no member are told.</summary>
internal static class ClusterReader
{
    public static EquatableArray<ClusterTraffic> Read(
        EquatableArray<ClusterSpec> specs, IReadOnlyCollection<MemberName>? members, ValueReader values)
    {
        if (specs.IsEmpty)
            return [];
        var known = members as IReadOnlySet<MemberName> ?? members?.ToHashSet();
        var clusters = new SortedDictionary<MemberName, ClusterTraffic>();
        for (var i = 0; i < specs.Count; i++)
        {
            var spec = specs[i];
            var member = new MemberName(spec.Cluster ?? "");
            if (ProblemOf(member, known) is { } problem)
                values.Refuse(problem.Reason, PolicyField.Cluster, problem.Text, i);
            else if (clusters.ContainsKey(member))
                values.Refuse(PolicyField.Cluster, $"names {Shown.Quoted(member.Value)} again; the first counts, remove the other", i);
            else
                clusters.Add(member, Read(member, spec, i, values));
        }

        return clusters.Values.ToEquatableArray();
    }

    /// <summary>Why a policy can't speak of the member; null when it can.</summary>
    public static (string Reason, string Text)? ProblemOf(MemberName member, IReadOnlySet<MemberName>? known)
    {
        if (!DnsNames.IsLabel(member.Value))
            return (Reasons.InvalidPolicy, $"names {Shown.Quoted(member.Value)}, which can't be a cluster's name; write a DNS label");
        if (known is null || known.Contains(member))
            return null;
        return (Reasons.UnknownCluster, $"names {Shown.Quoted(member.Value)}, and there is no such cluster; {Words.Known(known)}");
    }

    private static ClusterTraffic Read(MemberName member, ClusterSpec spec, int index, ValueReader values)
    {
        var of = $" for {Shown.Quoted(member.Value)}";
        return new ClusterTraffic(
            member,
            values.Number(PolicyField.Weight, spec.Weight, 0, ClusterTraffic.MaxWeight, ClusterTraffic.DefaultWeight, index, of),
            values.Number(PolicyField.Priority, spec.Priority, 0, ClusterTraffic.MaxPriority, 0, index, of),
            values.Word(PolicyField.State, spec.State, MemberState.Active, index, of));
    }
}
