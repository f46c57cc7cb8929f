using MultiCluster.Federation.Annotations;
using MultiCluster.Federation.BackendPolicies;
using MultiCluster.Federation.Policies;
using MultiCluster.Federation.RouteConditions;
using MultiCluster.Federation.RoutePolicies;
using MultiCluster.Federation.Settings;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Ingresses;

/// <summary>
/// The policies of an ingress' routes, as the annotations of its copies say, and those of the Services that they name. An annotation counts
/// for the routes of all copies: what guards a path in one cluster guards it wherever it is served.
/// </summary>
internal sealed class IngressPolicies
{
    /// <summary>What lets in some only.</summary>
    private static readonly string[] Guards =
        ["allow-sources", "deny-sources", "basic-auth-secret", "external-auth-url", "external-auth-oauth", "client-ca", "client-verify-name"];

    private readonly RankedAnnotations _ingress = new();
    private readonly Dictionary<string, RankedAnnotations> _services = new(StringComparer.Ordinal);
    private readonly Dictionary<RouteKey, RoutePolicy> _policies = [];
    private readonly Dictionary<RouteKey, RouteCondition> _conditions = [];
    private readonly HashSet<PolicyProblem> _problems = [];
    private readonly List<PolicyProblem> _ordered = [];
    private readonly SortedSet<string> _labels = new(StringComparer.Ordinal);

    private readonly RankedAnnotations _classes = new(IngressDefaults.OfParameters);
    private IngressDefaults _defaults;

    private IngressPolicies(IngressDefaults defaults) => _defaults = defaults;

    public IEnumerable<CopyConflict> Conflicts => _services.Values.Prepend(_ingress).Prepend(_classes).SelectMany(static annotations => annotations.Conflicts)
        .Select(static text => new CopyConflict(Reasons.AnnotationConflict, text));

    /// <param name="copies">In order of rank.</param>
    public static IngressPolicies Of(ObjectKey key, IReadOnlyList<JudgedCopy> copies, CopyUnion union, IngressDefaults defaults)
    {
        var policies = new IngressPolicies(defaults);
        // Also of a copy of which nothing is served now: it may be what guards the route in the others.
        foreach (var copy in copies.Where(static copy => copy.Routes is not null))
            policies.Gather(copy);
        policies._defaults = defaults.WithClass(policies._classes.ToMap());
        if (policies._ingress.Count > 0 || policies._services.Count > 0 || !policies._defaults.IsEmpty)
            policies.Read(key, copies, union);
        return policies;
    }

    public RouteClaim Apply(RouteClaim claim)
    {
        var (policy, condition) = (_policies.GetValueOrDefault(claim.Key), _conditions.GetValueOrDefault(claim.Key));
        return policy is null && condition is null ? claim : claim with { Policy = policy, When = condition };
    }

    /// <summary>Of annotations that the copy or its Services have with the value that counts.</summary>
    public IEnumerable<PolicyProblem> ProblemsOf(JudgedCopy copy)
    {
        if (_ordered.Count == 0)
            return [];
        var fields = copy.Copy.Ingress.Meta.Annotations.Where(item => _ingress.Counts(item.Key, item.Value)).Select(static item => AnnotationCatalogue.Label(item.Key))
            .Concat(
                from service in copy.Copy.Services
                let counting = _services.GetValueOrDefault(service.Key.Name)
                where counting is not null
                from item in service.Meta.Annotations
                where counting.Counts(item.Key, item.Value)
                select FieldOf(item.Key, service.Key.Name))
            .Concat(_defaults.Annotations.Keys.Select(name => AnnotationCatalogue.Label(name) + _defaults.LabelOf(name)))
            .ToHashSet(StringComparer.Ordinal);
        return _ordered.Where(problem => fields.Contains(problem.Field));
    }

    /// <summary>Labels of pods that annotations name and that are not read in the copy's member.</summary>
    public IEnumerable<Problem> LabelsOf(JudgedCopy copy) => _labels.Where(label => !copy.Copy.PodLabels.Contains(label)).Select(label => new Problem(
        Reasons.UnsupportedAnnotation, "blue-green",
        $"names label {Shown.Plain(label)} of pods, which is not read in {copy.Member}, so that requests there go to all pods alike; have endpoints.pod-labels in the configuration file name it, and allow list and watch of pods there"));

