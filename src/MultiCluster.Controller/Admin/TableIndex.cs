using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Controller.Admin;

/// <summary>A snapshot of the route table with the ways into it: made once for a query, however many objects that shows.</summary>
internal sealed class TableIndex(RoutingDelta table)
{
    private readonly Dictionary<RouteKey, Route> _routes = table.Routes.ToDictionary(static item => item.Key, static item => item.Value!);
    private readonly Dictionary<ObjectKey, Fragment.Backend> _backends = table.Backends.ToDictionary(static item => item.Key, static item => item.Value!);

    public IEnumerable<Route> Routes => table.Routes.Select(static item => item.Value!);

    public Route? Find(RouteKey key) => _routes.GetValueOrDefault(key);

    public int Endpoints(BackendKey backend) => !_backends.TryGetValue(backend.Ref.Service, out var fragment)
        ? 0
        : fragment.Members
            .Where(member => backend.Members.Items.Contains(member.Member))
            .Sum(member => member.Find(backend.Ref.Port)?.Endpoints.Count ?? 0);

    /// <summary>What could not be used of the Services that these claims name, in the members that claim.</summary>
    public IEnumerable<CopyCondition> ServiceConditions(IEnumerable<RouteClaim> claims) =>
        from claim in claims
        group claim by claim.Backend.Service into service
        where _backends.ContainsKey(service.Key)
        from condition in _backends[service.Key].Conditions
        where service.Any(claim => claim.Members.Items.Contains(condition.Member))
        select condition;
}
