using MultiCluster.EndToEnd.Tests.Support;
using MultiCluster.Kubernetes.Client;

namespace MultiCluster.EndToEnd.Tests.Federation;

/// <summary>XT-05, XT-06, XT-08, XT-10 and XT-56: copies that go, differ, or are somebody else's.</summary>
public sealed class MergeTests(FederatedWorlds worlds) : FederatedTest(worlds)
{
    private static readonly TimeSpan Valid = TimeSpan.FromDays(30);
    private static readonly TimeSpan Expired = TimeSpan.FromDays(-1);

    /// <summary>The rule is: who ranks next takes over, and a winner that comes back has its rank of before.</summary>
    [Fact]
    public async Task XT_05_when_the_winner_goes_the_next_takes_over_without_an_empty_moment()
    {
        var world = await WorldAsync();
        await world.AddServiceAsync("xt05", "of-aws", ("aws", 2));
        await world.AddServiceAsync("xt05", "of-gcp", ("gcp", 2));
        await world["aws"].ApplyAsync(FederatedYaml.Ingress("xt05", "web", "xt05.test", "of-aws"));
        await world.UntilMembersAsync("http://xt05.test/", "aws");
        await world["gcp"].ApplyAsync(FederatedYaml.Ingress("xt05", "web", "xt05.test", "of-gcp"));
        await world.Product.UntilConditionAsync("xt05", "web", "gcp", "Conflict", "PathConflict");
        await using var load = Load.Start(world.Product.Setting.Http, world.Product.Setting.Https, new LoadOptions([new Target("http://xt05.test/", "")], Clients: 2));

        for (var i = 0; i < 3; i++)
        {
            await world["aws"].DeleteAsync(ResourcePath.Ingresses, "xt05", "web");
            await world.UntilMembersAsync("http://xt05.test/", "gcp");
            await world["aws"].ApplyAsync(FederatedYaml.Ingress("xt05", "web", "xt05.test", "of-aws"));
            await world.UntilMembersAsync("http://xt05.test/", "aws");
        }

        await load.AssertNoneFailedAsync();
    }

    [Fact]
    public async Task XT_06_the_oldest_certificate_that_is_valid_is_served_and_an_expired_one_never()
    {
        const string Host = "xt06.test";
        var world = await WorldAsync();
        await world.AddServiceAsync("xt06", "web", ("aws", 1), ("gcp", 1));
        var (first, second, third) = (TestCertificate.New(Host, Valid), TestCertificate.New(Host, Valid), TestCertificate.New(Host, Valid));
        var ingress = Yaml.Ingress("xt06", "web", Host, [Yaml.Path("/", "Prefix", "web")], tls: Yaml.Tls("tls", Host));
        await world["aws"].ApplyAsync(Yaml.Join(first.Secret("xt06", "tls"), ingress));
        await UntilServedAsync(world, first);
        await world["gcp"].ApplyAsync(Yaml.Join(second.Secret("xt06", "tls"), ingress));
        foreach (var member in (string[])["aws", "gcp"])
            await world.Product.UntilConditionAsync("xt06", "web", member, "Conflict", "TLSConflict");
        await UntilServedAsync(world, first);

        // Of two members the older has an expired one: the younger's counts, until the older has a valid one again.
        await world["aws"].ApplyAsync(TestCertificate.New(Host, Expired).Secret("xt06", "tls"));
        await UntilServedAsync(world, second);
        await world["aws"].ApplyAsync(third.Secret("xt06", "tls"));
        await UntilServedAsync(world, third);

        async Task UntilServedAsync(FederatedWorld world, TestCertificate certificate) => await world.Product.UntilAsync(
            $"https://{Host}/", answer => answer.Leaf!.Thumbprint == certificate.Thumbprint && answer.Service == "web", $"certificate {certificate.Thumbprint}");
    }

    /// <summary>KEP-1645's order of identity, name before number, applied to servers.</summary>
    [Fact]
    public async Task XT_08_a_Service_port_is_found_by_its_name_in_each_member_whatever_its_number()
    {
        var world = await WorldAsync();
        await AddAsync("aws", 8080, "http");
        await AddAsync("gcp", 80, "http");
        await AddAsync("az", 8080, "grpc");
        await world.ApplyToAsync(Yaml.Ingress("xt08", "by-name", "name.xt08.test", [Yaml.Path("/", "Prefix", "web", "name: http")]), "aws", "gcp", "az");
        await world.ApplyToAsync(Yaml.Ingress("xt08", "by-number", "number.xt08.test", [Yaml.Path("/", "Prefix", "web", "number: 80")]), "gcp", "aws");

        // az has the number that aws has, by another name.
        await world.UntilMembersAsync("http://name.xt08.test/", "aws", "gcp");
        await world.Product.UntilConditionAsync("xt08", "by-name", "az", "ResolvedRefs", "ServicePortNotFound");
        // aws, first in rank, has no such number: what it is called where there is one counts.
        await world.UntilMembersAsync("http://number.xt08.test/", "aws", "gcp");

        async Task AddAsync(string member, int number, string portName)
        {
            var pods = world.Pods.New(1, member, "xt08", "web");
            await world[member].ApplyAsync(Yaml.Join(
                FederatedYaml.Service("xt08", "web", number, portName),
                Yaml.Slice("xt08", "web", world.Pods.Port, pods).Replace("name: http, port", $"name: {portName}, port", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task XT_10_a_copy_of_another_class_is_left_out_alone_and_says_so()
    {
        var world = await WorldAsync();
        await world.AddServiceAsync("xt10", "web", ("aws", 1), ("gcp", 1), ("az", 1));
        await world["gcp"].ApplyAsync(Yaml.IngressClass("xt10-other", "example.com/another"));
        await world.ApplyToAsync(FederatedYaml.Ingress("xt10", "web", "xt10.test", "web"), "aws", "az");
        await world["gcp"].ApplyAsync(Yaml.Ingress("xt10", "web", "xt10.test", [Yaml.Path("/", "Prefix", "web")], className: "xt10-other"));

        var conflict = await world.Product.UntilConditionAsync("xt10", "web", "gcp", "Accepted", "ClassConflict");
        Assert.False(conflict.Status);
        await world.UntilMembersAsync("http://xt10.test/", "aws", "az");
        foreach (var member in (string[])["aws", "az"])
            Assert.True((await world.Product.UntilConditionAsync("xt10", "web", member, "Accepted", "Accepted")).Status);

        await world["gcp"].ApplyAsync(FederatedYaml.Ingress("xt10", "web", "xt10.test", "web"));
        await world.UntilMembersAsync("http://xt10.test/", "aws", "az", "gcp");
    }

    [Fact]
    public async Task XT_56_a_namespace_deleted_in_one_member_costs_no_request_while_another_has_its_copy()
    {
        var world = await WorldAsync();
        await world.AddServiceAsync("xt56", "web", ("aws", 2), ("gcp", 2));
        await world.ApplyToAsync(FederatedYaml.Ingress("xt56", "web", "xt56.test", "web"), "aws", "gcp");
        await world.UntilMembersAsync("http://xt56.test/", "aws", "gcp");
        await using var load = Load.Start(world.Product.Setting, "http://xt56.test/", "web", clients: 2);

        await world["gcp"].DeleteNamespaceAsync("xt56");
        await world.UntilMembersAsync("http://xt56.test/", "aws");
        await load.MoreAsync(100);
        await load.AssertNoneFailedAsync();

        await world["aws"].DeleteNamespaceAsync("xt56");
        await world.Product.UntilStatusAsync("http://xt56.test/", 404);
    }
}
