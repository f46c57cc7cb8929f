using System.Collections.Immutable;
using MultiCluster.HAProxy.Data;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Status;

/// <summary>
/// Whether HAProxy holds what an ingress asks for. A proxy is asked how far it has been told, once the routing table is known to have the
/// ingress as it is now; when it has applied that much, it holds it. Only proxies that get their routes from the node of the ingress'
/// owner are known here, and only they are spoken of. Pure.
/// </summary>
internal sealed class ProgrammedMarks
{
    private readonly Dictionary<string, long> _told = new(StringComparer.Ordinal);
    private readonly HashSet<string> _applied = new(StringComparer.Ordinal);
    private Fragment.Ingress? _of;

    /// <param name="row">What the routing table holds.</param>
    /// <param name="part">What of it refusals count for; null for all.</param>
    public StatusStatement Look(Fragment.Ingress wanted, Fragment.Ingress? row, ImmutableArray<ProxyFacts> proxies, Fragment.Ingress? part = null)
    {
        if (_of is null || !IsSameProgram(_of, wanted))
        {
            _of = wanted;
            _told.Clear();
            _applied.Clear();
        }

        if (wanted.Routes.IsEmpty)
            return Say(false, Reasons.NotAccepted, "nothing of it is accepted, so that there is nothing to program");
        if (row is null || !IsSameProgram(row, wanted))
            return Say(false, Reasons.Pending, "not in the routing table yet");
        if (proxies.IsEmpty)
            return Say(null, Reasons.NoProxy, "no proxy gets its routes from the controller that owns this object");
        foreach (var proxy in proxies)
            Mark(proxy);
        if (proxies.FirstOrDefault(proxy => RefusalOf(part ?? wanted, proxy) is not null) is { } refusing)
            return Say(false, Reasons.Refused, $"proxy {refusing.Name} does not take a part of it: {RefusalOf(part ?? wanted, refusing)}; what it takes is served");
        string[] missing = [.. proxies.Where(proxy => !proxy.Runs || !_applied.Contains(proxy.Name)).Select(static proxy => proxy.Name)];
        return missing.Length > 0
            ? Say(false, Reasons.Pending, $"not applied yet by {Names(missing)}")
            : Say(true, Reasons.Programmed, $"applied by {Names([.. proxies.Select(static proxy => proxy.Name)])}");
    }

    private void Mark(ProxyFacts proxy)
    {
        // One that has started anew counts anew.
        if (!_told.TryGetValue(proxy.Name, out var mark) || proxy.Told < mark)
            _told[proxy.Name] = mark = proxy.Told;
        if (proxy.Applied >= mark)
            _applied.Add(proxy.Name);
    }

    private static string? RefusalOf(Fragment.Ingress wanted, ProxyFacts proxy)
    {
        foreach (var (name, reason) in proxy.Refused)
        {
            if (Concerns(name, wanted))
                return $"{name}: {reason}";
        }

        return null;
    }

    /// <summary>By the entity, by the backend's name, or by a host of its routes.</summary>
    private static bool Concerns(string name, Fragment.Ingress wanted)
    {
        if (string.Equals(name, EntityId.Ingress(wanted.Key).ToString(), StringComparison.Ordinal))
            return true;
        var real = name.IndexOf(' ', StringComparison.Ordinal) is >= 0 and var space ? name[(space + 1)..] : name;
        if (BackendNames.Parse(real) is { } place)
            return wanted.Routes.Any(route => route.Backend.Service == place.Backend.Ref.Service);
        return wanted.Routes.Any(route => route.Key.Host.Length > 0 && real.Contains(route.Key.Host, StringComparison.Ordinal));
    }

    private static bool IsSameProgram(Fragment.Ingress left, Fragment.Ingress right) =>
        ReferenceEquals(left, right) || (left.Routes == right.Routes && left.Traffic == right.Traffic && left.Certificates == right.Certificates);

    private static string Names(string[] proxies) => $"{(proxies.Length == 1 ? "proxy" : "proxies")} {string.Join(", ", proxies.Order(StringComparer.Ordinal))}";

    private static StatusStatement Say(bool? status, string reason, string message) => new(nameof(ConditionType.Programmed), status, reason, message);
}
