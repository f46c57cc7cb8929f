using System.Globalization;
using MultiCluster.Model.Traffic;

namespace MultiCluster.Controller.History;

/// <summary>How traffic is spread, for people: what is not as it is without a word of anybody.</summary>
internal static class TrafficWords
{
    private static readonly TrafficPolicy Usual = new();

    public static string Of(TrafficPolicy traffic)
    {
        var parts = new List<string>(traffic.Clusters.Select(static cluster =>
            string.Create(CultureInfo.InvariantCulture, $"{cluster.Member} weight {cluster.Weight} priority {cluster.Priority}{(cluster.State == MemberState.Active ? "" : $" {cluster.State}")}")));
        Add(traffic.Distribution != Usual.Distribution, $"{traffic.Distribution}");
        Add(traffic.Balance != Usual.Balance, $"{traffic.Balance}");
        Add(traffic.SessionAffinity, $"sessions stay");
        Add(traffic.HealthThresholdPercent != Usual.HealthThresholdPercent, $"health threshold {traffic.HealthThresholdPercent} %");
        Add(traffic.MinHealthyEndpoints != Usual.MinHealthyEndpoints, $"at least {traffic.MinHealthyEndpoints} healthy endpoints");
        Add(traffic.MaxConnectionsPerEndpoint != 0, $"at most {traffic.MaxConnectionsPerEndpoint} requests for each endpoint");
        Add(traffic.SlowStart > TimeSpan.Zero, $"slow start {traffic.SlowStart.TotalSeconds} s");
        Add(traffic.FailbackDelay > TimeSpan.Zero, $"failback after {traffic.FailbackDelay.TotalSeconds} s");
        return parts.Count == 0 ? "alike" : string.Join(", ", parts);

        void Add(bool isSaid, FormattableString words)
        {
            if (isSaid)
                parts.Add(FormattableString.Invariant(words));
        }
    }

    public static string Of(MemberTraits traits) => string.Join(", ", new[]
    {
        traits.IsRemoved ? "removed" : traits.State.ToString(),
        traits.IsStale ? $"stale ({traits.StaleReason})" : "",
        traits.Labels.Count == 0 ? "" : $"labels {string.Join(' ', traits.Labels.Select(static label => $"{label.Key}={label.Value}"))}",
        traits.Settings.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{traits.Settings.Count} settings"),
    }.Where(static part => part.Length > 0));
}
