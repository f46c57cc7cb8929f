using MultiCluster.Federation.Routing;
using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.Federation.Tests.Routing;

/// <summary>Whose word counts in how connections to a host are made.</summary>
public sealed class HostOwnerTests
{
    private const string Host = "bank.example";

    private static readonly ClientCertificates Demand = new(
        ClientVerification.Required, new ClientAuthorities("aaa/ca", "pem", ""), CertificateDialect.Community, null, null, TellsCertificate: false);

    private static readonly RoutePolicy Everything = new() { ClientCertificates = Demand, HostTls = new HostTls { MaxVersion = "TLSv1.2" }, TlsPassthrough = new TlsPassthrough(null), MaxBodyBytes = 7 };

    private readonly RoutingTable _table = new();
    private long _version;

    [Fact]
    public void The_namespace_of_the_oldest_claim_decides_and_others_are_told()
    {
        Apply("bank", "front", 2, "/");
        Apply("aaa", "x", 3, "/zzz", Everything);
        var policy = PolicyAt("/zzz")!;
        Assert.Equal((Demand with { IsOfRouteOnly = true }, null, null, 7L), (policy.ClientCertificates, policy.HostTls, policy.TlsPassthrough, policy.MaxBodyBytes));
        var told = Assert.Single(_table.Conflicts(new ObjectKey("aaa", "x")));
        Assert.Equal((ConditionType.Conflict, Reasons.TlsConflict), (told.Type, told.Reason));
        Assert.StartsWith("Ingress aaa/x: bank.example belongs to namespace bank, whose Ingress is the oldest with it: how TLS is spoken with it is not for this one to say", told.Message, StringComparison.Ordinal);
        Assert.EndsWith("; say it there, or choose another host", told.Message, StringComparison.Ordinal);

        // An older Ingress of theirs, or the last of the owner's gone, changes whose the host is.
        Apply("aaa", "older", 1, "/older");
        Assert.Equal(Demand, PolicyAt("/zzz")!.ClientCertificates);
        Apply("aaa", "older", 1, "/older", host: "other.example");
        Assert.True(PolicyAt("/zzz")!.ClientCertificates!.IsOfRouteOnly);
        Remove("bank", "front");
        Assert.Equal((Demand, Everything.HostTls), (PolicyAt("/zzz")!.ClientCertificates, PolicyAt("/zzz")!.HostTls));
        Apply("aaa", "x", 3, "/zzz", Everything with { TlsPassthrough = null });
        Assert.Empty(_table.Conflicts(new ObjectKey("aaa", "x")));
    }

    [Fact]
    public void A_policy_that_is_about_connections_alone_leaves_none()
    {
        Apply("bank", "front", 1, "/");
        Apply("aaa", "x", 2, "/zzz", new RoutePolicy { HostTls = new HostTls { MinVersion = "TLSv1.0" } });
        Assert.Null(PolicyAt("/zzz"));
        Remove("aaa", "x");
        Assert.Empty(_table.Conflicts(new ObjectKey("aaa", "x")));
    }

    [Fact]
    public void Of_a_host_whose_clients_show_certificates_TLS_is_not_passed_on()
    {
        Apply("bank", "front", 1, "/", new RoutePolicy { TlsPassthrough = new TlsPassthrough(null) });
        Assert.NotNull(PolicyAt("/")!.TlsPassthrough);
        Apply("bank", "api", 2, "/api", new RoutePolicy { ClientCertificates = Demand });
        Assert.Null(PolicyAt("/"));
        Assert.Contains("TLS of bank.example is not passed on, since Ingress bank/api demands certificates of its clients", Assert.Single(_table.Conflicts(new ObjectKey("bank", "front"))).Message, StringComparison.Ordinal);
        Remove("bank", "api");
        Assert.NotNull(PolicyAt("/")!.TlsPassthrough);
        Assert.Empty(_table.Conflicts(new ObjectKey("bank", "front")));
    }

    [Fact]
    public void What_another_namespace_demands_is_no_reason_not_to_pass_TLS_on()
    {
        Apply("aaa", "x", 2, "/zzz", Everything);
        Apply("bank", "front", 1, "/", new RoutePolicy { TlsPassthrough = new TlsPassthrough(null) });
        Assert.NotNull(PolicyAt("/")!.TlsPassthrough);
        Assert.Null(PolicyAt("/zzz")!.TlsPassthrough);
    }

    private RoutePolicy? PolicyAt(string path) => _table.Find(Host, path)?.Policy;

    private void Apply(string space, string name, int day, string path, RoutePolicy? policy = null, string host = Host)
    {
        var key = new ObjectKey(space, name);
        var ingress = Make.Ingress(Make.Rule(host, Make.Path(path, "app")));
        var fragment = Make.Merge((ingress with { Meta = Make.Meta(key, day) }).CopyIn(Make.Aws));
        Set(EntityId.Ingress(key), fragment with { Routes = [.. fragment.Routes.Select(claim => claim with { Policy = policy })] });
    }

    private void Remove(string space, string name) => Set(EntityId.Ingress(new ObjectKey(space, name)), null);

    private void Set(EntityId entity, Fragment? fragment) => _table.Apply(new FragmentUpdate(entity, new FragmentVersion(1, ++_version), fragment), Make.Now);
}