    private static string FieldOf(string name, string service) => $"{AnnotationCatalogue.Label(name)}{Of(service)}";

    private static string Of(string service) => $" of Service {Shown.Plain(service)}";

    private void Gather(JudgedCopy copy)
    {
        foreach (var (name, value) in copy.Copy.Parameters?.Settings ?? EquatableMap.Empty)
            _classes.Add(copy.Member, name, value);
        foreach (var (name, value) in copy.Copy.Ingress.Meta.Annotations.Where(static item => AnnotationIndex.IsOfController(item.Key)))
            _ingress.Add(copy.Member, name, value);
        foreach (var service in copy.Copy.Services)
        {
            foreach (var (name, value) in service.Meta.Annotations.Where(static item => AnnotationIndex.IsOfController(item.Key)))
            {
                if (!_services.TryGetValue(service.Key.Name, out var annotations))
                    _services.Add(service.Key.Name, annotations = new RankedAnnotations(Of(service.Key.Name)));
                annotations.Add(copy.Member, name, value);
            }
        }
    }

    private void Read(ObjectKey key, IReadOnlyList<JudgedCopy> copies, CopyUnion union)
    {
        var ingress = _ingress.ToMap();
        var services = _services.ToDictionary(static item => item.Key, static item => item.Value.ToMap(), StringComparer.Ordinal);
        var isClosed = TellWithoutEffect(AnnotationPlaces.Ingress, ingress, "");
        var closed = services.Where(item => TellWithoutEffect(AnnotationPlaces.Service, item.Value, Of(item.Key))).Select(static item => item.Key).ToHashSet(StringComparer.Ordinal);
        var known = new Dictionary<RoutePolicy, RoutePolicy>();
        var secrets = new PolicySecrets(copies);
        foreach (var claim in union.Routes)
        {
            if (union.RedirectOf(claim.Key) is { } redirect)
            {
                _policies.Add(claim.Key, new RoutePolicy { Redirect = redirect });
                continue;
            }

            var service = claim.Backend.Service.Name;
            var hasTls = HasTls(copies, claim.Key.Host) || (claim.IsFurtherName && HasTls(copies));
            var context = new RoutePolicyContext(key, service, claim.Key.Path, claim.Key.Match, hasTls, secrets.Find) { Defaults = _defaults };
            var ofService = services.GetValueOrDefault(service, EquatableMap.Empty);
            if (claim.Key.IsFallback)
            {
                ReadFallback(claim, ingress, ofService, context, closed.Contains(service));
                continue;
            }

            var condition = RouteConditionReader.Read(ingress, ofService, service);
            if (condition.When is not null && claim.Key.Port is null)
                _conditions.Add(claim.Key, condition.When);
            foreach (var problem in condition.Problems)
                Tell(problem);
            var (requests, servers) = (RoutePolicyReader.Read(ingress, ofService, context), BackendPolicyReader.Read(ingress, ofService, service, _defaults, context));
            foreach (var problem in requests.Problems.Concat(servers.Problems))
                Tell(problem);
            var read = servers.Policy == BackendPolicy.None ? requests.Policy : requests.Policy with { Backend = servers.Policy };
            _labels.UnionWith(servers.Policy.BlueGreen?.Labels ?? []);
            if (isClosed || closed.Contains(service))
                read = read with { Closed = true };
            if (claim.Key.Port is not null)
                read = OfConnections(ingress, read, copies);
            if (read.IsEmpty)
                continue;
            // One object for all routes that have it: to compare them then costs nothing.
            if (!known.TryGetValue(read, out var policy))
                known.Add(read, policy = read);
            _policies.Add(claim.Key, policy);
        }
    }

