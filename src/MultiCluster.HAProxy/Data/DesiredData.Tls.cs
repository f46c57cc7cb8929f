using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Data;

/// <summary>Endpoints that speak TLS.</summary>
public sealed partial class DesiredData
{
    /// <summary>Stands for any name that a wildcard covers.</summary>
    private const string AnyLabel = "check";

    /// <summary>
    /// The name that checks ask a Service's endpoints for: a host that its routes have, since what answers for that host is what requests
    /// will meet. The first of them, so that the same routes lead to the same name. Empty for none.
    /// </summary>
    private string CheckNameOf(Traffic.PlaceKey place, Fragment.Backend? fragment)
    {
        var service = place.Backend.Ref.Service;
        if (!SpeaksTls(fragment) && place.Variant?.IsTls != true)
            return "";
        var plain = _users.GetValueOrDefault(service)?.SelectMany(key => _backends[key].Routes) ?? [];
        var steered = _steersOf.GetValueOrDefault(service)?.SelectMany(key => _steers[key].Routes) ?? [];
        var host = plain.Concat(steered).Select(static route => route.Host).Where(static host => host.Length > 0 && SafeText.IsHost(host)).Min(StringComparer.Ordinal);
        return host is null ? "" : host[0] == '*' ? AnyLabel + host[1..] : host;
    }

    /// <summary>Routes that come or go may change the name.</summary>
    private void NoteNames(Route? old, Route? now)
    {
        foreach (var route in (Route?[])[old, now])
        {
            if (route is not null && (SpeaksTls(route.Policy?.Backend) || SpeaksTls(_fragments.GetValueOrDefault(route.Backend.Ref.Service))))
                _renamed.Add(route.Backend.Ref.Service);
        }
    }

    private bool LacksAuthorities(Traffic.PlaceKey place, Fragment.Backend? fragment) => !_steering.CanVerify && fragment is not null
        && fragment.Members.Any(member => member.Transport.VerifyTls && place.Backend.Members.Items.Contains(member.Member));

    private static bool SpeaksTls(BackendPolicy? policy) => policy?.Protocol is BackendProtocol.Https or BackendProtocol.Http2Tls;

    private static bool SpeaksTls(Fragment.Backend? fragment) => fragment is not null && fragment.Members.Items.Any(static member => member.Transport.Tls);
}
