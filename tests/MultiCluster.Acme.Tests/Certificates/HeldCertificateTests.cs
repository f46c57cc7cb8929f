using System.Text;
using MultiCluster.Acme.Certificates;
using MultiCluster.Acme.Tests.Support;
using MultiCluster.Federation.Tls;
using MultiCluster.Model.Identity;
using MultiCluster.Model.Resources;
using MultiCluster.Model.Security;

namespace MultiCluster.Acme.Tests.Certificates;

public sealed class HeldCertificateTests
{
    [Fact]
    public async Task What_is_issued_is_served_and_found_again_in_its_secret()
    {
        using var run = new ScriptedRun();
        var issued = (await run.IssueAsync()).Value!;
        var secret = Secret(issued.Chain, Encoding.ASCII.GetString(issued.Key.Reveal().Span));

        var held = HeldCertificate.Read(secret);
        var served = Assert.IsType<CertificateReading.Valid>(new CertificateCache().Read(secret));

        Assert.Equal(new Acme.Renewal.Life(issued.NotBefore, issued.NotAfter), held?.Life);
        Assert.True(held!.Covers(new HostSet(issued.Hosts)));
        Assert.False(held.Covers(new HostSet(["other.example"])));
        Assert.Equal(issued.Hosts, served.Certificate.DnsNames);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "")]
    [InlineData("text", "text")]
    public void What_can_not_serve_is_nothing(string certificate, string key) => Assert.Null(HeldCertificate.Read(Secret(certificate, key)));

    [Fact]
    public async Task A_certificate_with_the_key_of_another_is_nothing()
    {
        using var run = new ScriptedRun();
        using var other = new ScriptedRun();
        var (issued, stranger) = ((await run.IssueAsync()).Value!, (await other.IssueAsync()).Value!);

        Assert.Null(HeldCertificate.Read(Secret(issued.Chain, Encoding.ASCII.GetString(stranger.Key.Reveal().Span))));
    }

    private static TlsSecretResource Secret(string certificate, string key) =>
        new(new ObjectMeta(new ObjectKey("web", "shop"))) { CertificatePem = Model.Security.Secret.FromText(certificate), PrivateKeyPem = Model.Security.Secret.FromText(key) };
}
