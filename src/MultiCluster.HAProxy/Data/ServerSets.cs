using System.Net;
using MultiCluster.HAProxy.Traffic;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;
using MultiCluster.Model.Traffic;

namespace MultiCluster.HAProxy.Data;

/// <summary>Which servers a backend should hold: those of the members that declare the path, at the port they mean by it.</summary>
/// <param name="members">Null for one of which nothing is known.</param>
public sealed class ServerSets(Func<MemberName, MemberTraits?> members, ProxyLocality locality)
{
    /// <summary>More than any Service has: what is counted elsewhere must not overflow here.</summary>
    private const int MaxUnready = 1_000_000;

    /// <summary>All members are as they are without a word on them.</summary>
    public static readonly ServerSets OfAll = new(static _ => null, ProxyLocality.Unknown);

    /// <param name="checkName">Asked for by checks of endpoints that speak TLS; see <see cref="ServerSpec.CheckName"/>.</param>
    /// <param name="mayCheck">Endpoints of groups, of members whose objects may be old, and those that are to be verified, are checked.</param>
    /// <param name="mayVerify">If not, endpoints that have to be verified are left out.</param>
    public Dictionary<string, ServerSpec> For(PlaceKey place, Fragment.Backend? backend, string checkName = "", bool mayCheck = true, bool mayVerify = true)
    {
        var servers = new Dictionary<string, ServerSpec>(StringComparer.Ordinal);
        var variant = place.Variant;
        var more = variant?.ServerText ?? "";
        var numbers = place.Profile.IsOrdered ? ServerNumbers.Of(Endpoints(place, backend)) : null;
        foreach (var (member, traits, port) in Parts(place, backend))
        {
            var transport = TransportOf(member.Transport, variant);
            var own = transport.Tls ? variant?.Tls : null;
            if (own?.IsClosed == true)
                continue;
            // HAProxy does not try another server after one with a wrong certificate, so one must not get that far.
            var isChecked = mayCheck && (transport.VerifyTls || own?.Verifies == true || (variant?.Checks ?? (place.Group is not null || traits.IsStale)));
            if (transport.VerifyTls && own?.Verifies != true && !mayVerify)
                continue;
            var sought = !isChecked || !transport.Tls ? "" : own is null || (transport.VerifyTls && !own.Verifies) || own.Sni is SniSource.Host or SniSource.Client ? checkName : own.CheckName;
            var isDraining = place.Group is null && traits.State == MemberState.Drain;
            foreach (var (endpoint, number) in EndpointsOf(place, traits, port))
            {
                var at = numbers?[(endpoint.Address, number)] ?? default;
                var name = BackendNames.Server(member.Member, endpoint, number, transport, isChecked, sought, at.IsMoved ? $"{more}|{at.Place}" : more);
                if (!SafeText.IsName(name))
                    continue;
                servers[name] = new ServerSpec(name, endpoint.Address, number)
                {
                    Transport = transport,
                    Profile = place.Profile,
                    Variant = variant,
                    Number = numbers is null ? 0 : at.NumberOf(name, isChecked),
                    IsChecked = isChecked,
                    IsDraining = isDraining,
                    CheckName = sought,
                };
            }
        }

        return servers;
    }

    /// <summary>What the operator has said of a member's endpoints holds for all of its Services.</summary>
    private static EndpointTransport TransportOf(EndpointTransport member, PlaceVariant? variant) => variant is null ? member : member with
    {
        Tls = member.Tls || variant.IsTls,
        ProxyProtocol = member.ProxyProtocol || variant.ProxyHeader != ProxyHeader.Unsaid,
    };

    private IEnumerable<(string Address, int Port)> Endpoints(PlaceKey place, Fragment.Backend? backend) =>
        Parts(place, backend).SelectMany(part => EndpointsOf(place, part.Traits, part.Port)).Select(static item => (item.Endpoint.Address, item.Port));

