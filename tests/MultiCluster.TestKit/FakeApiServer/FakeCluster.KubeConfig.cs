using System.Text;

namespace MultiCluster.TestKit.FakeApiServer;

public sealed partial class FakeCluster
{
    /// <summary>PEM of the authority that the server's certificate chains to.</summary>
    public string AuthorityPem => _server.Pki!.AuthorityPem;

    /// <summary>PEM of the authority that <see cref="ReplaceAuthorityAsync"/> goes on with.</summary>
    public string NextAuthorityPem => _server.Pki!.NextAuthorityPem;

    /// <summary>Starts anew with a certificate by the next authority; all connections break.</summary>
    public async Task ReplaceAuthorityAsync()
    {
        await _server.StopAsync();
        _server.Pki!.ReplaceAuthority();
        await _server.StartAsync();
    }

    /// <summary>Certificate and key, in PEM, of another client that is let in.</summary>
    public (string Certificate, string Key) IssueClientCertificate()
    {
        using var issued = _server.Pki!.IssueClient();
        return (issued.ExportCertificatePem(), KeyPem(issued));
    }

    /// <summary>A kubeconfig with one context, named as the cluster.</summary>
    public void WriteKubeConfig(string path) => File.WriteAllText(path, KubeConfigText());

    /// <param name="user">Fields of the user in YAML flow style; null for what the server asks for.</param>
    /// <param name="authorityPem">Null for the server's own.</param>
    public string KubeConfigText(string? user = null, string? authorityPem = null)
    {
        var authority = _server.Pki is { } pki ? $"\n    certificate-authority-data: {Base64(authorityPem ?? pki.AuthorityPem)}" : "";
        user ??= _options.Authentication switch
        {
            FakeAuthentication.Token => $"{{token: {Token}}}",
            FakeAuthentication.ClientCertificate => CertificateUser(_server.Pki!.Client.ExportCertificatePem(), KeyPem(_server.Pki!.Client)),
            _ => "{}",
        };
        return $"""
            apiVersion: v1
            kind: Config
            current-context: {Name}
            clusters:
            - name: {Name}
              cluster:
                server: {Address}{authority}
            contexts:
            - name: {Name}
              context:
                cluster: {Name}
                user: {Name}
            users:
            - name: {Name}
              user: {user}

            """;
    }

    public static string CertificateUser(string certificatePem, string keyPem) =>
        $"{{client-certificate-data: {Base64(certificatePem)}, client-key-data: {Base64(keyPem)}}}";

    private static string KeyPem(System.Security.Cryptography.X509Certificates.X509Certificate2 certificate)
    {
        using var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(certificate)!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static string Base64(string pem) => Convert.ToBase64String(Encoding.ASCII.GetBytes(pem));
}
