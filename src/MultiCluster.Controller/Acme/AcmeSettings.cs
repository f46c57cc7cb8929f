using Microsoft.Extensions.Logging;
using MultiCluster.Acme;
using MultiCluster.Acme.Renewal;
using MultiCluster.Controller.Members;
using MultiCluster.Controller.Status;

namespace MultiCluster.Controller.Acme;

/// <param name="Folder">Of this node alone: the account's key, what failed, and certificates until they are in their Secrets.</param>
/// <param name="TracksTlsAcme">Also Ingresses with <c>kubernetes.io/tls-acme: "true"</c>.</param>
/// <param name="Handler">Of the authority's connections; not disposed.</param>
public sealed record AcmeSettings(AcmeOptions Options, string Folder, bool TracksTlsAcme, RenewalPolicy Renewal, HttpMessageHandler Handler)
{
    /// <summary>
    /// How long proxies of other controllers are given to take a challenge, of which this one doesn't hear; zero where there are none.
    /// </summary>
    public TimeSpan Propagation { get; init; }
}

/// <summary>What the owner of challenges is given beside its settings.</summary>
internal sealed record AcmeParts(AcmeSettings Settings, IStatusSurvey Survey, MemberRegistry Members, ILogger Logger);
