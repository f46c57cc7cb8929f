using MultiCluster.Federation.Policies;
using MultiCluster.Federation.Text;
using MultiCluster.Model.Collections;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Ingresses;

/// <summary>
/// What one copy of an Ingress asks for, as far as it is valid: a bad path costs only itself, a bad host only its rule.
/// </summary>
internal sealed class CopyRoutes
{
    private readonly Dictionary<RouteKey, (BackendRef Backend, string Field)> _routes = [];
    private readonly SortedSet<string> _hosts = new(StringComparer.Ordinal);
    private readonly List<string> _ruleHosts = [];
    private readonly Dictionary<string, FurtherName> _further = new(StringComparer.Ordinal);
    private readonly List<Problem> _invalid = [];
    private readonly List<(RouteKey Key, Problem Problem)> _unresolved = [];
    private readonly Dictionary<ObjectKey, ServiceResource> _services = [];
    private readonly IngressCopy _copy;
    private readonly PathTypes _types;
    private readonly bool _resolves;

    private CopyRoutes(IngressCopy copy, bool resolves)
    {
        (_copy, _resolves, _types) = (copy, resolves, PathTypes.Of(copy));
        foreach (var service in copy.Services)
            _services.TryAdd(service.Key, service);
    }

    public IEnumerable<KeyValuePair<RouteKey, BackendRef>> Routes =>
        _routes.Select(static route => KeyValuePair.Create(route.Key, route.Value.Backend));

    /// <summary>Nothing of the copy can be served.</summary>
    public bool IsEmpty => _routes.Count == 0 && !_copy.IsDefaultCertificate;

    /// <summary>Valid hosts of the rules; with <see cref="RouteKey.AnyHost"/> when something matches every host.</summary>
    public IReadOnlyCollection<string> Hosts => _hosts;

    /// <summary>Names that it has besides, from annotations.</summary>
    public IReadOnlyCollection<string> FurtherHosts => _further.Keys;

    /// <summary>What makes a host its own besides the rules; null for one of a rule.</summary>
    public FurtherName? FurtherName(string host) => _further.GetValueOrDefault(host);

    /// <summary>Parts that are left out.</summary>
    public IReadOnlyList<Problem> Invalid => _invalid;

    /// <summary>Parts that are served, with 503 until the member has what they name.</summary>
    public IReadOnlyList<(RouteKey Key, Problem Problem)> Unresolved => _unresolved;

    /// <summary>Of a copy whose routes go to no member.</summary>
    public static CopyRoutes Nowhere(IngressCopy copy, IEnumerable<Problem> problems)
    {
        var routes = new CopyRoutes(copy, resolves: false);
        routes._invalid.AddRange(problems.OrderBy(static problem => string.Equals(problem.Reason, Reasons.NotPlaced, StringComparison.Ordinal) ? 0 : 1));
        return routes;
    }

    /// <param name="resolves">Whether it is the copy's own member that has to have the Services.</param>
    public static CopyRoutes Read(IngressCopy copy, bool resolves = true)
    {
        var routes = new CopyRoutes(copy, resolves);
        if (copy.Ingress.DecodeError is { } error)
        {
            routes._invalid.Add(new Problem(Reasons.InvalidObject, "manifest", $"can't be read: {Shown.Quoted(error)}; correct it"));
            return routes;
        }

        if (!DnsNames.IsLabel(copy.Ingress.Key.Namespace) || !DnsNames.IsSubdomain(copy.Ingress.Key.Name))
        {
            routes._invalid.Add(new Problem(Reasons.InvalidObject, "metadata", "has a namespace or a name that is no DNS name; correct it"));
            return routes;
        }

        if (copy.IsDefaultCertificate)
            return routes;
        if (TcpIngress.Find(copy.Ingress.Meta.Annotations) is { } tcp)
        {
            routes.AddPort(tcp.Name, tcp.Value);
            return routes;
        }

        routes._invalid.AddRange(routes._types.Problems);
        for (var i = 0; i < copy.Ingress.Rules.Count; i++)
            routes.AddRule(copy.Ingress.Rules[i], $"spec.rules[{i}]");
        routes.AddDefault();
        routes.AddFurtherNames();
        routes.AddFallback();
        if (routes.IsEmpty && routes._invalid.Count == routes._types.Problems.Count())
            routes._invalid.Add(new Problem(Reasons.InvalidObject, "spec", "has neither a path nor a defaultBackend; add one"));
        return routes;
    }

    /// <summary>All of the Ingress is about connections to one port.</summary>
    private void AddPort(string name, string value)
    {
        if (TcpIngress.PortOf(value) is not { } port)
        {
            _invalid.Add(new Problem(Reasons.InvalidObject, AnnotationCatalogue.Label(name), $"is {Shown.Quoted(value)}; write a port of 1 to 65535"));
            return;
        }

        var key = RouteKey.OfPort(port);
        if (_copy.Ingress.DefaultBackend is { } backend)
            Add(key, backend, "spec.defaultBackend");
        for (var i = 0; i < _copy.Ingress.Rules.Count; i++)
        {
            var rule = _copy.Ingress.Rules[i];
            if (!string.IsNullOrEmpty(rule.Host))
                _invalid.Add(new Problem(Reasons.InvalidHost, $"spec.rules[{i}].host", $"is {Shown.Quoted(rule.Host)}, but connections of a TCP service are not told apart by hosts; remove it"));
            for (var j = 0; string.IsNullOrEmpty(rule.Host) && j < rule.Paths.Count; j++)
                Add(key, rule.Paths[j].Backend, $"spec.rules[{i}].http.paths[{j}].backend");
        }

        if (IsEmpty && _invalid.Count == 0)
            _invalid.Add(new Problem(Reasons.InvalidObject, "spec", "has neither a path nor a defaultBackend; add one"));
    }