    /// <summary>Those that a server can be made of.</summary>
    private IEnumerable<(BackendEndpoint Endpoint, int Port)> EndpointsOf(PlaceKey place, MemberTraits traits, BackendPort port)
    {
        foreach (var endpoint in port.Endpoints)
        {
            if (place.Group is { } kind && kind.Tier != locality.TierOf(kind.Distribution, traits, endpoint.Zone))
                continue;
            if (place.Group?.Pods is { } pods && !pods.IsOf(endpoint.Labels))
                continue;
            var number = endpoint.Port == 0 ? place.Backend.Ref.Port.Number : endpoint.Port;
            if (number is > 0 and <= 65535 && IsAddress(endpoint.Address))
                yield return (endpoint, number);
        }
    }

    /// <summary>The groups that a policy chooses among, each with an endpoint.</summary>
    /// <param name="servers">How they are used; null: as without a word on it.</param>
    public IEnumerable<PlaceKey> Groups(BackendKey key, Fragment.Backend? backend, TrafficPolicy policy, BackendPolicy? servers = null) =>
        Groups(key, backend, policy, servers, port => PodGroups.Of(port, servers?.BlueGreen));

    /// <summary>Those that there were if endpoints were ready that are not, perhaps without any that is.</summary>
    public IEnumerable<PlaceKey> UnreadyGroups(BackendKey key, Fragment.Backend? backend, TrafficPolicy policy, BackendPolicy? servers = null) =>
        Groups(key, backend, policy, servers, static port => port.Unready.Where(static unready => unready.Count > 0).Select(static unready => (unready.Zone, (PodLabel?)null)));

    private IEnumerable<PlaceKey> Groups(BackendKey key, Fragment.Backend? backend, TrafficPolicy policy, BackendPolicy? servers, Func<BackendPort, IEnumerable<(string Zone, PodLabel? Pods)>> parts)
    {
        var variant = PlaceVariant.Of(servers, policy);
        var profile = variant?.Profile ?? PlaceVariant.ProfileOf(policy);
        // The group's own kind tells the profile.
        if (variant == new PlaceVariant(profile))
            variant = null;
        foreach (var (member, traits, port) in Parts(key, backend, variant?.UsesService == true))
        {
            if (policy.Of(member.Member).State == MemberState.Disabled)
                continue;
            foreach (var (tier, pods) in parts(port).Select(part => (locality.TierOf(policy.Distribution, traits, part.Zone), part.Pods)).Distinct())
                yield return PlaceKey.OfGroup(key.Ref, member.Member, new GroupKind(profile, policy.Distribution, tier) { Pods = pods }, variant);
        }
    }

    /// <summary>Endpoints that a group would have besides its servers, were they ready.</summary>
    public int Unready(PlaceKey group, Fragment.Backend? backend)
    {
        var kind = group.Group.GetValueOrDefault();
        var count = Parts(group, backend).Sum(part => part.Port.Unready
            .Where(unready => unready.Count > 0 && kind.Tier == locality.TierOf(kind.Distribution, part.Traits, unready.Zone)).Sum(static unready => (long)unready.Count));
        return (int)Math.Min(count, MaxUnready);
    }

    private IEnumerable<(MemberBackend Member, MemberTraits Traits, BackendPort Port)> Parts(PlaceKey place, Fragment.Backend? backend) =>
        Parts(place.Backend, backend, place.Variant?.UsesService == true);

    private IEnumerable<(MemberBackend Member, MemberTraits Traits, BackendPort Port)> Parts(BackendKey key, Fragment.Backend? backend, bool usesService)
    {
        foreach (var member in backend?.Members ?? [])
        {
            if (!key.Members.Items.Contains(member.Member) || member.Find(key.Ref.Port) is not { } port)
                continue;
            var traits = members(member.Member) ?? MemberTraits.Default;
            if (!traits.IsRemoved && traits.State != MemberState.Disabled)
                yield return (member, traits, usesService && !port.OfService.IsEmpty ? port with { Endpoints = port.OfService, Unready = [] } : port);
        }
    }

    /// <summary>
    /// As HAProxy reads it too: 010.0.0.7 is octal to .NET, and what is no address HAProxy registers as a host name that it
    /// never resolves.
    /// </summary>
    private static bool IsAddress(string text) =>
        IPAddress.TryParse(text, out var address)
        && (text.Contains(':', StringComparison.Ordinal) || string.Equals(address.ToString(), text, StringComparison.Ordinal));
}
