using MultiCluster.Model.Identity;
using MultiCluster.Model.Routing;

namespace MultiCluster.Model.Tests;

public sealed class RoutingModelTests
{
    private static readonly BackendEndpoint Endpoint = new("10.0.0.1", 8080, "", "", "");

    private static MemberBackend Member(params BackendPort[] ports) => new(new MemberName("aws"), [.. ports]);

    private static BackendPort Port(string name, int number, BackendEndpoint? endpoint = null) => new(name, number, "", [endpoint ?? Endpoint]);

    [Fact]
    public void A_port_is_found_by_name_or_by_number()
    {
        var member = Member(Port("http", 80), Port("https", 443));

        Assert.Equal(443, member.Find(PortRef.Named("https"))!.Number);
        Assert.Equal("http", member.Find(PortRef.Numbered(80))!.Name);
        Assert.Null(member.Find(PortRef.Named("80")));
        Assert.Null(member.Find(PortRef.Numbered(81)));
        Assert.Null(member.Find(PortRef.Numbered(0)));
    }

    [Fact]
    public void A_port_for_any_number_takes_the_number_asked_for()
    {
        var member = Member(Port("", BackendPort.AnyNumber, Endpoint with { Port = 0 }));

        var port = member.Find(PortRef.Numbered(4711))!;

        Assert.Equal(4711, port.Number);
        Assert.Equal(Endpoint with { Port = 4711 }, Assert.Single(port.Endpoints));
        Assert.Null(member.Find(PortRef.Named("http")));
        Assert.Null(member.Find(PortRef.Numbered(BackendPort.AnyNumber)));
    }

    [Fact]
    public void Fragments_are_equal_by_value()
    {
        Fragment.Backend Make() => new(new ObjectKey("web", "shop"), [Member(Port("http", 80))]);

        Assert.Equal(Make(), Make());
        Assert.NotEqual(Make(), Make() with { Members = [] });
        Assert.Equal("backend/web/shop", EntityId.Backend(new ObjectKey("web", "shop")).ToString());
        Assert.Equal("web/shop:http@aws,gcp", new BackendKey(
            new BackendRef(new ObjectKey("web", "shop"), PortRef.Named("http")), [new MemberName("aws"), new MemberName("gcp")]).ToString());
    }

    [Fact]
    public void A_certificate_is_valid_from_its_beginning_until_before_its_end()
    {
        var start = DateTimeOffset.UnixEpoch;
        var certificate = new Certificate("f", Model.Security.Secret.FromText(""), start, start.AddDays(1), []);

        Assert.False(certificate.IsValidAt(start.AddTicks(-1)));
        Assert.True(certificate.IsValidAt(start));
        Assert.True(certificate.IsValidAt(start.AddDays(1).AddTicks(-1)));
        Assert.False(certificate.IsValidAt(start.AddDays(1)));
    }
}