    private void AddRule(IngressRule rule, string field)
    {
        var host = RouteKey.AnyHost;
        if (!string.IsNullOrEmpty(rule.Host))
        {
            if (HostNames.Problem(rule.Host) is { } problem)
            {
                _invalid.Add(new Problem(Reasons.InvalidHost, $"{field}.host", $"{Shown.Quoted(rule.Host)} {problem}"));
                return;
            }

            host = HostNames.Lower(rule.Host);
        }

        _hosts.Add(host);
        _ruleHosts.Add(host);
        for (var i = 0; i < rule.Paths.Count; i++)
            AddPath(host, rule.Paths[i], $"{field}.http.paths[{i}]");
    }

    private void AddPath(string host, IngressPath path, string field)
    {
        var service = new ObjectKey(_copy.Ingress.Key.Namespace, path.Backend?.ServiceName ?? "");
        if (_types.MatchOf(path.PathType, path.Path, service) is not { } match)
        {
            _invalid.Add(new Problem(
                Reasons.InvalidPathType,
                $"{field}.pathType",
                $"{Shown.Quoted(path.PathType ?? "")} is unknown; write Exact, Prefix or ImplementationSpecific (which here is Prefix)"));
            return;
        }

        var key = new RouteKey(host, path.Path ?? "", match);
        string? problem = null;
        if (match is not (PathMatch.Regex or PathMatch.RegexAnyCase))
        {
            var reading = PathReading.Parse(path.Path, match);
            (key, problem) = (key with { Path = reading.Path }, reading.Problem);
        }

        if (problem is null && key.IsExpression)
            problem = PathExpressions.Read(key.Path, match).Problem;
        if (problem is not null)
            _invalid.Add(new Problem(Reasons.InvalidPath, $"{field}.path", problem));
        else
            Add(key, path.Backend, $"{field}.backend");
    }

    /// <summary>
    /// For every host, and once more for each host of the rules: what no rule of any Ingress matches of an Ingress' own
    /// hosts goes to its own default, whoever owns the one for every host.
    /// </summary>
    private void AddDefault()
    {
        const string field = "spec.defaultBackend";
        if (_copy.Ingress.DefaultBackend is null)
            return;
        Add(new RouteKey(RouteKey.AnyHost, "", PathMatch.Default), _copy.Ingress.DefaultBackend, field);
        if (!_routes.TryGetValue(new RouteKey(RouteKey.AnyHost, "", PathMatch.Default), out var route))
            return;
        foreach (var host in _hosts)
            _routes[new RouteKey(host, "", PathMatch.Default)] = route;
        _hosts.Add(RouteKey.AnyHost);
    }

    /// <summary>The routes of all hosts under the further names, of two that are the same the first; or one that redirects.</summary>
    private void AddFurtherNames()
    {
        var names = FurtherNames.Of(_copy, _ruleHosts);
        _invalid.AddRange(names.Problems);
        var own = _ruleHosts.Distinct(StringComparer.Ordinal).Where(static host => host != RouteKey.AnyHost)
            .SelectMany(host => _routes.Where(route => route.Key.Host == host)).ToList();
        if (own.Count == 0)
            return;
        foreach (var name in names.Names)
        {
            _further.Add(name.Host, name);
            if (name.Redirect is not null)
                _routes.TryAdd(new RouteKey(name.Host, "", PathMatch.Prefix), own[0].Value);
            else
                foreach (var (key, route) in own)
                    _routes.TryAdd(key with { Host = name.Host }, route);
        }
    }

    /// <summary>Also of a Service whose port nobody knows yet the rest is served.</summary>
    private void AddFallback()
    {
        if (IsEmpty || FallbackService.Of(_copy.Ingress) is not { } service)
            return;
        var (backend, problem) = FallbackService.Read(service, _services.GetValueOrDefault(service), _copy.Member);
        if (backend is not null)
            Add(RouteKey.OfFallback(_copy.Ingress.Key), backend, FallbackService.Field);
        else if (_resolves)
            _invalid.Add(problem!);
    }

    private void Add(RouteKey key, IngressBackend? backend, string field)
    {
        var (target, problem) = BackendReading.Parse(backend, _copy.Ingress.Key.Namespace, field);
        if (target is not { } resolved)
        {
            _invalid.Add(problem!);
            return;
        }

        if (_routes.TryGetValue(key, out var first))
        {
            if (first.Backend != resolved)
                _invalid.Add(new Problem(
                    Reasons.DuplicatePath, field, $"is for {Shown.Plain(key)}, which {first.Field} sends to {first.Backend} already; remove one"));
            return;
        }

        _routes.Add(key, (resolved, field));
        if (_resolves && BackendReading.Resolve(resolved, _services, _copy.Member, field) is { } missing)
            _unresolved.Add((key, missing));
    }

    /// <summary>The name of the TCP port that is meant, empty for an unnamed one; null when the member has no such port.</summary>
    public string? PortName(BackendRef backend) => BackendReading.PortOf(backend, _services)?.Name;
}
