using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Data;

/// <summary>Routes whose policy says how servers are used have them in a place of their own.</summary>
public sealed partial class DesiredData
{
    /// <summary>Of a route that no traffic policy steers.</summary>
    public static PlaceKey PlaceOf(Route route) => new(route.Backend, null, PlaceVariant.Of(route.Policy?.Backend));

    private IEnumerable<DesiredBackend> PlainPlacesOf(BackendKey key) =>
        (_users.GetValueOrDefault(key.Ref.Service) ?? []).Where(place => place.Group is null && place.Backend == key).Select(place => _backends[place]);
}
