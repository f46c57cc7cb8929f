namespace MultiCluster.Federation.Policies;

internal enum AnnotationUse
{
    OptIn,
    Traffic,
    Staleness,
}

/// <param name="Field">The field of a policy that it stands for, where it stands for one alone.</param>
/// <param name="Example">A value, for messages.</param>
/// <param name="Read">Takes a value that is not empty into the draft.</param>
internal sealed record AnnotationRule(
    string Name, AnnotationUse Use, PolicyField? Field, string Example, Action<AnnotationDraft, string>? Read);

/// <summary>Every annotation there is: what is read, suggested and documented comes from here.</summary>
internal static class AnnotationCatalogue
{
    private static readonly AnnotationRule[] Rules =
    [
        new(PolicyAnnotations.Federate, AnnotationUse.OptIn, null, "true", null),
        Traffic(PolicyAnnotations.ClusterWeights, PolicyField.Weight, "aws-1=80,gcp-1=20", static (draft, value) => draft.SetWeights(value)),
        Traffic(PolicyAnnotations.ClusterPriorities, PolicyField.Priority, "aws-1=0,gcp-1=1", static (draft, value) => draft.SetPriorities(value)),
        Traffic(PolicyAnnotations.PrimaryCluster, null, "aws-1", static (draft, value) => draft.SetPrimary(value)),
        Traffic(PolicyAnnotations.ClusterState, PolicyField.State, "gcp-1=Drain", static (draft, value) => draft.SetStates(value)),
        Traffic(
            PolicyAnnotations.TrafficDistribution, PolicyField.Distribution, "PreferSameZone",
            static (draft, value) => draft.Traffic = draft.Traffic with { TrafficDistribution = value }),
        Traffic(
            PolicyAnnotations.FailoverThreshold, PolicyField.HealthThreshold, "70",
            static (draft, value) => draft.Traffic = draft.Traffic with { HealthThresholdPercent = draft.Number(PolicyAnnotations.FailoverThreshold, value) }),
        Traffic(
            PolicyAnnotations.MinHealthyEndpoints, PolicyField.MinHealthyEndpoints, "2",
            static (draft, value) => draft.Traffic = draft.Traffic with { MinHealthyEndpoints = draft.Number(PolicyAnnotations.MinHealthyEndpoints, value) }),
        Traffic(
            PolicyAnnotations.FailbackDelay, PolicyField.FailbackDelay, "60s",
            static (draft, value) => draft.Traffic = draft.Traffic with { FailbackDelay = value }),
        Traffic(
            PolicyAnnotations.MaxConnectionsPerEndpoint, PolicyField.MaxConnections, "200",
            static (draft, value) => draft.Traffic = draft.Traffic with { MaxConnectionsPerEndpoint = draft.Number(PolicyAnnotations.MaxConnectionsPerEndpoint, value) }),
        Traffic(
            PolicyAnnotations.SlowStart, PolicyField.SlowStart, "30s",
            static (draft, value) => draft.Traffic = draft.Traffic with { SlowStart = value }),
        Traffic(
            PolicyAnnotations.LoadBalancing, PolicyField.Balance, "LeastConnections",
            static (draft, value) => draft.Traffic = draft.Traffic with { LoadBalancing = value }),
        Traffic(
            PolicyAnnotations.SessionAffinity, PolicyField.Affinity, "Cookie",
            static (draft, value) => draft.Traffic = draft.Traffic with { SessionAffinity = value }),
        Staleness(
            PolicyAnnotations.Staleness, PolicyField.StalePolicy, "Retain",
            static (draft, value) => draft.Staleness = draft.Staleness with { Policy = value }),
        Staleness(
            PolicyAnnotations.StaleTtl, PolicyField.StaleTtl, "1h",
            static (draft, value) => draft.Staleness = draft.Staleness with { Ttl = value }),
        Staleness(
            PolicyAnnotations.MinClusters, PolicyField.MinClusters, "1",
            static (draft, value) => draft.Staleness = draft.Staleness with { MinClusters = draft.Number(PolicyAnnotations.MinClusters, value) }),
    ];

    private static readonly Dictionary<string, AnnotationRule> ByName = Rules.ToDictionary(static rule => rule.Name, StringComparer.Ordinal);

    private static readonly Dictionary<PolicyField, AnnotationRule> ByField =
        Rules.Where(static rule => rule.Field is not null).ToDictionary(static rule => rule.Field!.Value);

    public static IReadOnlyCollection<string> Names => ByName.Keys;

    public static AnnotationRule? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>As fields of problems name it.</summary>
    public static string Label(string name) => $"annotation {name}";

    public static string FieldName(PolicyField field, int index) =>
        ByField.TryGetValue(field, out var rule) ? Label(rule.Name) : "annotations";

    private static AnnotationRule Traffic(string name, PolicyField? field, string example, Action<AnnotationDraft, string> read) =>
        new(name, AnnotationUse.Traffic, field, example, read);

    private static AnnotationRule Staleness(string name, PolicyField field, string example, Action<AnnotationDraft, string> read) =>
        new(name, AnnotationUse.Staleness, field, example, read);
}
