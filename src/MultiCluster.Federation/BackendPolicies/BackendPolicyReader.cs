using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.Ingresses;
using MultiCluster.Federation.Policies;
using MultiCluster.Federation.RoutePolicies;
using MultiCluster.Federation.Settings;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.BackendPolicies;

/// <summary>
/// How servers are used, as annotations of the controllers that we take the place of say it. Of each thing the Service's word counts before
/// the Ingress', and of one object's the first family's of <see cref="AnnotationIndex.Families"/>. A value that can't be followed costs
/// itself, so that the next one counts.
/// </summary>
public static class BackendPolicyReader
{
    private const string Community = "haproxy-ingress";
    private const string Official = "haproxy";
    private const string Nginx = "nginx";

    private static readonly Topic[] Topics =
    [
        Of<bool?>((Community, static all => all.Switch("service-upstream")), (Nginx, static all => all.Switch("service-upstream")))
            .Into(static (policy, value) => policy with { UsesService = value!.Value }),
        Of<Balancing>((Community, BalanceReader.Community), (Official, BalanceReader.Official), (Nginx, BalanceReader.Nginx))
            .Into(static (policy, value) => policy with { Balance = value.Algorithm, HashKey = value.Key }),
        Of<SessionCookie>((Community, SessionReader.Community), (Official, SessionReader.Official), (Nginx, SessionReader.Nginx))
            .Into(static (policy, value) => policy with { Session = value }),
        Of<EquatableArray<PodGroup>?>((Community, BlueGreenReader.Groups)).Into(static (policy, value) => With(policy, groups => groups with { Groups = value!.Value })),
        Of<string>((Community, static all => all.Text(BlueGreenReader.Mode))).Into(static (policy, value) => With(policy, groups => groups with { IsOfPods = value == "pod" })),
        Of<GroupChoice>((Community, BlueGreenReader.Choice)).Into(static (policy, value) =>
            With(policy, groups => groups with { ChosenLabel = value.Label, ChosenByHeader = value.Header, ChosenByCookie = value.Cookie })),
        Of<int?>((Community, static all => all.Number("maxconn-server", 0, BackendPolicy.MaxNumber)), (Official, static all => all.Number("pod-maxconn", 0, BackendPolicy.MaxNumber)))
            .Into(static (policy, value) => policy with { MaxConnections = value!.Value }),
        Of<int?>((Community, static all => all.Number("maxqueue-server", 0, BackendPolicy.MaxNumber)))
            .Into(static (policy, value) => policy with { MaxQueue = value!.Value }),
        Of<BackendProtocol?>((Community, ProtocolReader.Community), (Official, ProtocolReader.Official), (Nginx, ProtocolReader.Nginx))
            .Into(static (policy, value) => policy with { Protocol = value!.Value }),
        Of<ServerTls>((Community, BackendTlsReader.Community), (Official, BackendTlsReader.Official), (Nginx, BackendTlsReader.Nginx))
            .Into(static (policy, value) => policy with { Tls = value }),
        Of<ProxyHeader?>((Community, ProtocolReader.CommunityHeader), (Official, ProtocolReader.OfficialHeader))
            .Into(static (policy, value) => policy with { ProxyHeader = value!.Value }),
        Of<bool?>((Official, static all => all.Switch("check"))).Into(static (policy, value) => policy with { Checks = value }),
        Of<TimeSpan?>((Community, static all => CheckReader.Interval(all, "health-check-interval")), (Official, static all => CheckReader.Interval(all, "check-interval")))
            .Into(static (policy, value) => policy with { CheckInterval = value }),
        Of<int?>((Community, static all => all.Number("health-check-rise-count", 1, BackendPolicy.MaxCount))).Into(static (policy, value) => policy with { CheckRise = value }),
        Of<int?>((Community, static all => all.Number("health-check-fall-count", 1, BackendPolicy.MaxCount))).Into(static (policy, value) => policy with { CheckFall = value }),
        Of<int?>((Community, static all => all.Number("health-check-port", 1, 65535))).Into(static (policy, value) => policy with { CheckPort = value }),
        Of<string>((Community, static all => CheckReader.Address(all, "health-check-addr"))).Into(static (policy, value) => policy with { CheckAddress = value }),
        Of<string>((Community, static all => CheckReader.Address(all, "agent-check-addr"))).Into(static (policy, value) => policy with { AgentAddress = value }),
        Of<int?>((Community, static all => all.Number("agent-check-port", 1, 65535))).Into(static (policy, value) => policy with { AgentPort = value }),
        Of<TimeSpan?>((Community, static all => CheckReader.Interval(all, "agent-check-interval"))).Into(static (policy, value) => policy with { AgentInterval = value }),
        Of<string>((Community, CheckReader.AgentWord)).Into(static (policy, value) => policy with { AgentSend = value }),
        Of<string>((Community, CheckReader.CommunityPath), (Official, CheckReader.OfficialPath)).Into(static (policy, value) => policy with { CheckPath = value }),
    ];

