using System.Globalization;
using System.Text.Json;
using MultiCluster.Controller.Records;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.History;

/// <summary>Decisions of one entity for people, each told by what it changes of those before it.</summary>
internal sealed class DecisionWords
{
    private const int MostNames = 5;

    /// <summary>Follows from the others.</summary>
    private const string Summary = "guards";

    private readonly Dictionary<RouteKey, RouteClaim> _claims = [];
    private readonly Dictionary<MemberName, MemberBackend> _members = [];

    public string Next(Decision decision)
    {
        switch (decision)
        {
            case Decision.RouteAdded(_, var claim):
                var before = _claims.GetValueOrDefault(claim.Key);
                _claims[claim.Key] = claim;
                return before is null ? $"claims {claim.Key} for {claim.Backend} of {string.Join(", ", claim.Members)}{Policies(claim.Policy)}" : $"{claim.Key}: {Changes(before, claim)}";
            case Decision.RouteRemoved(_, var key):
                _claims.Remove(key);
                return $"no longer claims {key}";
            case Decision.CertificateChanged(_, var host, var certificate):
                return certificate is null
                    ? $"no certificate for {host} any more"
                    : string.Create(CultureInfo.InvariantCulture, $"certificate for {host} from Secret {certificate.SecretName}, {certificate.Fingerprint[..Math.Min(12, certificate.Fingerprint.Length)]}, until {certificate.NotAfter.UtcDateTime:yyyy-MM-dd HH:mm}Z");
            case Decision.TrafficChanged(_, var traffic):
                return traffic is null ? "requests go to all members alike" : $"traffic: {TrafficWords.Of(traffic)}";
            case Decision.ConflictRaised(_, var conflict):
                return $"conflict: {conflict.Message}";
            case Decision.ConflictCleared(_, var reason):
                return $"no conflict any more ({reason})";
            case Decision.BackendChanged(_, var member, var backend):
                var had = _members.GetValueOrDefault(member);
                if (backend is null)
                    _members.Remove(member);
                else
                    _members[member] = backend;
                return $"{member}: {Endpoints(had, backend)}";
            case Decision.ConditionsChanged(_, var accepted, var conditions):
                var bad = conditions.Where(static condition => !condition.Condition.Status).Select(static condition => $"{condition.Member}: {condition.Condition.Reason}");
                return string.Join("; ", bad.Prepend(accepted.IsEmpty ? "" : $"accepted in {string.Join(", ", accepted)}").Where(static part => part.Length > 0).DefaultIfEmpty("conditions cleared"));
            case Decision.EntityGone:
                _claims.Clear();
                _members.Clear();
                return "gone: no member has it any more";
            case Decision.MemberChanged(_, var member, var traits):
                return traits is null ? $"nothing is known of {member} any more" : $"{member}: {TrafficWords.Of(traits)}";
            default:
                return decision.GetType().Name;
        }
    }

    public static string Of(Cause cause) => string.Join(", ", new[] { Kind(cause), cause.Object?.ToString() ?? "", cause.Note }.Where(static part => part.Length > 0));

    private static string Kind(Cause cause) => cause.Kind switch
    {
        CauseKind.Observed => "seen",
        CauseKind.Deleted => "deleted",
        CauseKind.Time => "time",
        CauseKind.Arbitration => "another Ingress",
        CauseKind.Operator => "operator",
        _ => "recovery",
    };

    private static string Changes(RouteClaim before, RouteClaim after)
    {
        var parts = new List<string>();
        if (before.Backend != after.Backend)
            parts.Add($"backend {before.Backend} becomes {after.Backend}");
        if (before.Members != after.Members)
            parts.Add($"members {string.Join(", ", before.Members)} become {string.Join(", ", after.Members)}");
        if (before.Policy != after.Policy)
            parts.Add($"policies changed: {string.Join(", ", Differences(before.Policy, after.Policy))}");
        if (before.When != after.When)
            parts.Add("its condition changed");
        if (before.Rank != after.Rank)
            parts.Add($"rank of {after.Rank.Ingress} in {after.Rank.Member}, {after.Rank.Age}");
        return parts.Count == 0 ? "as before" : string.Join("; ", parts);
    }

    private static string Policies(RoutePolicy? policy) => policy is null ? "" : $" with {string.Join(", ", Differences(null, policy))}";

    /// <summary>Names of what is not the same, never values: some are hashes of passwords.</summary>
    private static IEnumerable<string> Differences(RoutePolicy? before, RoutePolicy? after)
    {
        var (old, next) = (Members(before), Members(after));
        return old.Keys.Union(next.Keys, StringComparer.Ordinal).Where(name => old.GetValueOrDefault(name) != next.GetValueOrDefault(name)).Order(StringComparer.Ordinal);
    }

    private static Dictionary<string, string> Members(RoutePolicy? policy)
    {
        using var json = JsonDocument.Parse(PolicyJson.Write(policy ?? RoutePolicy.None));
        return json.RootElement.EnumerateObject().Where(static member => member.Name != Summary).ToDictionary(static member => member.Name, static member => member.Value.GetRawText(), StringComparer.Ordinal);
    }

    private static string Endpoints(MemberBackend? before, MemberBackend? after)
    {
        if (after is null)
            return "no Service any more";
        var (old, next) = (Addresses(before), Addresses(after));
        var count = after.Ports.Items.Sum(static port => port.Endpoints.Count);
        var (added, gone) = (next.Except(old, StringComparer.Ordinal).ToList(), old.Except(next, StringComparer.Ordinal).ToList());
        var text = string.Create(CultureInfo.InvariantCulture, $"{count} endpoint{(count == 1 ? "" : "s")} on {after.Ports.Count} port{(after.Ports.Count == 1 ? "" : "s")}");
        return $"{text}{List(" +", added)}{List(" -", gone)}";
    }

    private static IEnumerable<string> Addresses(MemberBackend? backend) => (backend?.Ports.Items ?? []).SelectMany(static port => port.Endpoints.Items.Select(
        endpoint => string.Create(CultureInfo.InvariantCulture, $"{(endpoint.Pod.Length == 0 ? endpoint.Address : endpoint.Pod)}:{endpoint.Port}"))).Distinct(StringComparer.Ordinal);

    private static string List(string mark, List<string> names) => names.Count == 0
        ? ""
        : $",{mark}{string.Join($",{mark}", names.Take(MostNames))}{(names.Count > MostNames ? string.Create(CultureInfo.InvariantCulture, $" and {names.Count - MostNames} more") : "")}";
}
