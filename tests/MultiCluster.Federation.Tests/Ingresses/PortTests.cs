using MultiCluster.Federation.Tests.Support;
using MultiCluster.Model.Conditions;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Members;
using MultiCluster.Model.Resources;

namespace MultiCluster.Federation.Tests.Ingresses;

/// <summary>XT-08: ports of a Service are the same by name, then by number (KEP-1645).</summary>
public sealed class PortTests
{
    private static IngressCopy Copy(MemberName member, int port, params ServicePort[] ports) => Make
        .Ingress(Make.Rule("shop.example", new IngressPath("/", "Prefix", Make.To("shop", port)))).CopyIn(member, Make.Service("shop", ports));

    private static string Outcome(params IngressCopy[] copies)
    {
        var fragment = Federate.Merge(copies).Fragment!;
        var claim = Assert.Single(fragment.Routes);
        var unresolved = fragment.Conditions.Where(static item => item.Condition is { Type: ConditionType.ResolvedRefs, Status: false }).Select(static item => item.Member);
        var conflict = fragment.ConditionOf(ConditionType.Conflict)!;
        return $"{claim.Backend.Port}@{string.Join(',', claim.Members)} lacking:{string.Join(',', unresolved)} {conflict.Reason}";
    }

    [Fact]
    public void Equal_numbers_stay_numbers_whatever_their_names() => Assert.Equal(
        "80@aws,gcp lacking: NoConflicts", Outcome(Copy(Make.Aws, 80, Make.Port(80, "http")), Copy(Make.Gcp, 80, Make.Port(80, "web"))));

    [Fact]
    public void Two_numbers_of_one_name_are_one_port() => Assert.Equal(
        "http@aws,gcp lacking: NoConflicts", Outcome(Copy(Make.Aws, 80, Make.Port(80, "http")), Copy(Make.Gcp, 8080, Make.Port(8080, "http"))));

    [Fact]
    public void A_number_that_a_member_lacks_is_its_port_of_the_same_name() => Assert.Equal(
        "http@aws,gcp lacking: NoConflicts", Outcome(Copy(Make.Aws, 80, Make.Port(80, "http")), Copy(Make.Gcp, 80, Make.Port(8080, "http"))));

    [Fact]
    public void A_number_that_the_first_in_rank_lacks_is_what_it_is_elsewhere() => Assert.Equal(
        "http@aws,gcp lacking: NoConflicts", Outcome(Copy(Make.Aws, 80, Make.Port(8080, "http")), Copy(Make.Gcp, 80, Make.Port(80, "http"))));

    [Fact]
    public void A_member_without_the_port_is_told_alone() => Assert.Equal(
        "80@aws,gcp lacking:gcp NoConflicts", Outcome(Copy(Make.Aws, 80, Make.Port(80, "http")), Copy(Make.Gcp, 80, Make.Port(8080, "grpc"))));

    [Fact]
    public void Other_ports_of_one_service_conflict() => Assert.Equal(
        "80@aws lacking: PortConflict", Outcome(Copy(Make.Aws, 80, Make.Port(80, "http")), Copy(Make.Gcp, 8080, Make.Port(8080, "grpc"))));

    [Fact]
    public void A_name_takes_nothing_from_a_member_that_has_the_number_without_it() => Assert.Equal(
        "80@aws,gcp lacking: PortConflict",
        Outcome(Copy(Make.Aws, 80, Make.Port(80, "http")), Copy(Make.Gcp, 80, Make.Port(80)), Copy(Federate.Lab, 8080, Make.Port(8080, "http"))));

    [Fact]
    public void A_named_port_that_a_member_lacks_costs_that_member_only()
    {
        var path = new IngressPath("/", "Prefix", new IngressBackend("shop", "http", null));
        var ingress = Make.Ingress(Make.Rule("shop.example", path));

        Assert.Equal(
            "http@aws,gcp lacking:gcp NoConflicts",
            Outcome(ingress.CopyIn(Make.Aws, Make.Service("shop", Make.Port(80, "http"))), ingress.CopyIn(Make.Gcp, Make.Service("shop", Make.Port(80, "web")))));
    }
}