    /// <param name="service">Of the Service that the route leads to.</param>
    /// <param name="name">The Service's, for problems.</param>
    /// <param name="defaults">Count where neither object says anything.</param>
    /// <param name="context">Of the route; null: there are no Secrets.</param>
    public static BackendPolicyReading Read(EquatableMap ingress, EquatableMap service, string? name = null, IngressDefaults? defaults = null, RoutePolicyContext? context = null)
    {
        defaults ??= IngressDefaults.None;
        if (ingress.Count == 0 && service.Count == 0 && defaults.Annotations.Count == 0)
            return new BackendPolicyReading(BackendPolicy.None, []);
        var problems = new List<PolicyProblem>();
        var of = name is null ? "" : $" of Service {Shown.Plain(name)}";
        var sources = new[] { (AnnotationPlaces.Service, service, of), (AnnotationPlaces.Ingress, ingress, ""), (AnnotationPlaces.Global, defaults.OfClass, IngressDefaults.OfParameters), (AnnotationPlaces.Global, defaults.OfAll, IngressDefaults.OfSettings) }
            .SelectMany(source => AnnotationIndex.Families.Items.Select(family => new BackendAnnotations(family, source.Item1, source.Item2, source.Item3, problems, context) { CheckNetworks = defaults.CheckNetworks }))
            .Where(static annotations => !annotations.IsEmpty)
            .ToList();
        var policy = BackendPolicy.None;
        foreach (var topic in Topics)
            policy = topic(policy, sources);

        // A mode alone says nothing.
        if (policy.BlueGreen is { IsEmpty: true })
            policy = policy with { BlueGreen = null };
        if (policy.Session is { Path.Length: 0 } session)
            policy = policy with { Session = session with { Path = SessionReader.PathOf(context?.Path ?? "") } };

        // Whoever says how checks are wants them; both controllers check without a word.
        if (policy.Checks is null && (policy.CheckPath ?? (object?)policy.CheckInterval ?? policy.CheckRise ?? policy.CheckFall ?? policy.CheckPort ?? (object?)policy.CheckAddress) is not null)
            policy = policy with { Checks = true };
        return new BackendPolicyReading(policy, problems.Distinct().ToEquatableArray());
    }

    private static BackendPolicy With(BackendPolicy policy, Func<BlueGreen, BlueGreen> set) => policy with { BlueGreen = set(policy.BlueGreen ?? BlueGreen.None) };

    private delegate BackendPolicy Topic(BackendPolicy policy, IReadOnlyList<BackendAnnotations> sources);

    private static TopicReaders<T> Of<T>(params (string Family, Func<BackendAnnotations, T?> Read)[] readers) => new(readers);

    private sealed class TopicReaders<T>((string Family, Func<BackendAnnotations, T?> Read)[] readers)
    {
        public Topic Into(Func<BackendPolicy, T, BackendPolicy> set) => (policy, sources) =>
        {
            var (found, by) = (default(T), (BackendAnnotations?)null);
            foreach (var source in sources)
            {
                if (Array.Find(readers, reader => reader.Family == source.Family).Read is not { } read)
                    continue;
                source.Begin();
                // Also of those that come too late: their owner hears of what is wrong.
                if (read(source) is not { } value)
                    continue;
                if (by is null)
                    (found, by) = (value, source);
                else if (by.Place == source.Place && !EqualityComparer<T>.Default.Equals(found, value))
                    source.Yield(by.Title);
            }

            return by is null ? policy : set(policy, found!);
        };
    }
}
