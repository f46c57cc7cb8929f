using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MultiCluster.Cli.Tests;

/// <summary>Certificates that "mcctl pki" makes. What they are good for is tested with sockets, by the tests of the transport and of the admin API.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PkiTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("mc-pki-").FullName, "pki");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Fact]
    public async Task An_authority_signs_nothing_but_certificates_of_others()
    {
        await DoneAsync("init", "--days", "100");
        using var authority = Certificate("ca");
        Assert.Matches("^CN=multicluster authority [0-9a-f]{8}$", authority.Subject);
        Assert.Equal(authority.Subject, authority.Issuer);
        Assert.Equal(Mcctl.Now.AddDays(100), new DateTimeOffset(authority.NotAfter));
        var constraints = authority.Extensions.OfType<X509BasicConstraintsExtension>().Single();
        Assert.Equal((true, true, true, 0), (constraints.Critical, constraints.CertificateAuthority, constraints.HasPathLengthConstraint, constraints.PathLengthConstraint));
        Assert.Equal(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, authority.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder));
    }

    [Theory]
    [InlineData("node", "a.b-1", "CN=a.b-1", "URI:multicluster://multicluster/node/a.b-1", "1.3.6.1.5.5.7.3.1 1.3.6.1.5.5.7.3.2")]
    [InlineData("node", "a --cluster prod --host a.example --host 10.0.0.5 --host ::1", "CN=a", "URI:multicluster://prod/node/a a.example 10.0.0.5 ::1", "1.3.6.1.5.5.7.3.1 1.3.6.1.5.5.7.3.2")]
    [InlineData("proxy", "edge", "CN=edge", "URI:multicluster://multicluster/proxy/edge", "1.3.6.1.5.5.7.3.1 1.3.6.1.5.5.7.3.2")]
    [InlineData("user", "ann", "CN=ann, OU=view", "", "1.3.6.1.5.5.7.3.2")]
    [InlineData("user", "bob@example.org --role admin", "CN=bob@example.org, OU=admin", "", "1.3.6.1.5.5.7.3.2")]
    public async Task A_certificate_says_who_holds_it_and_what_for(string kind, string rest, string subject, string names, string usages)
    {
        await DoneAsync("init");
        await DoneAsync(["issue", kind, .. rest.Split(' '), "--days", "7"]);
        var name = $"{kind}-{rest.Split(' ')[0]}";
        using var certificate = Certificate(name);
        Assert.Equal(subject, certificate.Subject);
        Assert.Equal(names, NamesOf(certificate));
        Assert.Equal(usages, string.Join(' ', certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<Oid>().Select(static usage => usage.Value)));
        Assert.Equal(X509KeyUsageFlags.DigitalSignature, certificate.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
        Assert.False(certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.Equal((Mcctl.Now.AddMinutes(-5), Mcctl.Now.AddDays(7)), (new DateTimeOffset(certificate.NotBefore), new DateTimeOffset(certificate.NotAfter)));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(In($"{name}.key")));
        using var pair = X509Certificate2.CreateFromPemFile(In($"{name}.crt"), In($"{name}.key"));
        using var key = pair.GetECDsaPrivateKey()!;
        Assert.Equal("1.2.840.10045.3.1.7", key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value);
    }

    [Fact]
    public async Task No_certificate_outlives_its_authority()
    {
        await DoneAsync("init", "--days", "10");
        await DoneAsync("issue", "user", "ann", "--days", "365");
        using var certificate = Certificate("user-ann");
        Assert.Equal(Mcctl.Now.AddDays(10), new DateTimeOffset(certificate.NotAfter));
    }

    [Fact]
    public async Task What_is_there_is_written_over_by_force_only()
    {
        await DoneAsync("init");
        await DoneAsync("issue", "node", "a");
        var before = (Text("ca.crt"), Text("ca.key"), Text("node-a.crt"), Text("node-a.key"));
        Assert.Contains("ca.crt is there: another authority would make all its certificates worthless", await RefusedAsync(1, "init"), StringComparison.Ordinal);
        Assert.Contains("node-a.crt is there: --force writes another one over it", await RefusedAsync(1, "issue", "node", "a"), StringComparison.Ordinal);
        File.Delete(In("node-a.crt"));
        Assert.Contains("node-a.key is there", await RefusedAsync(1, "issue", "node", "a"), StringComparison.Ordinal);
        await File.WriteAllTextAsync(In("node-a.crt"), before.Item3);
        Assert.Equal(before, (Text("ca.crt"), Text("ca.key"), Text("node-a.crt"), Text("node-a.key")));
        await DoneAsync("issue", "node", "a", "--force");
        Assert.NotEqual(before.Item4, Text("node-a.key"));
        await DoneAsync("init", "--force");
        Assert.NotEqual(before.Item2, Text("ca.key"));
        Assert.Equal(["ca.crt", "ca.key", "node-a.crt", "node-a.key"], Directory.EnumerateFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("issue", "node", "../a")]
    [InlineData("issue", "node", "A")]
    [InlineData("issue", "user", "a/b")]
    [InlineData("issue", "user", "a,OU=admin")]
    [InlineData("issue", "user", "ann", "--role", "boss")]
    [InlineData("issue", "node", "a", "--host", "a b")]
    [InlineData("issue", "node", "a", "--cluster", "A/b")]
    [InlineData("issue", "host", "a")]
    [InlineData("issue", "node", "a", "--days", "0")]
    [InlineData("rotate", "--authority", "swap")]
    public async Task What_can_not_be_meant_is_wrong_use(params string[] args)
    {
        await DoneAsync("init");
        await RefusedAsync(2, args);
    }

    [Fact]
    public async Task Only_what_ends_soon_is_made_anew_and_says_the_same()
    {
        await DoneAsync("init");
        await DoneAsync("issue", "node", "a", "--host", "a.example", "--days", "20");
        await DoneAsync("issue", "user", "ann", "--role", "operate", "--days", "100");
        var (old, kept, key) = (Text("node-a.crt"), Text("user-ann.crt"), Text("node-a.key"));
        // Of nobody that this authority knows: whoever puts a file here gets no certificate by it.
        File.Copy(In("user-ann.key"), In("node-x.key"));
        await File.WriteAllTextAsync(In("node-x.crt"), Foreign());
        var foreign = Text("node-x.crt");
        var said = await DoneAsync("rotate", "--within", "30");
        Assert.Contains("node-x.crt: left alone, since it is of another authority", said, StringComparison.Ordinal);
        Assert.Contains("node-a.crt: CN=a, until 2026-12-12", said, StringComparison.Ordinal);
        Assert.Equal((kept, foreign), (Text("user-ann.crt"), Text("node-x.crt")));
        Assert.NotEqual(key, Text("node-a.key"));
        using var before = X509Certificate2.CreateFromPem(old);
        using var after = Certificate("node-a");
        Assert.Equal((before.Subject, NamesOf(before)), (after.Subject, NamesOf(after)));
        Assert.NotEqual(before.SerialNumber, after.SerialNumber);
    }

    [Fact]
    public async Task An_authority_is_replaced_in_steps_that_can_not_be_taken_out_of_order()
    {
        await DoneAsync("init");
        await DoneAsync("issue", "node", "a");
        Assert.Contains("begin with --authority add", await RefusedAsync(1, "rotate", "--authority", "use"), StringComparison.Ordinal);
        var (first, certificate) = (Text("ca.crt"), Text("node-a.crt"));

        await DoneAsync("rotate", "--authority", "add");
        Assert.StartsWith(first.Trim(), Text("ca.crt"), StringComparison.Ordinal);
        Assert.Equal((2, certificate), (Authorities(), Text("node-a.crt")));
        Assert.Contains("go on with --authority use", await RefusedAsync(1, "rotate", "--authority", "add"), StringComparison.Ordinal);
        Assert.Contains("--authority use comes first", await RefusedAsync(1, "rotate", "--authority", "drop"), StringComparison.Ordinal);

        await DoneAsync("rotate", "--authority", "use");
        Assert.Equal(2, Authorities());
        Assert.False(File.Exists(In("ca-next.key")));
        using var renewed = Certificate("node-a");
        using var old = X509Certificate2.CreateFromPem(certificate);
        Assert.NotEqual(old.Issuer, renewed.Issuer);
        await File.WriteAllTextAsync(In("node-b.crt"), certificate);
        File.Copy(In("node-a.key"), In("node-b.key"));
        Assert.Contains("node-b.crt is signed by an authority that would go", await RefusedAsync(1, "rotate", "--authority", "drop"), StringComparison.Ordinal);
        File.Delete(In("node-b.crt"));

        await DoneAsync("rotate", "--authority", "drop");
        using var left = Certificate("ca");
        Assert.Equal((1, renewed.Issuer), (Authorities(), left.Subject));
        await DoneAsync("issue", "user", "ann");
        Assert.Contains("nothing ends within 30 days", await DoneAsync("rotate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_is_named()
    {
        Assert.Contains("ca.crt", await RefusedAsync(1, "issue", "node", "a"), StringComparison.Ordinal);
        await DoneAsync("init");
        await File.WriteAllTextAsync(In("ca.key"), OtherKey());
        Assert.Contains("ca.key is the key of no certificate in", await RefusedAsync(1, "issue", "node", "a"), StringComparison.Ordinal);
    }

    private static string OtherKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static string Foreign()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256).CreateSelfSigned(Mcctl.Now.AddDays(-1), Mcctl.Now.AddDays(1));
        return certificate.ExportCertificatePem();
    }

    private static string NamesOf(X509Certificate2 certificate) =>
        certificate.Extensions.FirstOrDefault(static extension => extension.Oid!.Value == "2.5.29.17") is not { } names
            ? ""
            : string.Join(' ', names.Format(multiLine: false).Split(", ").Select(static name => name.StartsWith("URI:", StringComparison.Ordinal) ? name : System.Net.IPAddress.TryParse(name.Split(':', 2)[1], out var address) ? address.ToString() : name.Split(':', 2)[1]));

    private int Authorities()
    {
        var bundle = new X509Certificate2Collection();
        bundle.ImportFromPem(Text("ca.crt"));
        return bundle.Count;
    }

    private X509Certificate2 Certificate(string name) => X509Certificate2.CreateFromPem(Text($"{name}.crt"));

    private string Text(string file) => File.ReadAllText(In(file));

    private string In(string file) => Path.Combine(_folder, file);

    private async Task<string> DoneAsync(params string[] args)
    {
        using var mcctl = new Mcctl();
        var code = await mcctl.RunAsync(["pki", .. args, "--dir", _folder]);
        Assert.Equal((0, ""), (code, mcctl.Error));
        Assert.Empty(mcctl.Requests);
        return mcctl.Output;
    }

    private async Task<string> RefusedAsync(int code, params string[] args)
    {
        using var mcctl = new Mcctl();
        Assert.Equal(code, await mcctl.RunAsync(["pki", .. args, "--dir", _folder]));
        Assert.StartsWith("error: ", mcctl.Error, StringComparison.Ordinal);
        return mcctl.Error;
    }
}
