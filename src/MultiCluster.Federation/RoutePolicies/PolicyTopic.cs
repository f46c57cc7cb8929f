using MultiCluster.Model.Policies;

namespace MultiCluster.Federation.RoutePolicies;

/// <summary>Reads what one controller's annotations say about one thing.</summary>
/// <returns>The policy with what they say, which may be what it is without them; null when they say nothing that counts.</returns>
internal delegate RoutePolicy? TopicReader(FamilyAnnotations annotations, RoutePolicyContext context, RoutePolicy policy);

/// <summary>One thing that a policy speaks of. Units, defaults and meanings differ by controller; null: it has no such key.</summary>
internal sealed record PolicyTopic(TopicReader? Community, TopicReader? Official, TopicReader? Nginx, TopicReader? Own = null)
{
    public static readonly IReadOnlyList<PolicyTopic> All =
    [
        new(SourceTopic.Community, SourceTopic.Official, SourceTopic.Nginx),
        new(BasicAuthTopic.Community, BasicAuthTopic.Official, BasicAuthTopic.Nginx),
        new(ExternalAuthTopic.Community, null, ExternalAuthTopic.Nginx),
        new(null, null, null, TokenTopic.Own),
        new(FirewallTopic.Community, null, FirewallTopic.Nginx),
        new(null, null, SmallTopics.Satisfy),
        new(null, null, SmallTopics.Location),
        new(null, null, SmallTopics.CookieDomain),
        new(null, null, SmallTopics.CookiePath),
        new(null, null, SmallTopics.AccessLog),
        new(null, CaptureTopic.Official, null),
        new(null, null, MirrorTopic.Nginx),
        new(null, null, SimpleTopics.Bandwidth),
        new(RateLimitTopic.Community, RateLimitTopic.Official, RateLimitTopic.Nginx),
        new(SimpleTopics.BodySize, null, SimpleTopics.BodySize),
        new(HttpsTopic.Community, HttpsTopic.Official, HttpsTopic.Nginx),
        // After redirects to https, which are also for who has no certificate to show yet.
        new(ClientCertificateTopic.Community, null, ClientCertificateTopic.Nginx),
        new(HostTlsTopic.Community, null, HostTlsTopic.Nginx),
        new(RedirectTopic.Community, RedirectTopic.Official, RedirectTopic.Nginx),
        new(RedirectTopic.AppRoot, null, RedirectTopic.AppRoot),
        new(CorsTopic.Community, CorsTopic.Official, CorsTopic.Nginx),
        new(SimpleTopics.Hsts, null, null),
        new(RewriteTopic.Community, RewriteTopic.Official, RewriteTopic.Nginx),
        new(null, SimpleTopics.SetHost, SimpleTopics.UpstreamVhost),
        new(HeaderTopics.CommunityRequest, HeaderTopics.OfficialRequest, null),
        new(HeaderTopics.CommunityResponse, HeaderTopics.OfficialResponse, NamedHeaders.Response),
        new(TimeoutTopics.Connect, null, TimeoutTopics.NginxConnect),
        new(TimeoutTopics.Queue, null, null),
        new(TimeoutTopics.Server, TimeoutTopics.Server, TimeoutTopics.NginxServer),
        new(TimeoutTopics.Tunnel, null, TimeoutTopics.NginxTunnel),
        new(null, SimpleTopics.Forwarded, null),
        new(null, null, SimpleTopics.ForwardedPrefix),
        new(ErrorPageTopic.Community, null, null),
        new(null, null, SimpleTopics.Fallback),
        // Of all other rules it matters whether there are any.
        new(PassthroughTopic.Community, PassthroughTopic.Official, PassthroughTopic.Nginx),
    ];

    public TopicReader? ReaderOf(string family) => family switch
    {
        "multicluster" => Own,
        "haproxy-ingress" => Community,
        "haproxy" => Official,
        "nginx" => Nginx,
        _ => null,
    };
}
