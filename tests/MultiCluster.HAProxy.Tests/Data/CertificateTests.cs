using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Tests.Data;

public sealed class CertificateTests
{
    [Fact]
    public void A_change_of_hosts_is_a_new_file()
    {
        var desired = Make.Desired(Make.Slots);
        desired.Apply(Make.Certificates(("a.example", Make.Certificate("c1"))));
        var before = Assert.Single(desired.Certificates.Values);
        var touched = desired.Apply(Make.Certificates(("b.example", Make.Certificate("c1"))));
        var after = Assert.Single(desired.Certificates.Values);
        Assert.Equal(["a.example", "b.example"], after.Hosts);
        Assert.Equal(new[] { before.FileName, after.FileName }.Order(StringComparer.Ordinal), touched.Certificates.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void One_host_more_of_five_thousand_touches_two_files()
    {
        var desired = Make.Desired(Make.Slots);
        var certificate = Make.Certificate("c1");
        desired.Apply(Make.Certificates([.. Enumerable.Range(0, 5000).Select(i => ($"h{i}.example", (Model.Routing.Certificate?)certificate))]));
        Assert.Equal(5000, desired.Certificates.Values.Sum(static file => file.Hosts.Count));
        var touched = desired.Apply(Make.Certificates(("one-more.example", certificate)));
        Assert.InRange(touched.Certificates.Count, 1, 2);
    }

    [Fact]
    public void No_line_of_the_certificate_list_is_longer_than_a_command_may_be()
    {
        var desired = Make.Desired(Make.Slots);
        var certificate = Make.Certificate("c1");
        var hosts = Enumerable.Range(0, 2000).Select(static i => $"{i}.{new string('x', 63)}.{new string('y', 63)}.{new string('z', 63)}.example");
        desired.Apply(Make.Certificates([.. hosts.Select(host => (host, (Model.Routing.Certificate?)certificate))]));
        Assert.All(desired.Certificates.Values, static file => Assert.InRange(file.ListLine(Make.Paths).Length, 1, CertificateFile.MaxHostsLength + 200));
        Assert.Equal(2000, desired.Certificates.Values.SelectMany(static file => file.Hosts).Distinct(StringComparer.Ordinal).Count());
        var many = CertificateFile.Split(certificate, desired.Certificates.Values.SelectMany(static file => file.Hosts)).ToList();
        Assert.All(many, static file => Assert.InRange(file.ListLine(Make.Paths).Length, 1, CertificateFile.MaxHostsLength + 200));
        Assert.Equal(2000, many.Sum(static file => file.Hosts.Count));
    }

    [Fact]
    public void A_certificate_too_long_for_the_Runtime_API_is_refused_with_a_reason_until_it_is_replaced()
    {
        var desired = Make.Desired(Make.Slots);
        var body = string.Concat(Enumerable.Repeat(new string('A', 64) + "\n", Certificate.MaxPemLength / 64));
        desired.Apply(Make.Certificates(("a.example", Make.Certificate("c1", "-----BEGIN X-----\n" + body))));
        Assert.Empty(desired.Certificates);
        var reason = desired.Refused[new RefusedItem(RefusedKind.Certificate, "a.example")];
        Assert.Contains($"{Certificate.MaxPemLength}", reason, StringComparison.Ordinal);
        desired.Apply(Make.Certificates(("a.example", Make.Certificate("c2"))));
        Assert.Single(desired.Certificates);
        Assert.Empty(desired.Refused);
    }

    [Fact]
    public void A_host_that_is_taken_away_leaves_no_file()
    {
        var desired = Make.Desired(Make.Slots);
        desired.Apply(Make.Certificates(("a.example", Make.Certificate("c1"))));
        desired.Apply(Make.Certificates(("a.example", null)));
        Assert.Empty(desired.Certificates);
    }

    [Theory]
    [InlineData("!a.example")]
    [InlineData("a b")]
    [InlineData("#a")]
    [InlineData("[verify none]")]
    [InlineData("")]
    public void A_host_that_the_certificate_list_would_read_in_another_way_is_refused(string host)
    {
        var desired = Make.Desired(Make.Slots);
        desired.Apply(Make.Certificates((host, Make.Certificate("c1"))));
        Assert.Empty(desired.Certificates);
        Assert.Contains(new RefusedItem(RefusedKind.Certificate, host), desired.Refused.Keys);
    }

    [Fact]
    public void A_private_key_is_in_no_text_of_the_command()
    {
        var file = CertificateFile.Create(Make.Certificate("c1"), ["a.example"]);
        var command = new Commands(Make.Paths).SetCertificate(file)!;
        Assert.DoesNotContain("MIIB", command.ToString(), StringComparison.Ordinal);
        Assert.Contains("MIIB", command.Payload, StringComparison.Ordinal);
        Assert.Contains("a.example", new Commands(Make.Paths).ListCertificate(file)!.ToString(), StringComparison.Ordinal);
    }
}