    /// <summary>
    /// What is done to its requests the routes say that they come from. So a Service that itself says who may ask can't be one.
    /// </summary>
    private void ReadFallback(RouteClaim claim, EquatableMap ingress, EquatableMap ofService, RoutePolicyContext context, bool isClosed)
    {
        var guards = RoutePolicyReader.Read(EquatableMap.Empty, ofService, context with { Defaults = IngressDefaults.None }).Policy.Guards;
        if (isClosed || guards.Count > 0)
        {
            Tell(new PolicyProblem(
                Reasons.UnsupportedAnnotation, FallbackService.Field, $"names Service {Shown.Plain(claim.Backend.Service.Name)}, whose own annotations guard access, so that it takes no requests of others; name another"));
            _policies.Add(claim.Key, RoutePolicy.None with { Closed = true });
            return;
        }

        var servers = BackendPolicyReader.Read(ingress, ofService, claim.Backend.Service.Name, _defaults, context);
        foreach (var problem in servers.Problems)
            Tell(problem);
        if (servers.Policy != BackendPolicy.None)
            _policies.Add(claim.Key, RoutePolicy.None with { Backend = servers.Policy });
    }

    /// <summary>Rules of requests say nothing of connections; where one lets in some only, nobody is let in.</summary>
    private RoutePolicy OfConnections(EquatableMap ingress, RoutePolicy read, IReadOnlyList<JudgedCopy> copies)
    {
        var isGuarded = read.Guards.Count > 0;
        if (isGuarded && TcpIngress.Find(ingress) is { } port)
            Tell(new PolicyProblem(
                Reasons.UnsupportedAnnotation, AnnotationCatalogue.Label(port.Name), $"makes a TCP service, where {string.Join(", ", read.Guards)} can't be applied, so that no connection is taken; remove the one or the other"));
        return RoutePolicy.None with
        {
            Closed = isGuarded,
            Tcp = new TcpService(TcpIngress.AcceptsProxy(ingress), copies.Any(static copy => copy.IsAccepted && copy.Copy.Ingress.Tls.Count > 0)),
            Backend = (read.Backend ?? BackendPolicy.None) with { IsTcp = true },
        };
    }

    /// <summary>Whoever moved an Ingress here must hear of what it asks for in vain.</summary>
    /// <returns>Some of it guards access, so that without it nobody may be let in.</returns>
    private bool TellWithoutEffect(AnnotationPlaces place, EquatableMap annotations, string of)
    {
        var guards = false;
        foreach (var finding in ObjectAnnotations.Check(place, annotations))
        {
            if (finding.Verdict is not (AnnotationVerdict.Planned or AnnotationVerdict.Refused or AnnotationVerdict.Unknown or AnnotationVerdict.Misplaced))
                continue;
            var isGuard = finding.Verdict is AnnotationVerdict.Planned or AnnotationVerdict.Refused
                && finding.Known is { } known && Guards.Contains(known.Entry.Policy, StringComparer.Ordinal) && annotations.Find(finding.Name) is not ("off" or "false");
            guards |= isGuard;
            Tell(new PolicyProblem(
                Reasons.UnsupportedAnnotation, AnnotationCatalogue.Label(finding.Name) + of, isGuard ? $"{finding.Text}; it guards access, so that every request is refused until it is removed" : finding.Text));
        }

        return guards;
    }

    private void Tell(PolicyProblem problem)
    {
        if (_problems.Add(problem))
            _ordered.Add(problem);
    }

    /// <summary>As networking.k8s.io/v1 has it, an entry without hosts is about all of the Ingress.</summary>
    private static bool HasTls(IReadOnlyList<JudgedCopy> copies, string host) => copies.Any(copy => copy.IsAccepted && copy.Copy.Ingress.Tls.Any(tls =>
        tls.Hosts.IsEmpty || tls.Hosts.Any(name => Covers(name, host))));

    /// <summary>Further names are served as the hosts that they are names of.</summary>
    private static bool HasTls(IReadOnlyList<JudgedCopy> copies) => copies.Any(static copy => copy.IsAccepted && !copy.Copy.Ingress.Tls.IsEmpty);

    private static bool Covers(string name, string host) =>
        string.Equals(name, host, StringComparison.OrdinalIgnoreCase)
        || (name.StartsWith("*.", StringComparison.Ordinal) && host.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && host.AsSpan(dot).Equals(name.AsSpan(1), StringComparison.OrdinalIgnoreCase));
}
