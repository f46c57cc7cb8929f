using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Traffic;

/// <summary>
/// Groups of pods by labels: which there are, and what each gets of what comes to its member.
/// <para>
/// Where no pod of a member's has a label that weights are of (none is read there, or nobody has set any) its pods are one group, as without
/// weights: a label that is missing everywhere is a mistake, and no wish to send requests nowhere.
/// </para>
/// </summary>
internal static class PodGroups
{
    /// <summary>
    /// Values of a label that requests may name besides those that have a weight, in one member: each takes a place, and a label may have a value
    /// of its own for each pod. The first by name count, whatever the order that pods come in.
    /// </summary>
    private const int MaxNamed = 16;

    /// <summary>For each endpoint where it is and each group that it is in.</summary>
    public static IEnumerable<(string Zone, PodLabel? Pods)> Of(BackendPort port, BlueGreen? groups)
    {
        if (groups is null)
            return port.Endpoints.Select(static endpoint => (endpoint.Zone, (PodLabel?)null));
        var labels = groups.Groups.Items.Select(static group => group.Label).Where(label => label.IsSafe && port.Endpoints.Any(endpoint => label.IsOf(endpoint.Labels))).Select(static label => (PodLabel?)label).ToList();
        if (labels.Count == 0)
            labels.Add(null);
        if (groups.MayBeNamed)
        {
            labels.AddRange(port.Endpoints.Select(endpoint => endpoint.Labels.Find(groups.ChosenLabel)).Where(static value => PodLabel.IsValue(value)).Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal).Select(value => (PodLabel?)new PodLabel(groups.ChosenLabel, value!)).Where(label => !labels.Contains(label)).Take(MaxNamed).ToList());
        }

        return from label in labels.Distinct() from endpoint in port.Endpoints where label?.IsOf(endpoint.Labels) != false select (endpoint.Zone, label);
    }

    /// <summary>0 for those that have a place only because requests may name them; null for all pods.</summary>
    public static int? WeightOf(PodLabel? pods, BlueGreen? groups) => pods is null ? null : groups?.Groups.Items.FirstOrDefault(group => group.Label == pods)?.Weight ?? 0;

    /// <param name="groups">Whose places have names count, as far as they may get something.</param>
    /// <param name="isOfPods">Weights are of each pod.</param>
    /// <returns>By group, in order; they sum up to 1, or to 0 when none may get anything.</returns>
    public static double[] Shares(IReadOnlyList<SteeredGroup> groups, bool isOfPods)
    {
        var isKnown = groups.Any(static group => Gets(group) && group.Healthy > 0);
        var counts = groups.Select(group => !Gets(group) ? 0 : isKnown ? group.Healthy : group.Backend.Servers.Count).ToList();
        var all = (double)counts.Sum();
        var parts = Enumerable.Range(0, groups.Count).Where(i => counts[i] > 0 && groups[i].Pods is not null).GroupBy(i => groups[i].Pods!.Value)
            .ToDictionary(static group => group.Key, group => (Count: group.Sum(i => counts[i]), Weight: groups[group.First()].PodWeight.GetValueOrDefault() * (isOfPods ? group.Sum(i => (long)counts[i]) : 1L)));
        var labelled = parts.Values.Sum(static part => part.Count) / Math.Max(1, all);
        var weights = (double)parts.Values.Sum(static part => part.Weight);
        return [.. groups.Select((group, i) => counts[i] == 0 ? 0 : group.Pods is { } pods ? labelled * parts[pods].Weight / weights * counts[i] / parts[pods].Count : counts[i] / all)];
    }

    private static bool Gets(SteeredGroup group) => group.Backend.Name is not null && group.Weight > 0;
}
