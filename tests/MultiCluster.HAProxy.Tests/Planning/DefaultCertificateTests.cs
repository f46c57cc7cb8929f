using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MultiCluster.HAProxy.Data;
using MultiCluster.HAProxy.Planning;
using MultiCluster.HAProxy.Program;
using MultiCluster.HAProxy.Tests.Support;
using MultiCluster.Model.Policies;
using MultiCluster.Model.Routing;

namespace MultiCluster.HAProxy.Tests.Planning;

/// <summary>Certificates with keys of several kinds, and the one for names that no other covers.</summary>
public sealed class DefaultCertificateTests
{
    private static readonly Certificate Own = New("own");
    private static readonly Certificate First = New("first");
    private static readonly Certificate Both = First with { Fingerprint = New("both").Fingerprint, Others = [Own with { Fingerprint = New("other").Fingerprint }] };

    [Fact]
    public void It_changes_in_its_place_and_is_told_by_its_leaf()
    {
        var desired = new DesiredData(new BackendPool(Make.Slots, 4, []), null, Own);
        var actual = new ActualData { DefaultCertificate = LeafOf(Own) };
        Assert.Empty(Commands(desired, actual));
        desired.Apply(Make.Certificates((TlsClaim.AnyHost, First)));
        Assert.Contains(DataDiff.Between(desired, actual), static difference => difference.Item == ProgramPaths.DefaultCertificate);
        Assert.Equal(["set ssl cert", "commit ssl cert"], Commands(desired, actual));

        // Whether HAProxy said so, or was told so.
        actual.DefaultCertificate = LeafOf(First).ToLowerInvariant();
        Assert.Empty(Commands(desired, actual));
        new Effect.DefaultCertificateSet(First.Fingerprint).ApplyTo(actual);
        Assert.Empty(Commands(desired, actual));
        Assert.Empty(desired.Certificates);

        desired.Apply(Make.Certificates((TlsClaim.AnyHost, null)));
        Assert.Equal(["set ssl cert", "commit ssl cert"], Commands(desired, actual));
    }

    [Fact]
    public void A_start_file_has_it_unless_HAProxy_refuses_it()
    {
        var desired = new DesiredData(new BackendPool(Make.Slots, 4, []), null, Own);
        var renderer = new StartFileRenderer(new ProgramOptions { Binds = [new BindOptions("*:80", false)] }, Make.Paths, Make.Slots, "the agent's own");
        Assert.Equal("the agent's own", Default(renderer.Render(desired)));
        desired.Apply(Make.Certificates((TlsClaim.AnyHost, First)));
        Assert.Equal(TextOf(First), Default(renderer.Render(desired)));
        Assert.Equal("the agent's own", Default(renderer.Render(desired, leaveOut: new HashSet<string> { ProgramPaths.DefaultCertificate })));
    }

    [Fact]
    public void Hosts_whose_connections_are_made_in_a_way_of_their_own_follow_it()
    {
        var desired = new DesiredData(new BackendPool(Make.Slots, 4, []), null, Own);
        var demand = new ClientCertificates(ClientVerification.Required, new ClientAuthorities("web/ca", Make.Pem, ""), CertificateDialect.Community, null, null, TellsCertificate: false);
        desired.Apply(Make.Delta([Make.Route(Make.Prefix("shop.example", ""), "cart") with { Policy = RoutePolicy.None with { ClientCertificates = demand } }]));
        Assert.Equal(Own, Assert.Single(desired.Certificates.Values).Certificate);
        desired.Apply(Make.Certificates((TlsClaim.AnyHost, First)));
        Assert.Equal(First, Assert.Single(desired.Certificates.Values).Certificate);
    }

    [Fact]
    public void Each_kind_of_key_is_a_line_of_its_own_with_the_same_hosts()
    {
        var proxy = new Bench(Make.Slots);
        proxy.Apply(Make.Certificates(("a.example", Both), ("b.example", Both)));
        var files = proxy.Reconciler.Desired.Certificates.Values;
        Assert.Equal(2, files.Count());
        Assert.All(files, static file => Assert.Equal(["a.example", "b.example"], file.Hosts));

        // One kind alone is another content: all is new, and nothing of before stays.
        proxy.Apply(Make.Certificates(("a.example", First), ("b.example", First)));
        Assert.Single(proxy.Reconciler.Desired.Certificates);
        proxy.Apply(Make.Certificates(("a.example", null), ("b.example", null)));
        Assert.Empty(proxy.Reconciler.Desired.Certificates);
    }

    [Fact]
    public void It_stays_until_all_members_have_been_read()
    {
        var desired = new DesiredData(new BackendPool(Make.Slots, 4, []), null, Own);
        Assert.Empty(Commands(desired, new ActualData { DefaultCertificate = LeafOf(First) }, new RemovalHold([new MultiCluster.Model.Identity.MemberName("aws")])));
    }

    private static string[] Commands(DesiredData desired, ActualData actual, RemovalHold? hold = null)
    {
        var touched = new Touched();
        touched.Certificates.Add(ProgramPaths.DefaultCertificate);
        var plan = new Planner(new Commands(Make.Paths), Make.Slots).Plan(desired, actual, touched, hold);
        return [.. plan.Commands.Select(static command => string.Join(' ', command.Command.Line.Split(' ')[..3]))];
    }

    private static string Default(StartFile file) => string.Concat(file.Parts.Single(static part => part.Path == ProgramPaths.DefaultCertificate).Chunks.Select(static chunk => chunk.ToString()));

    private static string TextOf(Certificate certificate) => System.Text.Encoding.ASCII.GetString(certificate.Pem.Reveal().Span);

    private static string LeafOf(Certificate certificate)
    {
        using var leaf = X509Certificate2.CreateFromPem(TextOf(certificate));
        return leaf.Thumbprint;
    }

    private static Certificate New(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(90));
        return FallbackCertificate.Of($"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n")!;
    }
}
